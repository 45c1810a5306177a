// SPDX-License-Identifier: Apache-2.0
//
// Waiting while the server is busy with other people's work.
#pragma once

#include "misroute/model/time.hpp"
#include "misroute/source.hpp"
#include "source/pg_session.hpp"

#include <atomic>
#include <chrono>
#include <mutex>

namespace misroute {

class LoadLimit
{
public:
    /// `options` must outlive the limit.
    explicit LoadLimit(SourceOptions const &options) : m_options{options} {}

    /// Returns once at most max_load other backends are active; at once when there is no limit. Throws
    /// SqlError{busy} when that has not happened for `longest_pause`, from then on without waiting.
    void wait(PgSession &session);

private:
    std::int64_t active(PgSession &session);

    SourceOptions const &m_options;
    std::atomic<bool> m_given_up{false};
    std::once_flag m_said_hidden;
    std::mutex m_telling; ///< one thread at a time
};

} // namespace misroute
