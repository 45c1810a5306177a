// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/series.hpp"
#include "misroute/model/varint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <random>
#include <vector>

namespace misroute {
namespace {

constexpr auto k_most = std::numeric_limits<std::int64_t>::max();
constexpr auto k_least = std::numeric_limits<std::int64_t>::min();

Instant at(std::int64_t milliseconds)
{
    return Instant{Milliseconds{milliseconds}};
}

std::vector<Series::Point> points_of(Series const &series)
{
    std::vector<Series::Point> points;
    for (auto const &point : series) {
        points.push_back(point);
    }
    return points;
}

Sums sums_at(std::int64_t first, std::int64_t requests)
{
    return {.requests = requests, .tokens = requests * 1'000, .first = at(first), .last = at(first + requests)};
}

TEST(Varint, GivesBackWhatWasPut)
{
    for (auto const value : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{64}, std::int64_t{-64},
                             std::int64_t{-65}, std::int64_t{1} << 40, k_most, k_least, k_least + 1}) {
        std::string bytes;
        put_varint(bytes, value);
        std::string_view rest{bytes};
        EXPECT_EQ(take_varint(rest), value);
        EXPECT_TRUE(rest.empty());
    }
}

TEST(Varint, TakesOneByteForSmallNumbersAndTenAtMost)
{
    std::string bytes;
    put_varint(bytes, -64);
    EXPECT_EQ(bytes.size(), 1U);
    put_varint(bytes, k_least);
    EXPECT_EQ(bytes.size(), 11U);
}

TEST(Varint, IsNothingWhereTheBytesEndTooEarlyOrNever)
{
    for (std::string_view bytes : {std::string_view{}, std::string_view{"\x80"}, std::string_view{"\xff\xff\xff"},
                                   std::string_view{"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"}}) {
        EXPECT_EQ(take_varint(bytes), std::nullopt);
    }
}

TEST(Series, KeepsTheEndsOfEveryRange)
{
    Sums const all{
        .requests = k_most, .tokens = k_least, .spend_nano = k_most, .first = at(k_least), .last = at(k_most)};
    Series series;
    series.add(at(-5), all);
    series.add(at(7), Sums{}); // no rows: first is the end of time, last its beginning
    EXPECT_THAT(points_of(series), testing::ElementsAre(Series::Point{at(-5), all}, Series::Point{at(7), Sums{}}));
}

TEST(Series, AddsToTheLastBucketAndBeforeIt)
{
    Series series;
    series.add(at(100), sums_at(105, 2));
    series.add(at(100), sums_at(101, 1));
    series.add(at(0), sums_at(9, 3));
    series.add(at(0), sums_at(3, 3));
    Sums const first{.requests = 6, .tokens = 6'000, .first = at(3), .last = at(12)};
    Sums const second{.requests = 3, .tokens = 3'000, .first = at(101), .last = at(107)};
    EXPECT_EQ(series.size(), 2U);
    EXPECT_THAT(points_of(series), testing::ElementsAre(Series::Point{at(0), first}, Series::Point{at(100), second}));
}

/// Whatever the order and the grouping in which buckets come, the series is that of a map.
TEST(Series, IsTheSameInWhateverOrder)
{
    std::mt19937 random{11}; // NOLINT(cert-msc51-cpp): the same every time
    for (int round = 0; round < 200; ++round) {
        std::map<Instant, Sums> expected;
        std::vector<Series> parts(1 + random() % 4);
        for (int i = 0; i < 40; ++i) {
            auto const bucket = at(static_cast<std::int64_t>(random() % 20) * 1'000 - 5'000);
            auto const sums = sums_at(bucket.time_since_epoch().count() + static_cast<std::int64_t>(random() % 900),
                                      1 + static_cast<std::int64_t>(random() % 50));
            expected[bucket] += sums;
            parts[random() % parts.size()].add(bucket, sums);
        }
        Series whole;
        for (auto const &part : parts) {
            whole += part;
        }
        Series in_order;
        for (auto const &[bucket, sums] : expected) {
            in_order.add(bucket, sums);
        }
        ASSERT_EQ(whole.size(), expected.size());
        ASSERT_EQ(points_of(whole), (std::vector<Series::Point>{expected.begin(), expected.end()}));
        ASSERT_EQ(whole, in_order);
    }
}

TEST(Series, MayBeAddedToItself)
{
    Series series;
    series.add(at(0), sums_at(1, 1));
    series.add(at(10), sums_at(11, 2));
    series += series;
    EXPECT_EQ(points_of(series).back().second.requests, 4);
    EXPECT_EQ(series.size(), 2U);
}

} // namespace
} // namespace misroute
