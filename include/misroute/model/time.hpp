// SPDX-License-Identifier: Apache-2.0
//
// Points and stretches of time. Everything inside misroute is UTC with millisecond precision, as LiteLLM stores it
// (timestamp(3) without zone, UTC wall clock); zones exist only in what a user types.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace misroute {

/// A point in time, UTC, milliseconds.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

using Milliseconds = std::chrono::milliseconds;

/// Where the people are who type and read times. Without an offset it is UTC.
struct Zone
{
    std::string name = "UTC";
    std::function<Milliseconds(Instant)> offset; ///< of local time from UTC, at a point in time

    /// What a clock on the wall shows, as if it were UTC; and back: of an hour that occurs twice the first.
    Instant local(Instant at) const { return offset ? at + offset(at) : at; }
    Instant utc(Instant wall) const;
};

/// The half-open stretch [since, until).
struct Window
{
    Instant since{};
    Instant until{};

    Milliseconds length() const { return until - since; }
    bool contains(Instant at) const { return since <= at && at < until; }
    auto operator<=>(Window const &) const = default;
};

/// "300ms", "90s", "15m", "24h", "7d", "2w", also joined ("1h30m"). Nothing when the text is no duration; zero is one.
std::optional<Milliseconds> parse_duration(std::string_view text);

/// RFC 3339 ("2026-11-22T20:28:15Z", offsets and a blank for the T allowed; without an offset it is of `zone`), a day
/// ("2026-11-22", "today", "yesterday": its first moment there), the latest "00:50" before `now`, "now", or a duration,
/// which is taken back from `now`. Nothing otherwise.
std::optional<Instant> parse_instant(std::string_view text, Instant now, Zone const &zone = {});

/// "2026-11-22T20:28:15.000Z".
std::string to_rfc3339(Instant at);

/// "2026-11-22 20:28:15", the way PostgreSQL reads a timestamp without zone; milliseconds only when there are any.
std::string to_timestamp(Instant at);

/// The same for people of that zone.
std::string to_timestamp(Instant at, Zone const &zone);

/// "24 h", "90 s", "7 d": the largest unit that divides the length, for people.
std::string to_text(Milliseconds length);

} // namespace misroute
