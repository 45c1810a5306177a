// SPDX-License-Identifier: Apache-2.0
//
// Expected numbers were computed with an independent implementation, or are worked out by hand.
#include "detect/statistics.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

namespace misroute {
namespace {

struct IntervalCase
{
    std::int64_t k, n;
    double wilson_low, wilson_high;
};

class Intervals : public testing::TestWithParam<IntervalCase>
{
};

TEST_P(Intervals, AgreeWithTheIndependentComputation)
{
    auto const &expected = GetParam();
    auto const score = wilson(expected.k, expected.n);
    EXPECT_NEAR(score.low, expected.wilson_low, 5e-7);
    EXPECT_NEAR(score.high, expected.wilson_high, 5e-7);
}

INSTANTIATE_TEST_SUITE_P(Statistics, Intervals,
                         testing::Values(IntervalCase{0, 10, 0.000000, 0.277533},
                                         IntervalCase{1, 10, 0.017876, 0.404150},
                                         IntervalCase{20, 30, 0.487801, 0.807695},
                                         IntervalCase{200, 300, 0.611512, 0.717607},
                                         IntervalCase{5, 1000, 0.002138, 0.011651}));

TEST(Statistics, GivesTheShareOfTheIncident)
{
    auto const share = wilson(5, 8);
    EXPECT_DOUBLE_EQ(share.estimate, 0.625);
    EXPECT_NEAR(share.low, 0.306, 5e-4);
    EXPECT_NEAR(share.high, 0.863, 5e-4);
}

TEST(Statistics, KnowsNothingWithoutRequests)
{
    auto const share = wilson(0, 0);
    EXPECT_EQ(share.low, 0);
    EXPECT_EQ(share.high, 1);
}

TEST(Statistics, IntervalsReachTheEndsExactly)
{
    EXPECT_EQ(wilson(0, 7).low, 0);
    EXPECT_EQ(wilson(7, 7).high, 1);
}

TEST(Statistics, IntervalsSurviveBillionsOfRequests)
{
    auto const exact = wilson(1'000'000, 3'000'000'000);
    EXPECT_GT(exact.low, 0.000332);
    EXPECT_LT(exact.high, 0.000335);
    EXPECT_LT(exact.low, exact.high);
}

TEST(Statistics, BinomialTailKeepsItsDigitsFarOut)
{
    EXPECT_NEAR(binomial_tail(5, 100, 0.01), 0.003432322, 5e-10);
    EXPECT_NEAR(binomial_tail(20, 30, 0.01) / 2.730341e-33, 1, 1e-6);
}

TEST(Statistics, BinomialTailAtItsEdges)
{
    EXPECT_EQ(binomial_tail(0, 10, 0.3), 1);
    EXPECT_EQ(binomial_tail(11, 10, 0.3), 0);
    EXPECT_EQ(binomial_tail(1, 10, 0.0), 0);
    EXPECT_EQ(binomial_tail(10, 10, 1.0), 1);
    EXPECT_NEAR(binomial_tail(10, 10, 0.5), std::pow(0.5, 10), 1e-15);
}

TEST(Statistics, CountsTheCleanRequestsThatExcludeAShare)
{
    struct
    {
        double share;
        std::int64_t at95, at99;
    } const golden[] = {{2.0 / 3, 3, 5}, {0.5, 5, 7},    {1.0 / 3, 8, 12},
                        {0.1, 29, 44},   {0.05, 59, 90}, {0.01, 299, 459}};
    for (auto const &row : golden) {
        EXPECT_EQ(clean_requests_needed(row.share), row.at95) << row.share;
        EXPECT_EQ(clean_requests_needed(row.share, 0.01), row.at99) << row.share;
    }
    EXPECT_EQ(clean_requests_needed(1.0), 1);
    EXPECT_EQ(clean_requests_needed(0.0), 0);
    EXPECT_EQ(clean_requests_needed(std::numeric_limits<double>::quiet_NaN()), 0);
}

TEST(Statistics, UpperBoundAfterCleanRequestsIsTheRuleOfThree)
{
    EXPECT_NEAR(share_excluded_by(300), 3.0 / 300, 1e-4);
    EXPECT_NEAR(share_excluded_by(29), 0.0981, 1e-4); // 1 − .05^(1/29): 29 requests exclude a tenth
    EXPECT_GT(share_excluded_by(28), 0.1);
    EXPECT_EQ(share_excluded_by(0), 1);
}

TEST(Statistics, PodsAreTheReciprocalOfTheHomeShare)
{
    auto const few = pods_from_home(10, 30);
    EXPECT_NEAR(few.estimate, 3.0, 1e-12);
    EXPECT_NEAR(few.low, 1.95, 0.01);
    EXPECT_NEAR(few.high, 5.20, 0.01);
    auto const many = pods_from_home(100, 300);
    EXPECT_NEAR(many.low, 2.57, 0.01);
    EXPECT_NEAR(many.high, 3.54, 0.01);
    EXPECT_TRUE(std::isinf(pods_from_home(0, 10).high));
}

TEST(Statistics, GTestComparesCountsWithWeights)
{
    auto const equal = g_test(std::array<std::int64_t, 3>{33, 34, 33}, std::array{1.0, 1.0, 1.0});
    EXPECT_NEAR(equal.statistic, 0.019934, 5e-7);
    EXPECT_NEAR(equal.p, 0.990082, 5e-7);
    auto const skewed = g_test(std::array<std::int64_t, 3>{50, 30, 20}, std::array{1.0, 1.0, 1.0});
    EXPECT_NEAR(skewed.statistic, 13.791855, 5e-7);
    EXPECT_NEAR(skewed.p, 1.011898e-03, 5e-10);
    auto const replicas = g_test(std::array<std::int64_t, 3>{50, 26, 24}, std::array{2.0, 1.0, 1.0});
    EXPECT_NEAR(replicas.statistic, 0.080021, 5e-7);
    EXPECT_NEAR(replicas.p, 0.960779, 5e-7);
    EXPECT_EQ(replicas.degrees, 2);
}

TEST(Statistics, GTestRejectsWhatIsImpossible)
{
    EXPECT_EQ(g_test(std::array<std::int64_t, 2>{9, 1}, std::array{1.0, 0.0}).p, 0);
    EXPECT_EQ(g_test(std::array<std::int64_t, 2>{10, 0}, std::array{1.0, 0.0}).p, 1);
    EXPECT_EQ(g_test(std::array<std::int64_t, 2>{0, 0}, std::array{1.0, 1.0}).degrees, 0);
}

TEST(Statistics, GTestOfATableComparesItsRows)
{
    EXPECT_NEAR(g_test({{10, 20, 30}, {20, 40, 60}}).p, 1, 1e-12);
    // 2×2 {{30,10},{10,30}}: 2·(2·30·ln 1.5 + 2·10·ln 0.5) = 20.93 by hand.
    auto const unlike = g_test({{30, 10}, {10, 30}});
    EXPECT_NEAR(unlike.statistic, 4 * (30 * std::log(1.5) + 10 * std::log(0.5)), 1e-9);
    EXPECT_EQ(unlike.degrees, 1);
    EXPECT_LT(unlike.p, 1e-5);
    EXPECT_EQ(g_test({{5, 0}, {7, 0}}).degrees, 0) << "one column is left: nothing to compare";
    EXPECT_EQ(g_test({}).p, 1);
}

} // namespace
} // namespace misroute
