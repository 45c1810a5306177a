// SPDX-License-Identifier: Apache-2.0
#include "detect/onset.hpp"
#include "unit/detect_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace misroute {
namespace {

using namespace std::chrono_literals;
using test::k_start;
using test::rows_of;
using test::series_of;
using test::times;

/// The second of the first row, and so on: what `at` and the others are compared with.
Instant second(std::int64_t number)
{
    return k_start + std::chrono::seconds{number};
}

Window window_of(std::string const &letters)
{
    return {k_start - 1h, k_start + std::chrono::seconds{letters.size()}};
}

/// The onset of a sequence in buckets of `width`, with the `exact` rows before the first foreign one.
std::optional<Onset> onset_in(std::string const &letters, Milliseconds width = 10s, std::size_t exact = 50)
{
    auto const rows = rows_of(letters);
    auto const foreign = [](JudgedRow const &row) { return row.judged.row_class == RowClass::foreign; };
    auto const first = std::ranges::find_if(rows, foreign) - rows.begin();
    auto const count = std::min(exact, static_cast<std::size_t>(first));
    std::span<JudgedRow const> const all{rows};
    auto const before = all.subspan(static_cast<std::size_t>(first) - count, count);
    return onset_of(series_of(rows, width), before, window_of(letters));
}

// Bernoulli letters by the raw engine, whose output the standard fixes; `per_mille` foreign ones.
std::string random_letters(std::size_t count, unsigned per_mille, std::mt19937_64 &engine)
{
    std::string text;
    while (text.size() < count)
        text += engine() % 1000 < per_mille ? 'K' : 'C';
    return text;
}

TEST(Onset, IsNoneWithoutForeignRows)
{
    EXPECT_FALSE(onset_in(times("C", 100)));
    EXPECT_FALSE(onset_of({}, {}, {}));
}

TEST(Onset, OfTheIncidentIsItsSecondRequest)
{
    auto const onset = onset_in("CKYCKYCK", 15min).value();
    EXPECT_EQ(onset.at, second(1));
    EXPECT_EQ(onset.earliest, k_start - 1h) << "one home request before it excludes nothing";
    EXPECT_TRUE(onset.ongoing);
    EXPECT_FALSE(onset.ended_at);
    EXPECT_EQ(onset.episodes, 1);
}

TEST(Onset, FollowsACleanPastByTheGeometricRule)
{
    // Share 2/3: three home requests in a row have a probability of (1/3)³ < 5 %.
    auto const onset = onset_in(times("C", 100) + times("KYC", 40)).value();
    EXPECT_EQ(onset.at, second(100));
    EXPECT_EQ(onset.earliest, second(97));
    EXPECT_TRUE(onset.ongoing);
}

TEST(Onset, DoesNotDependOnTheWidthOfBuckets)
{
    for (auto const width : {1s, 7s, 30s, 100s, 1000s}) {
        auto const onset = onset_in(times("C", 105) + times("KYC", 40), width).value();
        EXPECT_EQ(onset.at, second(105)) << width.count();
        EXPECT_GE(onset.earliest, second(99)) << width.count(); // wide buckets dilute the share a little
        EXPECT_LE(onset.earliest, second(102)) << width.count();
        EXPECT_EQ(onset.episodes, 1) << width.count();
    }
}

TEST(Onset, FallsBackToBucketsWithoutExactRows)
{
    auto const onset = onset_in(times("C", 100) + times("KYC", 40), 10s, 0).value();
    EXPECT_EQ(onset.earliest, second(90)) << "the first home request of the bucket before";
}

TEST(Onset, EndsWhenCleanRequestsExcludeTheShare)
{
    auto const incident = times("C", 50) + times("KYC", 20) + "K"; // 41 of 61 foreign; last one at second 110
    EXPECT_TRUE(onset_in(incident + "CC", 1s).value().ongoing);
    auto const ended = onset_in(incident + "CCC", 1s).value();
    EXPECT_FALSE(ended.ongoing);
    EXPECT_EQ(ended.ended_at, second(110));
}

TEST(Onset, TakesTheWholeWindowForAThinStream)
{
    // One foreign in fifty, for ever: 30 clean requests at the end are nothing unusual.
    auto const onset = onset_in(times(times("C", 49) + "K", 20) + times("C", 30)).value();
    EXPECT_EQ(onset.episodes, 1);
    EXPECT_TRUE(onset.ongoing);
}

TEST(Onset, TellsTwoEpisodesApart)
{
    auto const onset =
        onset_in(times("C", 60) + times("KYC", 20) + times("C", 200) + times("YKC", 20) + times("C", 60)).value();
    EXPECT_EQ(onset.episodes, 2);
    EXPECT_EQ(onset.at, second(60)) << "the first episode";
    EXPECT_EQ(onset.ended_at, second(60 + 60 + 200 + 58)) << "the last episode";
    EXPECT_FALSE(onset.ongoing);
}

TEST(Onset, OneStrayRequestDoesNotMoveTheStart)
{
    auto const onset = onset_in(times("C", 40) + "K" + times("C", 300) + times("KYC", 40)).value();
    EXPECT_EQ(onset.at, second(341));
    EXPECT_EQ(onset.episodes, 1);
    EXPECT_GE(onset.earliest, second(325));
    EXPECT_LE(onset.earliest, second(341));
}

TEST(Onset, ALoneStrayRequestIsAnEpisode)
{
    auto const onset = onset_in(times("C", 40) + "K" + times("C", 300)).value();
    EXPECT_EQ(onset.at, second(40));
    EXPECT_EQ(onset.ended_at, second(40));
    EXPECT_EQ(onset.episodes, 1);
}

TEST(Onset, FindsTheStepInANoisySeries)
{
    // Two in a hundred foreign before, two in three after: the step, not the first foreign row, is the onset.
    std::mt19937_64 engine{7};
    int near = 0;
    for (int i = 0; i < 100; ++i) {
        auto const onset = onset_in(random_letters(600, 20, engine) + random_letters(300, 667, engine), 10s).value();
        auto const off = std::chrono::abs(onset.at - second(600));
        near += off <= 20s ? 1 : 0;
    }
    EXPECT_GE(near, 95);
}

TEST(Onset, ConstantTrafficIsOneEpisode)
{
    for (auto const per_mille : {30U, 200U, 500U, 667U}) {
        std::mt19937_64 engine{per_mille};
        int one = 0;
        for (int i = 0; i < 100; ++i)
            one += onset_in(random_letters(400, per_mille, engine)).value_or(Onset{}).episodes == 1 ? 1 : 0;
        EXPECT_GE(one, 96) << per_mille;
    }
}

TEST(Onset, StickyTrafficIsOneEpisode)
{
    std::mt19937_64 engine{11};
    int one = 0;
    int ongoing = 0;
    for (int i = 0; i < 100; ++i) {
        std::string letters;
        char letter = 'K';
        while (letters.size() < 400) {
            if (engine() % 10 == 0)
                letter = engine() % 3 == 0 ? 'C' : 'K';
            letters += letter;
        }
        auto const onset = onset_in(letters).value();
        one += onset.episodes == 1 ? 1 : 0;
        ongoing += onset.ongoing ? 1 : 0;
    }
    EXPECT_GE(one, 95);
    EXPECT_GE(ongoing, 90);
}

TEST(Onset, TheTruthLiesInTheIntervalMostly)
{
    std::mt19937_64 engine{3};
    for (auto const per_mille : {100U, 500U, 667U}) {
        int inside = 0;
        for (int i = 0; i < 200; ++i) {
            auto const onset = onset_in(times("C", 150) + random_letters(300, per_mille, engine), 10s, 100).value();
            inside += onset.earliest <= second(150) && second(150) <= onset.at ? 1 : 0;
        }
        EXPECT_GE(inside, 181) << per_mille; // 95 % less three standard errors
    }
}

} // namespace
} // namespace misroute
