// SPDX-License-Identifier: Apache-2.0
//
// Holds misroute to the figures of docs/detection.md. A sanitized build runs fewer seeds; their sum is still above 200.
#include "simulator/score.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>

namespace misroute::simulator {
namespace {

class Detection : public testing::TestWithParam<Scenario>
{
};

/// 95 %, less three standard errors of so many trials when it is truly met.
double allowed(Score::Part const &part)
{
    return 0.95 - 3 * std::sqrt(0.95 * 0.05 / part.judged);
}

/// A figure that nothing was judged for is held only where it does not apply.
void expect_held(Score::Part const &part, bool applies, char const *what)
{
    EXPECT_EQ(part.judged > 0, applies) << what;
    if (applies) {
        EXPECT_GE(part.share().value_or(0), allowed(part)) << what;
    }
}

TEST_P(Detection, IsRight)
{
    auto const figures = score(GetParam(), MISROUTE_SIMULATOR_SEEDS);
    bool const onset = GetParam().figures != Figures::none;
    EXPECT_EQ(figures.verdicts.right, figures.verdicts.judged) << "no issuer may get the wrong verdict";
    EXPECT_GT(figures.verdicts.judged, 0);
    EXPECT_EQ(figures.cause.judged, MISROUTE_SIMULATOR_SEEDS);
    expect_held(figures.cause, true, "cause");
    expect_held(figures.dispatch, GetParam().figures == Figures::all, "dispatch");
    expect_held(figures.interval, onset, "interval");
    expect_held(figures.ending, onset, "ending");
    EXPECT_EQ(figures.median_onset_error().has_value(), onset);
    EXPECT_LE(figures.median_onset_error().value_or(0), 2);
}

TEST(Score, OfNothingJudgedIsNone)
{
    EXPECT_FALSE(Score{}.cause.share());
    EXPECT_FALSE(Score{}.median_onset_error());
}

std::string test_name(testing::TestParamInfo<Scenario> const &info)
{
    std::string name{info.param.name};
    std::ranges::replace_if(
        name, [](unsigned char letter) { return std::isalnum(letter) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Simulator, Detection, testing::ValuesIn(scenarios().begin(), scenarios().end()), test_name);

TEST(Simulator, GivesTheSameTrafficForTheSameSeed)
{
    Random one{42};
    Random other{42};
    Random third{43};
    auto const rows = scenario("random").make(one).rows;
    EXPECT_EQ(rows.size(), scenario("random").make(other).rows.size());
    EXPECT_EQ(rows.front().request_id, [] {
        Random again{42};
        return scenario("random").make(again).rows.front().request_id;
    }());
    EXPECT_NE(rows.front().request_id, scenario("random").make(third).rows.front().request_id);
}

} // namespace
} // namespace misroute::simulator
