// SPDX-License-Identifier: Apache-2.0
//
// Expected numbers were computed with an independent implementation, by hand, or by exact enumeration in the test.
#include "detect/sequence_tests.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace misroute {
namespace {

std::vector<int> repeated(std::vector<int> const &cycle, int times)
{
    std::vector<int> sequence;
    for (int i = 0; i < times; ++i)
        sequence.insert(sequence.end(), cycle.begin(), cycle.end());
    return sequence;
}

std::vector<Trials> trials(std::vector<int> const &hits)
{
    std::vector<Trials> series;
    for (auto const hit : hits)
        series.push_back({hit, 1});
    return series;
}

std::vector<int> joined(std::vector<int> first, std::vector<int> const &second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

TEST(SequenceTests, RunsOfACycleAlternate)
{
    auto const test = runs_test(repeated({0, 1, 2}, 10));
    EXPECT_EQ(test.runs, 30);
    EXPECT_NEAR(test.expected, 21.0, 5e-7);
    EXPECT_NEAR(test.variance, 6.206897, 5e-7);
    EXPECT_NEAR(test.z.value(), 3.612478, 5e-7);
}

TEST(SequenceTests, RunsOfBlocksStick)
{
    auto const blocks = joined(joined(repeated({0}, 10), repeated({1}, 10)), repeated({2}, 10));
    auto const test = runs_test(blocks);
    EXPECT_EQ(test.runs, 3);
    EXPECT_NEAR(test.z.value(), -7.224957, 5e-7);
}

TEST(SequenceTests, RunsOfTheIncident)
{
    EXPECT_NEAR(runs_test(std::vector{0, 1, 2, 0, 1, 2, 0, 1}).z.value(), 1.56, 0.005);
}

TEST(SequenceTests, RunsMatchEveryArrangementOfAMultiset)
{
    std::vector<int> sequence{0, 0, 0, 1, 1, 2, 2, 2, 2};
    double sum = 0;
    double squares = 0;
    double count = 0;
    do {
        auto const runs = static_cast<double>(runs_test(sequence).runs);
        sum += runs;
        squares += runs * runs;
        ++count;
    } while (std::ranges::next_permutation(sequence).found);
    auto const test = runs_test(sequence);
    EXPECT_EQ(count, 1260); // 9! / (3! 2! 4!)
    EXPECT_NEAR(test.expected, sum / count, 1e-9);
    EXPECT_NEAR(test.variance, squares / count - std::pow(sum / count, 2), 1e-9);
}

TEST(SequenceTests, RunsOfOneCategoryHaveNoZ)
{
    EXPECT_FALSE(runs_test(repeated({7}, 20)).z);
    EXPECT_FALSE(runs_test({}).z);
    EXPECT_EQ(runs_test({}).runs, 0);
}

TEST(SequenceTests, LagAgreementFindsTheCycle)
{
    auto const cycle = repeated({0, 1, 1}, 10);
    EXPECT_NEAR(lag_agreement(cycle, 1).share(), 10.0 / 29, 1e-12);
    EXPECT_EQ(lag_agreement(cycle, 3).share(), 1);
    EXPECT_EQ(lag_agreement(cycle, 3).pairs, 27);
    EXPECT_EQ(lag_agreement(cycle, 30).pairs, 0);
}

TEST(SequenceTests, TransitionsOfACycleAreNotIndependent)
{
    auto const test = transition_test(repeated({0, 1, 2}, 10));
    EXPECT_NEAR(test.statistic, 63.649712, 5e-7);
    EXPECT_EQ(test.degrees, 4);
    EXPECT_NEAR(test.p / 4.953e-13, 1, 1e-3);
}

TEST(SequenceTests, ChangePointFindsTheStep)
{
    auto const series = trials(joined(repeated({0}, 100), repeated({1, 0, 1}, 20)));
    auto const change = change_point(series);
    EXPECT_EQ(change.at, 100U);
    EXPECT_NEAR(change.statistic, 103.565546, 5e-7);
}

TEST(SequenceTests, ChangePointOfAConstantSeriesIsNone)
{
    EXPECT_EQ(change_point(trials(repeated({0}, 50))).statistic, 0);
    EXPECT_EQ(change_point(trials(repeated({1}, 50))).at, 0U);
    EXPECT_EQ(change_point({}).at, 0U);
}

TEST(SequenceTests, ChangePointOfBucketsIsThatOfTheirRows)
{
    // The same rows in buckets of 20: 5 clean buckets, then two thirds.
    std::vector<Trials> buckets(5, Trials{0, 20});
    buckets.insert(buckets.end(), {{14, 20}, {13, 20}, {13, 20}});
    auto const change = change_point(buckets);
    EXPECT_EQ(change.at, 5U);
    EXPECT_NEAR(change.statistic, 103.565546, 5e-7);
}

TEST(SequenceTests, ChangeThresholdGrowsWithTheSeries)
{
    EXPECT_EQ(change_threshold(0), k_change_threshold);
    EXPECT_EQ(change_threshold(100), k_change_threshold);
    EXPECT_NEAR(change_threshold(1'000'000), 2 * std::log(1e6), 1e-12);
}

TEST(SequenceTests, EffectiveSizeShrinksWithStickiness)
{
    EXPECT_EQ(effective_size(repeated({1, 0}, 20)), 40) << "alternation is not worth more than independence";
    auto const blocks = repeated({1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 5);
    EXPECT_LT(effective_size(blocks), 15);
    EXPECT_GE(effective_size(blocks), 10) << "never less than the number of runs";
    EXPECT_EQ(effective_size(repeated({0}, 12)), 12);
    EXPECT_EQ(effective_size({}), 0);
}

TEST(SequenceTests, DependenceSeesStickinessInBuckets)
{
    std::vector<Trials> sticky;
    std::vector<Trials> even;
    for (int i = 0; i < 40; ++i) {
        sticky.push_back({i % 4 < 2 ? 20 : 0, 20});
        even.push_back({10, 20});
    }
    EXPECT_GT(dependence(sticky), 10);
    EXPECT_EQ(dependence(even), 1);
    EXPECT_EQ(dependence({}), 1);
    EXPECT_EQ(dependence(trials(repeated({1}, 30))), 1);
}

} // namespace
} // namespace misroute
