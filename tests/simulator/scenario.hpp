// SPDX-License-Identifier: Apache-2.0
//
// What can happen to a fleet of three instances that share one database, one scenario a row.
#pragma once

#include "simulator/random.hpp"
#include "simulator/traffic.hpp"

#include <span>
#include <string_view>

namespace misroute::simulator {

struct Scenario
{
    std::string_view name;
    std::string_view what; ///< for the table of docs/detection.md
    Traffic (*make)(Random &random);
};

std::span<Scenario const> scenarios();

/// The scenario of that name; it must exist.
Scenario const &scenario(std::string_view name);

} // namespace misroute::simulator
