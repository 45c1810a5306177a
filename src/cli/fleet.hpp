// SPDX-License-Identifier: Apache-2.0
//
// Reads the manifests that stand beside a configuration, and says on stderr what of them could not be used.
#pragma once

#include "cli/options.hpp"
#include "misroute/investigate.hpp"
#include "misroute/k8s.hpp"

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::cli {

/// What --manifests is good for beside a database.
inline constexpr std::string_view k_fleet_help =
    "Manifests or live objects to prove the cause with, and, without a configuration, to read the instances from; "
    "may be repeated";

/// The manifests of all paths, with kustomizations rendered unless the flags say no. Throws Error when a path cannot be
/// read.
std::vector<ManifestText> manifests_of(ManifestFlags const &flags, std::stop_token stop);

/// The configuration (`named`, or found as find_config() does) and what the manifests add to it; "-" among the paths is
/// standard input. Throws Error when a path cannot be read, or when both leave a named configuration without instances.
Fleet read_fleet(std::string const &named, ManifestFlags const &flags, Instant now, std::stop_token stop);

/// All of standard input when "-" is among the paths, else nothing. Throws Error on a terminal, where nothing comes,
/// and beyond 64 MB.
std::string standard_input(std::vector<std::string> const &paths);

} // namespace misroute::cli
