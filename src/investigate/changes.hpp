// SPDX-License-Identifier: Apache-2.0
//
// `scan --changes-since`: the same window judged as of then and as of now, from one tally. Nothing is remembered
// between runs but, where asked for, the time of the last one: the log is the memory.
#pragma once

#include "misroute/investigate.hpp"

#include <optional>
#include <variant>

namespace misroute {

/// What a report is compared with.
struct Comparison
{
    /// How long before the end of the window, the end of an earlier one, or nothing: as if nobody had ever looked.
    std::variant<std::monostate, Milliseconds, Instant> since;
    Milliseconds settle{}; ///< rows younger than that may still be missing from the log: they are left to the next run
    Milliseconds remind{std::chrono::hours{24}};
};

/// The report of the asked window, moved back to where the log has settled and to the bounds of time buckets, and
/// widened to what nobody has looked at since the last run (at most 31 days; what lies before is a gap), with a state
/// for every finding. What ended without leaving a finding (an instance has traffic again) is one more.
Report investigate_changes(RowSource &source, Fleet const &fleet, ScanRequest const &request,
                           Comparison const &comparison);

} // namespace misroute
