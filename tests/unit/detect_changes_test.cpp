// SPDX-License-Identifier: Apache-2.0
#include "detect/changes.hpp"
#include "detect/tally_part.hpp"

#include <gtest/gtest.h>

namespace misroute {
namespace {

using namespace std::chrono_literals;

constexpr Instant k_day{std::chrono::sys_days{std::chrono::November / 22 / 2026}};

/// Rows of one bucket of a quarter of an hour, evenly spread.
Sums spread(Instant since, std::int64_t requests, Milliseconds length = 15min)
{
    return requests == 0 ? Sums{} : Sums{.requests = requests, .first = since + 1s, .last = since + length - 1s};
}

/// Quarters of an hour from `since` on.
void add(IncidentView &view, Instant since, int quarters, std::int64_t home, std::int64_t foreign)
{
    for (int i = 0; i < quarters; ++i) {
        auto const at = since + i * 15min;
        view.series.push_back({at, spread(at, home), spread(at, foreign)});
    }
    if (foreign > 0) {
        view.answered_by["kelly"] += quarters * foreign;
    }
}

Lapse hour_until(Instant now)
{
    return {now - 1h, now, 24h, 24h};
}

TEST(Changes, ARowWhereThereWasNoneIsNew)
{
    IncidentView then, now;
    add(then, k_day, 4, 20, 0);
    now = then;
    add(now, k_day + 1h, 4, 10, 10);
    EXPECT_EQ(incident_state(then, now, hour_until(k_day + 2h)), FindingState::fresh);
}

TEST(Changes, WhatGoesOnIsOngoing)
{
    IncidentView then;
    add(then, k_day, 8, 10, 10);
    auto now = then;
    add(now, k_day + 2h, 4, 10, 10);
    EXPECT_EQ(incident_state(then, now, hour_until(k_day + 3h)), FindingState::ongoing);
}

TEST(Changes, CleanRequestsThatExcludeTheShareEndItOnce)
{
    IncidentView then;
    add(then, k_day, 4, 10, 10);
    auto now = then;
    add(now, k_day + 1h, 4, 20, 0);
    EXPECT_EQ(incident_state(then, now, hour_until(k_day + 2h)), FindingState::ended);
    EXPECT_EQ(incident_state(now, now, hour_until(k_day + 3h)), std::nullopt) << "told an hour before";
}

TEST(Changes, AFewCleanRequestsEndNothing)
{
    IncidentView then;
    add(then, k_day, 4, 10, 10);
    auto now = then;
    add(now, k_day + 1h, 1, 9, 0); // (1 − 40/81)⁹ is 0.002: enough for a single look, not for one in every hour
    EXPECT_EQ(incident_state(then, now, hour_until(k_day + 2h)), FindingState::ongoing);
}

TEST(Changes, WhatComesBackIsNew)
{
    IncidentView then;
    add(then, k_day, 4, 10, 10);
    add(then, k_day + 1h, 4, 50, 0);
    auto now = then;
    add(now, k_day + 2h, 4, 10, 10);
    EXPECT_EQ(incident_state(then, now, hour_until(k_day + 3h)), FindingState::fresh);
}

TEST(Changes, AShareThatGrewIsWorseOnce)
{
    IncidentView then;
    add(then, k_day, 12, 90, 10);
    auto now = then;
    add(now, k_day + 3h, 4, 50, 50);
    EXPECT_EQ(incident_state(then, now, hour_until(k_day + 4h)), FindingState::worse);
    auto later = now;
    add(later, k_day + 4h, 4, 50, 50);
    EXPECT_EQ(incident_state(now, later, hour_until(k_day + 5h)), FindingState::ongoing);
}

TEST(Changes, NothingGrowsWhereNoTimeHasGoneBy)
{
    IncidentView then;
    add(then, k_day, 12, 50, 50);
    Lapse const none{k_day + 3h, k_day + 3h, 24h, 24h};
    EXPECT_EQ(incident_state(then, then, none), FindingState::ongoing);
}

TEST(Changes, TheBucketInWhichItBeganIsNoSmallShare)
{
    IncidentView then;
    add(then, k_day, 3, 100, 0);
    add(then, k_day + 45min, 1, 95, 5);
    then.series.back().foreign.first = k_day + 58min;
    auto now = then;
    add(now, k_day + 1h, 4, 40, 60);
    EXPECT_EQ(incident_state(then, now, hour_until(k_day + 2h)), FindingState::ongoing);
}

TEST(Changes, AnotherInstanceThatJoinsIsWorse)
{
    IncidentView then;
    add(then, k_day, 4, 10, 10);
    auto now = then;
    add(now, k_day + 1h, 4, 10, 5);
    now.answered_by["yxaiapp"] = 20;
    EXPECT_EQ(incident_state(then, now, hour_until(k_day + 2h)), FindingState::worse);
}

TEST(Changes, AnInstanceThatChanceMayHaveKeptAwayDidNotJoin)
{
    IncidentView then;
    add(then, k_day, 1, 2, 2);
    auto now = then;
    add(now, k_day + 15min, 4, 2, 2);
    now.answered_by["yxaiapp"] = 2; // two of ten, after two in which it was not seen
    EXPECT_EQ(incident_state(then, now, hour_until(k_day + 1h + 15min)), FindingState::ongoing);
}

TEST(Changes, RemindersComeAtMultiplesOfTheIntervalSinceMidnight)
{
    auto const began = k_day + 9h;
    EXPECT_FALSE(is_due(hour_until(k_day + 23h), began));
    EXPECT_TRUE(is_due(hour_until(k_day + 24h), began));
    EXPECT_FALSE(is_due(hour_until(k_day + 25h), began)) << "the run before told it";
    EXPECT_FALSE(is_due(hour_until(k_day + 24h), k_day + 20h)) << "told four hours ago";
    EXPECT_TRUE(is_due({k_day + 24h - 5min, k_day + 24h, 1h, 24h}, k_day + 23h)) << "the window shows no more of it";
}

Tally tally_of(std::vector<Sums> const &buckets)
{
    Tally tally{.window = {k_day, k_day + 1h}, .bucket = 15min, .cells = {}, .overflow = {}, .gaps = {}, .aliases = {}};
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        tally.cells[{}].add(k_day + i * 15min, buckets[i]);
    }
    return tally;
}

TEST(TallyPart, IsExactOnTheBoundsOfBuckets)
{
    auto const tally = tally_of({spread(k_day, 5), spread(k_day + 15min, 7), spread(k_day + 30min, 11)});
    auto const part = part_of(tally, {k_day + 15min, k_day + 45min});
    EXPECT_EQ(part.scanned(), 18);
    EXPECT_EQ(part.cells.begin()->second.total.first, k_day + 15min + 1s);
}

TEST(TallyPart, TwoPartsAddUpWhereverTheCutIs)
{
    auto const tally = tally_of({spread(k_day, 5), spread(k_day + 15min, 7), spread(k_day + 30min, 11)});
    for (Milliseconds cut = 1s; cut < 1h; cut += 7s) {
        auto const before = part_of(tally, {k_day, k_day + cut});
        auto const after = part_of(tally, {k_day + cut, k_day + 1h});
        EXPECT_EQ(before.scanned() + after.scanned(), 23) << cut.count();
    }
}

TEST(TallyPart, NeverLosesThatThereIsARowOnASide)
{
    auto const tally = tally_of({Sums{.requests = 1000, .first = k_day, .last = k_day + 14min}});
    EXPECT_EQ(part_of(tally, {k_day, k_day + 1ms}).scanned(), 1);
    EXPECT_EQ(part_of(tally, {k_day + 14min, k_day + 1h}).scanned(), 1);
    EXPECT_TRUE(part_of(tally, {k_day + 14min + 1ms, k_day + 1h}).cells.empty());
}

TEST(TallyPart, KeepsTheGapsOfItsStretch)
{
    auto tally = tally_of({});
    tally.gaps = {{{k_day, k_day + 30min}, "timeout"}};
    EXPECT_EQ(part_of(tally, {k_day + 15min, k_day + 1h}).gaps.front().window, (Window{k_day + 15min, k_day + 30min}));
    EXPECT_TRUE(part_of(tally, {k_day + 30min, k_day + 1h}).gaps.empty());
}

} // namespace
} // namespace misroute
