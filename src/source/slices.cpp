// SPDX-License-Identifier: Apache-2.0
#include "source/slices.hpp"

#include "source/retry_policy.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace misroute {

using namespace std::chrono_literals;

namespace {

constexpr Milliseconds k_shortest_slice = 1s; // below that a timeout means the server is stuck, not busy

// On every connection, with no slice read in between: by then a slice is cut into 4,096, and the server does not answer
// less either, as where a worker of Citus hangs.
constexpr std::size_t k_most_timeouts = 12;

struct Task
{
    Window window;
    Attempts attempts{};
};

/// What a slice may be missing for, when the report says so; anything else ends the command.
bool leaves_gap(SqlTrouble trouble)
{
    constexpr std::array k_troubles{SqlTrouble::timeout,     SqlTrouble::locked, SqlTrouble::busy,    SqlTrouble::gone,
                                    SqlTrouble::unreachable, SqlTrouble::lost,   SqlTrouble::conflict};
    return std::find(k_troubles.begin(), k_troubles.end(), trouble) != k_troubles.end();
}

/// The queue that the workers share, and what came of it.
class Work
{
public:
    Work(std::vector<Window> const &slices, SliceReader const &reader) : m_reader{reader}, m_progress{reader.before}
    {
        for (auto const &slice : slices) {
            m_tasks.push_back({slice, {}});
        }
        m_progress.slices += slices.size();
    }

    void run_worker();
    std::vector<Gap> finish();

private:
    std::optional<Task> take();
    void done(std::int64_t rows);
    void failed(Task task, SqlError const &error);
    bool count_timeout();
    void put_halves(Window const &window);
    void try_again(Task task, SqlTrouble trouble);
    void give_up(Task const &task, SqlError const &error);
    void give_up_the_rest(SqlError const &error);
    void put(Task const &task);
    void abandon(std::exception_ptr const &failure);

