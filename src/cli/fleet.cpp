// SPDX-License-Identifier: Apache-2.0
#include "cli/fleet.hpp"

#include "cli/log.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <unistd.h>

namespace misroute::cli {

Fleet read_fleet(Config config, std::vector<std::string> const &paths)
{
    if (paths.empty()) {
        return fleet_of(std::move(config), std::nullopt);
    }
    auto fleet = fleet_of(std::move(config), read_manifests(paths, standard_input(paths)));
    for (auto const &warning : fleet.warnings) {
        warn(warning);
    }
    return fleet;
}

std::string standard_input(std::vector<std::string> const &paths)
{
    if (std::find(paths.begin(), paths.end(), "-") == paths.end()) {
        return {};
    }
    if (isatty(STDIN_FILENO) != 0) {
        throw Error{
            "standard input is a terminal", {}, "pipe manifests in: kubectl kustomize deploy/ | misroute k8s -"};
    }
    return {std::istreambuf_iterator<char>{std::cin}, std::istreambuf_iterator<char>{}};
}

} // namespace misroute::cli
