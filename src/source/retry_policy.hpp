// SPDX-License-Identifier: Apache-2.0
//
// How long a command puts up with a server in trouble, in one place for all its connections: what is tried again, how
// far apart, and when everything that is left is given up.
#pragma once

#include "misroute/model/time.hpp"
#include "source/sql_trouble.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

namespace misroute {

/// How often one and the same thing has failed.
struct Attempts
{
    int failed = 0; ///< on a server that took the connection
    int pauses = 0;
};

struct RetryLimits
{
    Milliseconds give_up_after{30'000};   ///< trouble of the whole command, all of it together
    Milliseconds longest_answer{60'000};  ///< statement_timeout: the server itself ends what takes longer
    Milliseconds silence_to_ask{3'000};   ///< without any answer for so long, the server is asked whether it is there
    Milliseconds answer_to_wait_for{500}; ///< by then it has said so, or it is in trouble
};

/// The clock of the trouble runs
/// * from a failure until a statement succeeds again on any connection, but not while another statement is under way,
///   which may take its time,
/// * while the server does not answer a new connection although a statement waits for it: it hangs,
/// * while a statement is not answered long after the server should have ended it by itself.
/// All that is added up. Past `give_up_after` ended() is requested: statements are cancelled and connections given up.
class RetryPolicy
{
public:
    /// Whether the server answers a new connection. May block for seconds.
    using Ping = std::function<bool()>;

    /// `stop` is the user's; it ends everything as well.
    RetryPolicy(RetryLimits limits, std::stop_token stop);
    ~RetryPolicy();
    RetryPolicy(RetryPolicy const &) = delete;
    RetryPolicy &operator=(RetryPolicy const &) = delete;

    /// Requested by the user's stop, and when the trouble has lasted too long.
    std::stop_token ended() const { return m_end.get_token(); }
    /// Why: SqlTrouble::cancelled or SqlTrouble::gone. Only once ended() is requested. `where`: the statement.
    SqlError why_ended(std::string const &where) const;

    /// A connection was made, and `ping` asks whether its server is there.
    void reached(Ping ping);
    bool was_reached() const;
    void succeeded();
    void failed(std::string const &what);

    /// A statement is under way until this goes out of scope. The policy must outlive it.
    class Asking
    {
    public:
        explicit Asking(RetryPolicy &policy);
        ~Asking();
        Asking(Asking const &) = delete;
        Asking &operator=(Asking const &) = delete;
        /// Something came from the server.
        void heard();

    private:
        RetryPolicy &m_policy;
    };

    /// Whether a statement that failed so may succeed on another try. A server that was never reached is a wrong
    /// address before it is a server that restarts. Counts the failure.
    bool may_retry(SqlTrouble trouble, Attempts &attempts) const;

    /// Sleeps 0.1 s × 2^n and up to half as much again, so that several do not come back at the same moment; 3.2 s and
    /// a half at most. Returns early once ended() is requested.
    void pause(Attempts &attempts) const;

private:
    using Clock = std::chrono::steady_clock;
    struct Asked;
    void watch(std::stop_token const &finished);
    void account(Clock::time_point now);
    void ask_for_life(Clock::time_point now);
    bool in_trouble(Clock::time_point now) const;
    std::string what_is_wrong() const;

    RetryLimits m_limits;
    std::stop_token m_user;
    std::stop_source m_end;
    std::stop_callback<std::function<void()>> m_on_user_stop;
    mutable std::mutex m_mutex; ///< guards what follows
    std::condition_variable_any m_finished;
    Ping m_ping;
    std::shared_ptr<Asked> m_asked; ///< the ping under way or the last one
    Clock::time_point m_asked_at{};
    bool m_asked_again = false; ///< the ping before had no answer either
    bool m_failing = true;      ///< until it was reached
    bool m_was_reached = false;
    std::size_t m_under_way = 0;
    Clock::time_point m_heard{};     ///< or when the oldest statement under way began
    Clock::time_point m_accounted{}; ///< up to when m_spent is known
    Clock::duration m_spent{};
    std::string m_last_failure;
    std::optional<std::string> m_given_up; ///< what was wrong then
    std::jthread m_watcher;                ///< last: it uses the others
};

} // namespace misroute