    SliceReader const &m_reader;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Task> m_tasks;
    std::size_t m_running = 0;
    std::size_t m_timeouts = 0; ///< in a row
    Progress m_progress;
    std::vector<Gap> m_gaps;
    std::exception_ptr m_failure;      ///< what ends the whole command
    std::exception_ptr m_last_trouble; ///< what made the latest gap
};

std::optional<Task> Work::take()
{
    std::unique_lock lock{m_mutex};
    // A running task may still be split or come back, so an empty queue is not yet the end.
    m_changed.wait(lock, m_reader.stop, [&] { return !m_tasks.empty() || m_running == 0 || m_failure; });
    if (m_tasks.empty() || m_failure || m_reader.stop.stop_requested()) {
        return std::nullopt;
    }
    Task const task = m_tasks.front();
    m_tasks.pop_front();
    ++m_running;
    return task;
}

void Work::done(std::int64_t rows)
{
    std::lock_guard const lock{m_mutex};
    --m_running;
    m_timeouts = 0;
    ++m_progress.slices_done;
    m_progress.rows += rows;
    if (m_reader.progress) {
        m_reader.progress(m_progress);
    }
    m_changed.notify_all();
}

void Work::put(Task const &task)
{
    m_tasks.push_front(task);
    --m_running;
    m_changed.notify_all();
}

void Work::abandon(std::exception_ptr const &failure)
{
    std::lock_guard const lock{m_mutex};
    --m_running;
    m_failure = failure;
    m_changed.notify_all();
}

void Work::failed(Task task, SqlError const &error)
{
    if (!leaves_gap(error.trouble)) {
        abandon(std::current_exception());
    } else if (error.trouble == SqlTrouble::timeout && count_timeout()) {
        give_up_the_rest(error);
        give_up(task, error);
    } else if (error.trouble == SqlTrouble::timeout && task.window.length() > k_shortest_slice) {
        put_halves(task.window);
    } else if (m_reader.retries->may_retry(error.trouble, task.attempts)) {
        try_again(task, error.trouble);
    } else {
        give_up(task, error);
    }
}

/// Whether this was one too many in a row.
bool Work::count_timeout()
{
    std::lock_guard const lock{m_mutex};
    return ++m_timeouts > k_most_timeouts * static_cast<std::size_t>(std::max(1, m_reader.jobs));
}

void Work::put_halves(Window const &window)
{
    std::lock_guard const lock{m_mutex};
    auto const middle = window.since + window.length() / 2;
    m_tasks.push_front({{middle, window.until}, {}});
    ++m_progress.slices;
    put({{window.since, middle}, {}});
}

/// A server may have no connection left for this worker and have one for another, who then takes the slice meanwhile.
void Work::try_again(Task task, SqlTrouble trouble)
{
    auto attempts = task.attempts;
    bool const others_may = trouble == SqlTrouble::unreachable;
    if (!others_may) {
        m_reader.retries->pause(task.attempts);
    } else {
        ++task.attempts.pauses;
    }
    {
        std::lock_guard const lock{m_mutex};
        put(task);
    }
    if (others_may) {
        m_reader.retries->pause(attempts);
    }
}

void Work::give_up(Task const &task, SqlError const &error)
{
    std::lock_guard const lock{m_mutex};
    m_gaps.push_back({task.window, error.what()});
    m_last_trouble = std::current_exception();
    --m_running;
    m_changed.notify_all();
}

void Work::give_up_the_rest(SqlError const &error)
{
    std::lock_guard const lock{m_mutex};
    for (; !m_tasks.empty(); m_tasks.pop_front()) {
        m_gaps.push_back({m_tasks.front().window, error.what()});
    }
}

void Work::run_worker()
{
    ConnectionPool::Lease session;
    while (auto const task = take()) {
        try {
            if (!session) {
                session = m_reader.open();
            }
            done(m_reader.read(*session, task->window));
        } catch (SqlError const &error) {
            failed(*task, error);
        } catch (...) {
            abandon(std::current_exception());
        }
    }
}

std::vector<Gap> Work::finish()
{
    if (m_failure) {
        std::rethrow_exception(m_failure);
    }
    if (m_progress.slices_done == 0 && m_last_trouble) {
        std::rethrow_exception(m_last_trouble);
    }
    std::sort(m_gaps.begin(), m_gaps.end(), [](Gap const &a, Gap const &b) { return a.window < b.window; });
    std::vector<Gap> merged;
    for (auto const &gap : m_gaps) {
        if (!merged.empty() && merged.back().window.until == gap.window.since && merged.back().reason == gap.reason) {
            merged.back().window.until = gap.window.until;
        } else {
            merged.push_back(gap);
        }
    }
    return merged;
}

} // namespace

std::vector<Window> cut(Window const &window, Milliseconds bucket, int count, Milliseconds length)
{
    std::vector<Window> slices;
    Milliseconds const step = length > 0ms ? length : count > 0 ? window.length() / count + 1ms : bucket;
    Instant since = window.since;
    while (since < window.until) {
        bool const aligned = count <= 0;
        Instant const next = aligned ? bucket_of(since, step) + step : since + step;
        slices.push_back({since, std::min(next, window.until)});
        since = next;
    }
    return slices;
}

Milliseconds long_slice(Window const &window, Milliseconds bucket, int count)
{
    auto const step = bucket * count;
    return bucket * std::max<std::int64_t>(1, (window.length() + step - 1ms) / step);
}

std::vector<Window> join(std::vector<Window> const &slices, Milliseconds length)
{
    std::vector<Window> joined;
    for (auto const &slice : slices) {
        bool const touches = !joined.empty() && joined.back().until == slice.since &&
                             bucket_of(joined.back().since, length) == bucket_of(slice.since, length);
        if (touches) {
            joined.back().until = slice.until;
        } else {
            joined.push_back(slice);
        }
    }
    return joined;
}

std::vector<Gap> read_slices(std::vector<Window> const &slices, SliceReader const &reader)
{
    Work work{slices, reader};
    {
        std::vector<std::jthread> workers;
        auto const count = std::min(static_cast<std::size_t>(std::max(1, reader.jobs)), slices.size());
        for (std::size_t index = 0; index < count; ++index) {
            workers.emplace_back([&work] { work.run_worker(); });
        }
    }
    if (reader.stop.stop_requested()) {
        throw SqlError{SqlTrouble::cancelled, "interrupted", {}, {}};
    }
    return work.finish();
}

} // namespace misroute
