// SPDX-License-Identifier: Apache-2.0
//
// What can happen to a fleet of three instances that share one database, one scenario a row.
#pragma once

#include "simulator/random.hpp"
#include "simulator/traffic.hpp"

#include <span>
#include <string_view>

namespace misroute::simulator {

/// What is said of the cause in a scenario.
enum class CauseRank
{
    held,     ///< it comes first in 95 % of the runs
    reported, ///< the rows do not tell enough: the figure is printed and misses 95 %, as docs/detection.md says
};

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
    CauseRank cause_rank = CauseRank::held;
};

std::span<Scenario const> scenarios();

/// The scenario of that name; it must exist.
Scenario const &scenario(std::string_view name);

} // namespace misroute::simulator
