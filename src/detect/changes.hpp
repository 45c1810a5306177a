// SPDX-License-Identifier: Apache-2.0
//
// What became of an incident between two looks at the log: new, worse, ended, due to be told again, or nothing to tell.
// Both looks are judged from counts of one tally, so that the answer is a function of the log and the two times alone:
// the later look of one run and the earlier look of the next are the same, and each change is told once.
// docs/incidents.md explains every rule.
#pragma once

#include "detect/onset.hpp"
#include "misroute/detect.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>

namespace misroute {

/// One-sided level at which clean requests end an incident. Far stricter than k_alpha: an incident that goes on is
/// asked at every run, and must not be called over by chance once in a year of hourly ones.
inline constexpr double k_over_alpha = 1e-4;

/// Two-sided level 0.001 of the intervals that have to be apart before a share has grown, and how much it has to grow.
inline constexpr double k_grown_z = 3.2905;
inline constexpr double k_grown_by = 1.2;

/// Level at which an instance that did not answer before is one that joined, and not one that chance kept away.
inline constexpr double k_joined_alpha = 0.01;

/// The two looks: what lies before `then` was known at the earlier one.
struct Lapse
{
    Instant then{};
    Instant now{};
    Milliseconds window{}; ///< how far each of them looks back
    Milliseconds remind{}; ///< what goes on is told again at every multiple of this since 1970, in UTC
};

/// An incident at one look.
struct IncidentView
{
    std::vector<SeriesPoint> series;
    std::map<InstanceNames, std::int64_t> answered_by; ///< foreign requests by who answered
};

/// The clean requests after an episode exclude its share.
bool is_over(Spell const &spell);

/// Of what goes on since `since`: the lapse holds a multiple of `remind`, and it began at least half of that before.
bool is_due(Lapse const &lapse, Instant since);

/// Nothing for what was over at the earlier look already.
std::optional<FindingState> incident_state(IncidentView const &then, IncidentView const &now, Lapse const &lapse);

} // namespace misroute
