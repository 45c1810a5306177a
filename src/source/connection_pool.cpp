// SPDX-License-Identifier: Apache-2.0
#include "source/connection_pool.hpp"

namespace misroute {

ConnectionPool::Lease ConnectionPool::acquire()
{
    std::lock_guard const lock{m_mutex};
    if (m_idle.empty()) {
        m_idle.push_back(m_all.emplace_back(std::make_unique<PgSession>(m_options)).get());
    }
    auto *session = m_idle.back();
    m_idle.pop_back();
    return {session, [this](PgSession *returned) {
                std::lock_guard const again{m_mutex};
                m_idle.push_back(returned);
            }};
}

void ConnectionPool::on_citus()
{
    m_options.citus = true;
    for (auto const &session : m_all) {
        session->on_citus();
    }
}

} // namespace misroute
