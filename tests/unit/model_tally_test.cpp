// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/tally.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace misroute {
namespace {

TEST(Sums, StayAtTheEndOfTheirRange)
{
    constexpr auto k_most = std::numeric_limits<std::int64_t>::max();
    constexpr auto k_least = std::numeric_limits<std::int64_t>::min();
    Sums sums{.requests = 1, .tokens = k_most - 1, .spend_nano = k_least + 1};
    sums += {.requests = 2, .tokens = 5, .spend_nano = -5};
    EXPECT_EQ(sums.requests, 3);
    EXPECT_EQ(sums.tokens, k_most);
    EXPECT_EQ(sums.spend_nano, k_least);
}

TEST(Sums, OverlapWhereBothWereInUse)
{
    auto const from_to = [](int first, int last) {
        return Sums{.requests = 2, .first = Instant{Milliseconds{first}}, .last = Instant{Milliseconds{last}}};
    };
    EXPECT_TRUE(overlap(from_to(0, 10), from_to(5, 15)));
    EXPECT_TRUE(overlap(from_to(0, 10), from_to(10, 15))) << "in one millisecond both answered";
    EXPECT_TRUE(overlap(from_to(3, 3), from_to(0, 10)));
    EXPECT_FALSE(overlap(from_to(0, 10), from_to(11, 15)));
    EXPECT_FALSE(overlap(Sums{}, from_to(0, 10))) << "no request";
}

} // namespace
} // namespace misroute
