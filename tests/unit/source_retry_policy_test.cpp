// SPDX-License-Identifier: Apache-2.0
#include "source/retry_policy.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <thread>

namespace misroute {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

RetryLimits quick()
{
    return {.give_up_after = 400ms, .longest_answer = 10min, .silence_to_ask = 100ms, .answer_to_wait_for = 50ms};
}

bool ends_within(RetryPolicy const &policy, Milliseconds time)
{
    auto const until = Clock::now() + time;
    while (Clock::now() < until && !policy.ended().stop_requested()) {
        std::this_thread::sleep_for(10ms);
    }
    return policy.ended().stop_requested();
}

RetryPolicy::Ping answering(bool answer)
{
    return [answer] { return answer; };
}

TEST(RetryPolicy, EndsWhenTheTroubleHasLastedTooLong)
{
    RetryPolicy policy{quick(), {}};
    policy.succeeded();
    policy.failed("lost the connection");
    EXPECT_FALSE(ends_within(policy, 200ms));
    ASSERT_TRUE(ends_within(policy, 2s));
    auto const why = policy.why_ended("sql/tally.sql");
    EXPECT_EQ(why.trouble, SqlTrouble::gone);
    EXPECT_STREQ(why.what(), "gave up after 400 ms of trouble with the server: lost the connection");
}

TEST(RetryPolicy, TheTroubleOfAllConnectionsIsAddedUp)
{
    RetryPolicy policy{quick(), {}};
    policy.succeeded();
    for (int outage = 0; outage < 3 && !policy.ended().stop_requested(); ++outage) {
        policy.failed("lost the connection");
        std::this_thread::sleep_for(180ms);
        policy.succeeded();
        std::this_thread::sleep_for(180ms); // works: no trouble
        EXPECT_EQ(policy.ended().stop_requested(), outage == 2);
    }
}

TEST(RetryPolicy, AServerThatWorksMayTakeItsTime)
{
    RetryPolicy policy{quick(), {}};
    policy.reached(answering(true));
    policy.succeeded();
    RetryPolicy::Asking const asking{policy};
    policy.failed("of another worker: too many connections");
    EXPECT_FALSE(ends_within(policy, 1s));
}

TEST(RetryPolicy, AServerThatSaysNothingAnyMoreIsGivenUp)
{
    RetryPolicy policy{quick(), {}};
    policy.reached(answering(false));
    policy.succeeded();
    RetryPolicy::Asking const asking{policy};
    ASSERT_TRUE(ends_within(policy, 3s));
    EXPECT_STREQ(policy.why_ended({}).what(), "gave up after 400 ms of trouble with the server: it does not answer");
}

TEST(RetryPolicy, AnAnswerThatNeverComesIsNoAnswer)
{
    auto const never = std::make_shared<std::stop_source>();
    {
        RetryPolicy policy{quick(), {}};
        policy.reached([never] {
            while (!never->stop_requested()) {
                std::this_thread::sleep_for(10ms);
            }
            return true;
        });
        policy.succeeded();
        RetryPolicy::Asking const asking{policy};
        EXPECT_TRUE(ends_within(policy, 3s));
    }
    never->request_stop();
}

TEST(RetryPolicy, AStatementThatTheServerShouldHaveEndedLongAgoIsGivenUp)
{
    auto limits = quick();
    limits.longest_answer = -5s; // the grace that is added to it
    RetryPolicy policy{limits, {}};
    policy.reached(answering(true));
    policy.succeeded();
    RetryPolicy::Asking const asking{policy};
    EXPECT_TRUE(ends_within(policy, 3s));
}

TEST(RetryPolicy, AServerThatIsNeverReachedIsGivenUpAsWell)
{
    RetryPolicy const policy{quick(), {}};
    ASSERT_TRUE(ends_within(policy, 2s));
    EXPECT_EQ(policy.why_ended({}).trouble, SqlTrouble::gone);
}

TEST(RetryPolicy, TheUserEndsEverythingAtOnce)
{
    std::stop_source user;
    auto limits = quick();
    limits.give_up_after = 10min;
    RetryPolicy policy{limits, user.get_token()};
    policy.failed("lost the connection");
    std::jthread const stopper{[&] {
        std::this_thread::sleep_for(50ms);
        user.request_stop();
    }};
    auto const began = Clock::now();
    Attempts attempts{.failed = 5, .pauses = 5};
    policy.pause(attempts); // three seconds and more
    EXPECT_LT(Clock::now() - began, 1s);
    EXPECT_EQ(policy.why_ended("here").trouble, SqlTrouble::cancelled);
}

TEST(RetryPolicy, SaysWhatIsWorthAnotherTry)
{
    struct Case
    {
        SqlTrouble trouble;
        bool before_it_was_reached;
        bool afterwards;
    };
    for (auto const &one : {Case{SqlTrouble::unreachable, false, true}, Case{SqlTrouble::lost, true, true},
                            Case{SqlTrouble::conflict, true, true}, Case{SqlTrouble::timeout, false, false},
                            Case{SqlTrouble::locked, false, false}, Case{SqlTrouble::gone, false, false},
                            Case{SqlTrouble::busy, false, false}, Case{SqlTrouble::privilege, false, false},
                            Case{SqlTrouble::undefined, false, false}, Case{SqlTrouble::cancelled, false, false},
                            Case{SqlTrouble::other, false, false}}) {
        SCOPED_TRACE(static_cast<int>(one.trouble));
        RetryPolicy policy{quick(), {}};
        Attempts attempts;
        EXPECT_EQ(policy.may_retry(one.trouble, attempts), one.before_it_was_reached);
        policy.reached(answering(true));
        EXPECT_EQ(policy.may_retry(one.trouble, attempts), one.afterwards);
    }
}

TEST(RetryPolicy, WhatFailsAgainAndAgainOnAServerThatWorksIsLeft)
{
    RetryPolicy policy{quick(), {}};
    policy.reached(answering(true));
    Attempts attempts;
    int tries = 1;
    while (policy.may_retry(SqlTrouble::lost, attempts)) {
        ++tries;
    }
    EXPECT_EQ(tries, 8);
}

} // namespace
} // namespace misroute
