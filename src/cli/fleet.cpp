// SPDX-License-Identifier: Apache-2.0
#include "cli/fleet.hpp"

#include "cli/log.hpp"
#include "cli/options.hpp"
#include "misroute/model/error.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <unistd.h>

namespace misroute::cli {

namespace {

/// Bytes. A large cluster's Services, workloads and ConfigMaps are a tenth of that.
constexpr std::size_t k_longest_input = std::size_t{64} << 20U;

} // namespace

Fleet read_fleet(std::string const &named, std::vector<std::string> const &paths, Instant now)
{
    auto config = find_config(named, now);
    auto fleet = paths.empty() ? fleet_of(std::move(config), std::nullopt)
                               : fleet_of(std::move(config), read_manifests(paths, standard_input(paths)));
    for (auto const &warning : fleet.warnings) {
        warn(warning);
    }
    expect_instances(named, fleet.config);
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
    std::string all;
    for (std::array<char, 65536> part{}; std::cin && all.size() <= k_longest_input;) {
        std::cin.read(part.data(), part.size());
        all.append(part.data(), static_cast<std::size_t>(std::cin.gcount()));
    }
    if (all.size() > k_longest_input) {
        throw Error{"the manifests on standard input are longer than 64 MB",
                    {},
                    "pipe in the namespaces of LiteLLM and of its ingress alone, or name files"};
    }
    return all;
}

} // namespace misroute::cli
