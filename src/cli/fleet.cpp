// SPDX-License-Identifier: Apache-2.0
#include "cli/fleet.hpp"

#include "cli/k8s.hpp"
#include "cli/terminal.hpp"

#include <spdlog/spdlog.h>

namespace misroute::cli {

Fleet read_fleet(Config config, std::vector<std::string> const &paths)
{
    if (paths.empty()) {
        return fleet_of(std::move(config), std::nullopt);
    }
    auto fleet = fleet_of(std::move(config), read_manifests(paths, standard_input(paths)));
    for (auto const &warning : fleet.warnings) {
        spdlog::warn("{}", safe(warning));
    }
    return fleet;
}

} // namespace misroute::cli
