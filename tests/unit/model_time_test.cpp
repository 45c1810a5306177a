// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/time.hpp"

#include <gtest/gtest.h>

namespace misroute {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

sys_days const k_day = sys_days{2026y / November / 22};
Instant const k_now = k_day + 20h + 30min;

TEST(Time, ReadsDurations)
{
    struct
    {
        char const *text;
        Milliseconds length;
    } const k_cases[] = {
        {"300ms", 300ms}, {"90s", 90s},          {"15m", 15min},          {"24h", 24h}, {"7d", 168h},
        {"2w", 336h},     {"1h30m", 1h + 30min}, {"1d12h30s", 36h + 30s}, {"0s", 0ms},  {"1000000s", 1'000'000s},
    };
    for (auto const &row : k_cases) {
        EXPECT_EQ(parse_duration(row.text), row.length) << row.text;
    }
    for (auto const *text : {"", "5", "m", "-5m", "+5m", " 5m", "5 m", "5m ", "5x", "5M", "1h30", "1.5h", "1000001s",
                             "99999999999999999999s", "2026-11-22"}) {
        EXPECT_EQ(parse_duration(text), std::nullopt) << '"' << text << '"';
    }
}

TEST(Time, ReadsPointsInTimeAsUtc)
{
    struct
    {
        char const *text;
        Instant at;
    } const k_cases[] = {
        {"2026-11-22T20:28:15Z", k_day + 20h + 28min + 15s},
        {"2026-11-22t20:28:15z", k_day + 20h + 28min + 15s},
        {"2026-11-22 20:28:15", k_day + 20h + 28min + 15s}, // without an offset it is UTC, wherever we run
        {"2026-11-22T20:28", k_day + 20h + 28min},
        {"2026-11-22T20:28:15.5Z", k_day + 20h + 28min + 15s + 500ms},
        {"2026-11-22T20:28:15.123999Z", k_day + 20h + 28min + 15s + 123ms}, // timestamp(3) has no more
        {"2026-11-22T22:28:15+02:00", k_day + 20h + 28min + 15s},
        {"2026-11-22T14:58:15-0530", k_day + 20h + 28min + 15s},
        {"2026-11-23T01:00:00+09:00", k_day + 16h},
        {"2026-11-22T20:28:60Z", k_day + 20h + 29min}, // a leap second
        {"2026-11-22", k_day},
        {"2028-02-29", sys_days{2028y / February / 29}},
        {"24h", k_now - 24h},
        {"1h30m", k_now - 90min},
    };
    for (auto const &row : k_cases) {
        EXPECT_EQ(parse_instant(row.text, k_now), row.at) << row.text;
    }
    for (auto const *text : {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-2", "26-11-22", "2026-11-22T",
                             "2026-11-22T24:00", "2026-11-22T20:60", "2026-11-22T20:28:61", "2026-11-22T20:28:15.Z",
                             "2026-11-22T20:28:15+2", "2026-11-22T20:28:15Zx", "2026-11-22x", "soon"}) {
        EXPECT_EQ(parse_instant(text, k_now), std::nullopt) << '"' << text << '"';
    }
}

/// Berlin in 2026: summer time ends on 25 October at 01:00 UTC, and began on 29 March at 01:00 UTC.
Zone const k_berlin{"Europe/Berlin", [](Instant at) -> Milliseconds {
                        bool const summer =
                            at >= sys_days{2026y / March / 29} + 1h && at < sys_days{2026y / October / 25} + 1h;
                        return summer ? 2h : 1h;
                    }};

TEST(Time, ReadsWordsAndWallClocksInTheZoneOfWhoeverTypes)
{
    Zone const utc;
    EXPECT_EQ(parse_instant("now", k_now, utc), k_now);
    EXPECT_EQ(parse_instant("today", k_now, utc), k_day);
    EXPECT_EQ(parse_instant("yesterday", k_now, utc), k_day - 24h);
    EXPECT_EQ(parse_instant("00:50", k_now, utc), k_day + 50min);
    EXPECT_EQ(parse_instant("20:30", k_now, utc), k_now);
    EXPECT_EQ(parse_instant("20:31", k_now, utc), k_now - 24h + 1min); // today's is still to come
    EXPECT_EQ(parse_instant("20:28:54", k_now, utc), k_day + 20h + 28min + 54s);
    EXPECT_EQ(parse_instant("tomorrow", k_now, utc), std::nullopt);
    EXPECT_EQ(parse_instant("24:00", k_now, utc), std::nullopt);
    EXPECT_EQ(parse_instant("00:50Z", k_now, utc), std::nullopt);

    EXPECT_EQ(parse_instant("today", k_now, k_berlin), k_day - 1h);
    EXPECT_EQ(parse_instant("21:30", k_now, k_berlin), k_now);
    EXPECT_EQ(parse_instant("2026-07-01", k_now, k_berlin), sys_days{2026y / July / 1} - 2h);
    EXPECT_EQ(parse_instant("2026-11-22 21:30", k_now, k_berlin), k_now);
    EXPECT_EQ(parse_instant("2026-11-22T20:30:00Z", k_now, k_berlin), k_now); // an offset is an offset
    // 02:30 occurs twice on 25 October: the first, in summer time. It does not occur on 29 March: an hour later.
    EXPECT_EQ(parse_instant("2026-10-25 02:30", k_now, k_berlin), sys_days{2026y / October / 25} + 30min);
    EXPECT_EQ(parse_instant("2026-10-25 03:30", k_now, k_berlin), sys_days{2026y / October / 25} + 2h + 30min);
    EXPECT_EQ(parse_instant("2026-03-29 02:30", k_now, k_berlin), sys_days{2026y / March / 29} + 1h + 30min);
    EXPECT_EQ(to_timestamp(k_now, k_berlin), "2026-11-22 21:30:00");
}

TEST(Time, WritesPointsInTime)
{
    EXPECT_EQ(to_rfc3339(k_now), "2026-11-22T20:30:00.000Z");
    EXPECT_EQ(to_rfc3339(k_now + 7ms), "2026-11-22T20:30:00.007Z");
    EXPECT_EQ(to_timestamp(k_now), "2026-11-22 20:30:00");
    EXPECT_EQ(to_timestamp(k_now + 70ms), "2026-11-22 20:30:00.070");
    EXPECT_EQ(to_rfc3339(Instant{-1ms}), "1969-12-31T23:59:59.999Z");
}

TEST(Time, WritesLengthsInTheLargestUnitThatDividesThem)
{
    EXPECT_EQ(to_text(24h), "24 h"); // a day is what people call 24 hours
    EXPECT_EQ(to_text(48h), "2 d");
    EXPECT_EQ(to_text(168h), "7 d");
    EXPECT_EQ(to_text(25h), "25 h");
    EXPECT_EQ(to_text(90min), "90 min");
    EXPECT_EQ(to_text(90s), "90 s");
    EXPECT_EQ(to_text(1500ms), "1500 ms");
    EXPECT_EQ(to_text(0ms), "0 ms");
}

TEST(Time, AWindowHoldsItsStartAndNotItsEnd)
{
    Window const window{k_now, k_now + 1h};
    EXPECT_TRUE(window.contains(k_now));
    EXPECT_TRUE(window.contains(k_now + 1h - 1ms));
    EXPECT_FALSE(window.contains(k_now + 1h));
    EXPECT_FALSE(window.contains(k_now - 1ms));
}

} // namespace
} // namespace misroute
