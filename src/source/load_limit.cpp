// SPDX-License-Identifier: Apache-2.0
#include "source/load_limit.hpp"

#include "source/pause.hpp"
#include "source/sql.hpp"
#include "source/statement.hpp"

#include <fmt/format.h>

namespace misroute {

namespace {

constexpr Milliseconds k_between_looks{500};

} // namespace

std::int64_t LoadLimit::active(PgSession &session)
{
    std::int64_t active = 0;
    std::int64_t hidden = 0;
    // Tried once: it is part of a slice, which is tried again as a whole.
    session.stream("load", make_statement(sql::load, {}), {}, [&](SqlRow const &row) {
        active = row.integer(0);
        hidden = row.integer(1);
    });
    if (hidden > 0 && m_options.warn) {
        std::call_once(m_said_hidden, [&] {
            m_options.warn(fmt::format("--max-load sees only backends of this role: what {} others do is hidden; grant "
                                       "pg_read_all_stats to it",
                                       hidden));
        });
    }
    return active;
}

void LoadLimit::wait(PgSession &session)
{
    if (m_options.max_load <= 0) {
        return;
    }
    auto const began = std::chrono::steady_clock::now();
    while (!m_given_up) {
        auto const others = active(session);
        if (others <= m_options.max_load || m_options.stop.stop_requested()) {
            return;
        }
        if (std::chrono::steady_clock::now() - began >= m_options.longest_pause) {
            m_given_up = true;
            break;
        }
        if (m_options.waiting) {
            std::lock_guard const lock{m_telling};
            m_options.waiting(others);
        }
        pause_for(k_between_looks, m_options.stop);
    }
    throw SqlError{SqlTrouble::busy,
                   fmt::format("more than {} other backends were active for {}", m_options.max_load,
                               to_text(m_options.longest_pause)),
                   {},
                   "raise --max-load, or try when the server is less busy"};
}

} // namespace misroute
