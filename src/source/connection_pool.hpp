// SPDX-License-Identifier: Apache-2.0
//
// The connections of one command: as many as it has to ask on at the same time, each opened when first needed and used
// again, because a new one costs the server a process and the reading of its catalogues.
#pragma once

#include "source/pg_session.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace misroute {

class ConnectionPool
{
public:
    /// One that is handed back when it goes out of scope. The pool must outlive it.
    using Lease = std::unique_ptr<PgSession, std::function<void(PgSession *)>>;

    explicit ConnectionPool(SessionOptions options) : m_options{std::move(options)} {}

    /// May be called by several threads.
    Lease acquire();

    /// Of all its sessions, those to come too; see SessionOptions. Before threads use them.
    void on_citus();

    /// Of all its sessions.
    RetryPolicy *retries() const { return m_options.retries.get(); }

private:
    SessionOptions m_options;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<PgSession>> m_all;
    std::vector<PgSession *> m_idle; ///< the one that was handed back last is taken first
};

} // namespace misroute
