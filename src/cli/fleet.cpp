// SPDX-License-Identifier: Apache-2.0
#include "cli/fleet.hpp"

#include "cli/k8s.hpp"
#include "cli/terminal.hpp"
#include "config/write_config.hpp"
#include "misroute/k8s.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace misroute::cli {

Fleet fleet_of(Config config, std::vector<std::string> const &paths)
{
    Fleet fleet{std::move(config), std::nullopt, {}};
    if (paths.empty()) {
        return fleet;
    }
    auto &expected = fleet.config.expectations;
    fleet.cluster = load_cluster(read_manifests(paths, standard_input(paths)), expected);
    for (auto const &problem : fleet.cluster->problems) {
        spdlog::warn("{}", safe(problem));
    }
    if (!expected.empty()) {
        fill_workloads(expected, *fleet.cluster);
        return fleet;
    }
    expected = expectations_from_cluster(*fleet.cluster);
    if (expected.empty()) {
        spdlog::warn("the manifests say of no LiteLLM instance what it serves: include the ConfigMaps with model_list");
    } else {
        fleet.notes.push_back(fmt::format("{} from the manifests: no configuration names any",
                                          expected.instances.size() == 1
                                              ? "one instance is"
                                              : fmt::format("{} instances are", expected.instances.size())));
    }
    return fleet;
}

} // namespace misroute::cli
