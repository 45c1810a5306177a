// SPDX-License-Identifier: Apache-2.0
//
// Reads the manifests that stand beside a configuration, and says on stderr what of them could not be used.
#pragma once

#include "misroute/investigate.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace misroute::cli {

/// What --manifests is good for beside a database.
inline constexpr std::string_view k_fleet_help =
    "Manifests or live objects to prove the cause with, and, without a configuration, to read the instances from; "
    "may be repeated";

/// `paths` of manifests; "-" is standard input. Throws Error when a path cannot be read.
Fleet read_fleet(Config config, std::vector<std::string> const &paths);

/// All of standard input when "-" is among the paths, else nothing. Throws Error on a terminal, where nothing comes.
std::string standard_input(std::vector<std::string> const &paths);

} // namespace misroute::cli
