// SPDX-License-Identifier: Apache-2.0
#include "source/slices.hpp"

#include <gmock/gmock.h>

namespace misroute {
namespace {

using namespace std::chrono_literals;

Instant hour(int number)
{
    return Instant{Milliseconds{std::chrono::hours{24 * 20'000 + number}}};
}

Window hours(int since, int until)
{
    return {hour(since), hour(until)};
}

TEST(Slices, LongOnesAreMultiplesOfTheBucket)
{
    EXPECT_EQ(long_slice(hours(0, 24), 1h, 16), 2h);
    EXPECT_EQ(long_slice(hours(0, 16), 1h, 16), 1h);
    EXPECT_EQ(long_slice(hours(0, 3), 1h, 16), 1h);
    EXPECT_EQ(long_slice({hour(0), hour(16) + 1ms}, 1h, 16), 2h);
}

TEST(Slices, NeighboursAreJoinedUpToAMultipleOfTheLength)
{
    auto const slices = cut(hours(1, 10), 1h, 0, 0ms);
    EXPECT_THAT(join(slices, 4h), testing::ElementsAre(hours(1, 4), hours(4, 8), hours(8, 10)));
}

TEST(Slices, TheNextHourHasTheSameLongSlices)
{
    auto const now = join(cut(hours(1, 10), 1h, 0, 0ms), 4h);
    auto const later = join(cut(hours(2, 11), 1h, 0, 0ms), 4h);
    EXPECT_EQ(now.at(1), later.at(1));
}

TEST(Slices, WhatDoesNotTouchIsNotJoined)
{
    EXPECT_THAT(join({hours(0, 1), hours(2, 3), hours(3, 4)}, 4h), testing::ElementsAre(hours(0, 1), hours(2, 4)));
    EXPECT_THAT(join({}, 4h), testing::IsEmpty());
}

} // namespace
} // namespace misroute
