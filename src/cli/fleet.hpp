// SPDX-License-Identifier: Apache-2.0
//
// What a command knows of the fleet before it reads a row: misroute.yaml, manifests, or both. With a configuration the
// configuration wins, and manifests add the cluster; without instances in it, the manifests say who enters where and
// what each instance serves.
#pragma once

#include "misroute/config.hpp"
#include "misroute/model/cluster.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::cli {

/// What --manifests is good for beside a database.
inline constexpr std::string_view k_fleet_help =
    "Manifests or live objects to prove the cause with, and, without a configuration, to read the instances from; "
    "may be repeated";

struct Fleet
{
    Config config;
    std::optional<Cluster> cluster; ///< none without --manifests
    std::vector<std::string> notes; ///< for the report: where the instances come from
};

/// Joins a configuration and the manifests at `paths` ("-" is standard input). Throws Error when a path cannot be read.
Fleet fleet_of(Config config, std::vector<std::string> const &paths);

} // namespace misroute::cli
