// SPDX-License-Identifier: Apache-2.0
#include "source/retry_policy.hpp"

#include "source/pause.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <random>
#include <utility>

namespace misroute {

using namespace std::chrono_literals;

namespace {

constexpr int k_most_attempts = 7; ///< of what fails again and again on a server that works for others
constexpr int k_most_doublings = 5;
constexpr Milliseconds k_first_pause{100};
constexpr Milliseconds k_between_looks{100};
constexpr Milliseconds k_grace{5'000}; ///< for the server to end by itself what runs too long

} // namespace

/// Shared with the thread that asks, which is left behind when the answer does not come.
struct RetryPolicy::Asked
{
    std::mutex mutex;
    std::optional<bool> answered;

    std::optional<bool> answer()
    {
        std::lock_guard const lock{mutex};
        return answered;
    }
};

RetryPolicy::RetryPolicy(RetryLimits limits, std::stop_token stop)
    : m_limits{limits},
      m_user{std::move(stop)},
      m_on_user_stop{m_user, [this] { m_end.request_stop(); }},
      m_accounted{Clock::now()},
      m_watcher{[this](std::stop_token const &finished) { watch(finished); }}
{
}

RetryPolicy::~RetryPolicy() = default;

SqlError RetryPolicy::why_ended(std::string const &where) const
{
    std::lock_guard const lock{m_mutex};
    if (m_user.stop_requested() || !m_given_up) {
        return {SqlTrouble::cancelled, "interrupted", where, {}};
    }
    // Without the statement: one reason for everything that is given up.
    return {
        SqlTrouble::gone,
        fmt::format("gave up after {} of trouble with the server: {}", to_text(m_limits.give_up_after), *m_given_up),
        {},
        "look at the server, its log and the network; --give-up-after allows for longer trouble"};
}

void RetryPolicy::reached(Ping ping)
{
    std::lock_guard const lock{m_mutex};
    m_was_reached = true;
    m_ping = std::move(ping);
}

bool RetryPolicy::was_reached() const
{
    std::lock_guard const lock{m_mutex};
    return m_was_reached;
}

void RetryPolicy::succeeded()
{
    std::lock_guard const lock{m_mutex};
    auto const now = Clock::now();
    account(now);
    m_failing = false;
    m_heard = now;
}

void RetryPolicy::failed(std::string const &what)
{
    std::lock_guard const lock{m_mutex};
    account(Clock::now());
    m_failing = true;
    m_last_failure = what;
}

RetryPolicy::Asking::Asking(RetryPolicy &policy) : m_policy{policy}
{
    std::lock_guard const lock{m_policy.m_mutex};
    auto const now = Clock::now();
    m_policy.account(now);
    if (m_policy.m_under_way++ == 0) {
        m_policy.m_heard = now;
    }
}

RetryPolicy::Asking::~Asking()
{
    std::lock_guard const lock{m_policy.m_mutex};
    m_policy.account(Clock::now());
    --m_policy.m_under_way;
}

void RetryPolicy::Asking::heard()
{
    std::lock_guard const lock{m_policy.m_mutex};
    auto const now = Clock::now();
    m_policy.account(now);
    m_policy.m_heard = now;
    m_policy.m_asked.reset();
}

bool RetryPolicy::may_retry(SqlTrouble trouble, Attempts &attempts) const
{
    if (trouble == SqlTrouble::unreachable) {
        return was_reached(); // for as long as the command puts up with it
    }
    bool const mends = trouble == SqlTrouble::lost || trouble == SqlTrouble::conflict;
    return mends && attempts.failed++ < k_most_attempts;
}

void RetryPolicy::pause(Attempts &attempts) const
{
    thread_local std::minstd_rand random{std::random_device{}()};
    auto const base = k_first_pause * (1 << std::min(attempts.pauses++, k_most_doublings));
    auto const jitter = Milliseconds{std::uniform_int_distribution<std::int64_t>{0, base.count() / 2}(random)};
    pause_for(base + jitter, m_end.get_token());
}

bool RetryPolicy::in_trouble(Clock::time_point now) const
{
    bool const overdue = m_under_way > 0 && now - m_heard > m_limits.longest_answer + k_grace;
    bool const due = m_asked_again || now - m_asked_at > m_limits.answer_to_wait_for;
    bool const silent = m_under_way > 0 && m_asked && due && !m_asked->answer().value_or(false);
    return (m_failing && m_under_way == 0) || overdue || silent;
}

void RetryPolicy::account(Clock::time_point now)
{
    if (in_trouble(now)) {
        m_spent += now - m_accounted;
    }
    m_accounted = now;
}

std::string RetryPolicy::what_is_wrong() const
{
    if (m_under_way > 0 || m_last_failure.empty()) {
        return "it does not answer";
    }
    return m_last_failure;
}

void RetryPolicy::ask_for_life(Clock::time_point now)
{
    bool const waiting = m_asked && !m_asked->answer();
    if (!m_ping || m_under_way == 0 || waiting || now - std::max(m_heard, m_asked_at) < m_limits.silence_to_ask) {
        return;
    }
    m_asked_again = m_asked && m_asked->answer() == false;
    m_asked = std::make_shared<Asked>();
    m_asked_at = now;
    std::thread{[asked = m_asked, ping = m_ping] {
        bool const answers = ping();
        std::lock_guard const lock{asked->mutex};
        asked->answered = answers;
    }}.detach();
}

void RetryPolicy::watch(std::stop_token const &finished)
{
    std::unique_lock lock{m_mutex};
    while (!finished.stop_requested() && !m_end.stop_requested()) {
        m_finished.wait_for(lock, finished, k_between_looks, [] { return false; });
        auto const now = Clock::now();
        account(now);
        if (m_spent >= m_limits.give_up_after) {
            m_given_up = what_is_wrong();
            lock.unlock();
            m_end.request_stop();
            return;
        }
        ask_for_life(now);
    }
}

} // namespace misroute
