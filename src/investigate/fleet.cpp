// SPDX-License-Identifier: Apache-2.0
#include "config/write_config.hpp"
#include "misroute/investigate.hpp"

#include <fmt/format.h>

namespace misroute {

Fleet fleet_of(Config config, std::optional<std::vector<ManifestText>> const &manifests)
{
    Fleet fleet{std::move(config), std::nullopt, {}, {}};
    if (!manifests) {
        return fleet;
    }
    auto &expected = fleet.config.expectations;
    fleet.cluster = load_cluster(*manifests, expected);
    fleet.warnings = fleet.cluster->problems;
    fleet.warnings.insert(fleet.warnings.end(), fleet.cluster->unexamined.begin(), fleet.cluster->unexamined.end());
    if (!expected.empty()) {
        fill_workloads(expected, *fleet.cluster);
        return fleet;
    }
    expected.instances = expectations_from_cluster(*fleet.cluster).instances;
    if (expected.empty()) {
        fleet.warnings.emplace_back("the manifests say of no LiteLLM instance what it serves: include the ConfigMaps "
                                    "with model_list");
    } else {
        fleet.notes.push_back(fmt::format("{} from the manifests: no configuration names any",
                                          expected.instances.size() == 1
                                              ? "one instance is"
                                              : fmt::format("{} instances are", expected.instances.size())));
    }
    return fleet;
}

} // namespace misroute
