// SPDX-License-Identifier: Apache-2.0
//
// What can happen to a fleet of three instances that share one database, one scenario a row.
#pragma once

#include "simulator/random.hpp"
#include "simulator/traffic.hpp"

#include <span>
#include <string_view>

namespace misroute::simulator {

/// Which figures apply to a scenario, beside verdicts and cause.
enum class Figures
{
    all,
    onset, ///< no issuer has the 100 requests during the fault that dispatch is judged by, or the pattern is open
    none,  ///< the fault comes and goes, or nothing is configured, or there is none
};

struct Scenario
{
    std::string_view name;
    std::string_view what; ///< for the table of docs/detection.md
    Traffic (*make)(Random &random);
    Figures figures = Figures::all;
};

std::span<Scenario const> scenarios();

/// The scenario of that name; it must exist.
Scenario const &scenario(std::string_view name);

} // namespace misroute::simulator
