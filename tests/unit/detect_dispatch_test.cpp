// SPDX-License-Identifier: Apache-2.0
#include "detect/dispatch.hpp"
#include "unit/detect_rows.hpp"

#include <gtest/gtest.h>

#include <random>

namespace misroute {
namespace {

using test::providers_only;
using test::rows_of;
using test::times;

// Uniform letters by the raw engine, whose output the standard fixes.
std::string random_letters(std::string_view letters, std::size_t count, unsigned seed)
{
    std::mt19937_64 engine{seed};
    std::string text;
    while (text.size() < count)
        text += letters[engine() % letters.size()];
    return text;
}

std::string const k_incident = "CKYCKYCK";

TEST(Dispatch, ReadsTheIncidentAsACycleOfThree)
{
    auto const dispatch = dispatch_of(rows_of(k_incident));
    EXPECT_EQ(dispatch.pattern, Pattern::round_robin);
    EXPECT_EQ(dispatch.backends, 3);
    EXPECT_FALSE(dispatch.certain) << "eight requests are compatible with, never are";
    EXPECT_NEAR(dispatch.z.value(), 1.56, 0.005);
    EXPECT_EQ(dispatch.order, "C K Y C K Y C K");
}

TEST(Dispatch, ShowsTheOrderOfTheIncidentAndNotOfTheCleanRowsAfterTheRepair)
{
    // Two of three are foreign, so three clean requests in a row already end it; 30 do without doubt.
    auto const repaired = dispatch_of(rows_of(times("CKY", 10) + std::string(30, 'C')));
    EXPECT_EQ(repaired.pattern, Pattern::round_robin);
    EXPECT_EQ(repaired.order, "C K Y C K Y C K Y C K Y");

    auto const there_and_back =
        dispatch_of(rows_of(std::string(20, 'C') + std::string(20, 'K') + std::string(20, 'C')));
    EXPECT_EQ(there_and_back.pattern, Pattern::switched);
    EXPECT_EQ(there_and_back.order, "K K K K K K K K C C C C");
}

TEST(Dispatch, FindsThreePodsBehindTwoVisibleProviders)
{
    auto const dispatch = dispatch_of(providers_only(rows_of(k_incident)));
    EXPECT_EQ(dispatch.pattern, Pattern::round_robin);
    EXPECT_EQ(dispatch.backends, 3);
    EXPECT_EQ(dispatch.order, "A O O A O O A O");
}

TEST(Dispatch, IsSureOfALongCycle)
{
    auto const dispatch = dispatch_of(rows_of(times("CKY", 40)));
    EXPECT_EQ(dispatch.pattern, Pattern::round_robin);
    EXPECT_TRUE(dispatch.certain);
    EXPECT_EQ(dispatch.backends, 3);
}

TEST(Dispatch, CountsUnequalReplicasByTheCycle)
{
    EXPECT_EQ(dispatch_of(rows_of(times("CCKC", 30))).backends, 4);
    EXPECT_EQ(dispatch_of(rows_of(times("CCKK", 30))).backends, 4);
}

TEST(Dispatch, ForgivesOneSlipOfALongCycle)
{
    auto letters = times("CKY", 60);
    letters.erase(90, 1);
    auto const dispatch = dispatch_of(rows_of(letters));
    EXPECT_EQ(dispatch.pattern, Pattern::round_robin);
    EXPECT_EQ(dispatch.backends, 3);
}

TEST(Dispatch, CallsOneBackendSingle)
{
    auto const dispatch = dispatch_of(rows_of(times("K", 120)));
    EXPECT_EQ(dispatch.pattern, Pattern::single);
    EXPECT_TRUE(dispatch.certain);
    EXPECT_FALSE(dispatch.backends);
    EXPECT_FALSE(dispatch_of(rows_of("K")).certain);
}

TEST(Dispatch, TellsOneSwitchFromStickiness)
{
    EXPECT_EQ(dispatch_of(rows_of(times("C", 60) + times("K", 60))).pattern, Pattern::switched);
    std::string bursts;
    for (auto const length : {9, 14, 5, 11, 7, 16, 8, 12, 6, 13})
        bursts += times("K", length) + times("C", length / 3) + times("Y", 17 - length);
    auto const sticky = dispatch_of(rows_of(bursts));
    EXPECT_EQ(sticky.pattern, Pattern::sticky);
    EXPECT_FALSE(sticky.backends);
    EXPECT_TRUE(sticky.certain);
}

TEST(Dispatch, DoesNotCallTwoAndTwoASwitch)
{
    EXPECT_EQ(dispatch_of(rows_of("CCKK")).pattern, Pattern::undetermined); // 2 of 6 arrangements: chance
    EXPECT_EQ(dispatch_of(rows_of("CCCCKKKK")).pattern, Pattern::switched); // 2 of 70
}

TEST(Dispatch, ThereAndBackAgainIsASwitch)
{
    EXPECT_EQ(dispatch_of(rows_of(times("C", 40) + times("K", 40) + times("C", 40))).pattern, Pattern::switched);
}

TEST(Dispatch, LooksAtTheIncidentOnly)
{
    auto const dispatch = dispatch_of(rows_of(times("C", 200) + times("CKY", 40) + times("C", 50)));
    EXPECT_EQ(dispatch.pattern, Pattern::round_robin);
    EXPECT_EQ(dispatch.backends, 3);
}

TEST(Dispatch, SeesRandomOrder)
{
    int random = 0;
    int pods = 0;
    for (unsigned seed = 1; seed <= 200; ++seed) {
        auto const dispatch = dispatch_of(rows_of(random_letters("CKY", 300, seed)));
        random += dispatch.pattern == Pattern::random ? 1 : 0;
        pods += dispatch.backends == 3 ? 1 : 0;
    }
    EXPECT_GE(random, 194); // 1 % by k_runs_z, three standard errors
    EXPECT_GE(pods, 190);
}

TEST(Dispatch, CountsPodsOfRandomOrderWithAnInterval)
{
    auto const dispatch = dispatch_of(rows_of(random_letters("CKYS", 60, 5)));
    ASSERT_EQ(dispatch.pattern, Pattern::random);
    EXPECT_FALSE(dispatch.backends) << "sixty requests leave too many possibilities";
    ASSERT_TRUE(dispatch.backends_interval);
    EXPECT_LE(dispatch.backends_interval->low, 4);
    EXPECT_GE(dispatch.backends_interval->high, 4);
}

TEST(Dispatch, SeesThroughUnequalReplicas)
{
    // Half the traffic at home and two other owners: n/home would be two pods behind three owners.
    auto const dispatch = dispatch_of(rows_of(random_letters("CCKY", 2000, 3)));
    ASSERT_EQ(dispatch.pattern, Pattern::random);
    EXPECT_FALSE(dispatch.backends);
    EXPECT_FALSE(dispatch.backends_interval);
}

TEST(Dispatch, ClaimsNothingOfAFewRows)
{
    EXPECT_EQ(dispatch_of({}).pattern, Pattern::undetermined);
    EXPECT_EQ(dispatch_of({}).order, "");
    EXPECT_EQ(dispatch_of(rows_of("CK")).pattern, Pattern::undetermined);
    EXPECT_EQ(dispatch_of(rows_of("CKKCYKC")).pattern, Pattern::undetermined);
}

TEST(Dispatch, SkipsRowsThatTellNothing)
{
    auto const dispatch = dispatch_of(rows_of("xCK?YCxKYC?K"));
    EXPECT_EQ(dispatch.pattern, Pattern::round_robin);
    EXPECT_EQ(dispatch.order, "C K Y C K Y C K");
}

TEST(Dispatch, GivesEveryBackendItsOwnLetter)
{
    auto rows = rows_of("CKYCKY");
    for (auto &row : rows)
        if (row.judged.owner == "kelly")
            row.judged.owner = "calypso";
    EXPECT_EQ(dispatch_of(rows).order, "L C Y L C Y") << "letters are given in the order of names";
}

TEST(Dispatch, OrderShowsTheNewestTwelve)
{
    EXPECT_EQ(dispatch_of(rows_of(times("CK", 20) + "Y")).order, "K C K C K C K C K C K Y");
}

TEST(Dispatch, SurvivesHostileNames)
{
    auto rows = rows_of("CKCKCK");
    for (auto &row : rows)
        if (row.judged.row_class == RowClass::foreign)
            row.judged.owner = std::string(1'000'000, '\x1b');
    EXPECT_EQ(dispatch_of(rows).order, "C A C A C A");
}

TEST(Dispatch, InterleavingNeedsTwoReturns)
{
    EXPECT_TRUE(interleaves(rows_of(k_incident)));
    EXPECT_TRUE(interleaves(rows_of("CKCK")));
    EXPECT_FALSE(interleaves(rows_of("CCKK"))) << "a reconfiguration";
    EXPECT_FALSE(interleaves(rows_of("CCKCC"))) << "its roll-back, or one fallback";
    EXPECT_FALSE(interleaves(rows_of("CKYS"))) << "a migration in three steps";
    EXPECT_FALSE(interleaves({}));
}

TEST(Dispatch, InterleavingIsWithinAModelGroup)
{
    auto rows = rows_of("CKCKCK");
    for (auto &row : rows)
        row.row.key.model_group = row.judged.owner.text();
    EXPECT_FALSE(interleaves(rows)) << "each model has its own backend";
}

} // namespace
} // namespace misroute
