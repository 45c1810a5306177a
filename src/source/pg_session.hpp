// SPDX-License-Identifier: Apache-2.0
//
// One connection to PostgreSQL: the only place that knows libpqxx and libpq. Every query is a read-only transaction
// of its own with its own timeouts, so nothing is left behind on the server or in a pooler.
#pragma once

#include "source/retry_policy.hpp"
#include "source/sql_trouble.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// A value bound to $n; NULL when empty.
using SqlArgs = std::vector<std::optional<std::string>>;

/// One row of a result; views live until the next row.
class SqlRow
{
public:
    explicit SqlRow(std::vector<std::optional<std::string_view>> const &fields) : m_fields{fields} {}

    bool is_null(std::size_t column) const { return !m_fields.at(column).has_value(); }
    std::string_view text(std::size_t column) const { return m_fields.at(column).value_or(std::string_view{}); }
    /// 0 for NULL; saturates at the ends of the range.
    std::int64_t integer(std::size_t column) const;
    bool boolean(std::size_t column) const { return text(column) == "t"; }

private:
    std::vector<std::optional<std::string_view>> const &m_fields;
};

using OnRow = std::function<void(SqlRow const &)>;

struct SessionOptions
{
    std::string conninfo;    ///< libpq's
    std::string application; ///< application_name, where the connection string and PGAPPNAME give none
    std::int64_t statement_timeout_ms = 60'000;
    std::int64_t lock_timeout_ms = 5'000;
    std::function<void(std::string const &)> log;
    std::shared_ptr<RetryPolicy> retries; ///< one for all sessions of a command
    bool citus = false;                   ///< a distributed table of Citus is asked: its workers are told, too
};

/// Where a connection string leads, for messages and reports: never a user or a password.
struct Target
{
    std::string host; ///< address, name or socket folder
    std::string port;
    std::string database;

    std::string text() const;
};

/// Reads a connection string and libpq's environment. Throws Error when libpq cannot read the string.
Target target_of(std::string const &conninfo);

class PgSession
{
public:
    /// Does not connect yet.
    explicit PgSession(SessionOptions options);
    ~PgSession();
    PgSession(PgSession const &) = delete;
    PgSession &operator=(PgSession const &) = delete;

    /// Runs one statement in a read-only transaction; again, with back-off, when the connection is lost in it or the
    /// server asks for that, as the retry policy allows. `name` is the query's file, for messages. Throws SqlError;
    /// told to stop, SqlError{cancelled}.
    void query(std::string_view name, std::string const &sql, SqlArgs const &args, OnRow const &on_row);

    /// The same through a cursor, a thousand rows at a time: memory does not grow with the result. It is tried once:
    /// rows may have been handed out before an error comes, and the caller must be able to forget them.
    void stream(std::string_view name, std::string const &sql, SqlArgs const &args, OnRow const &on_row);

    /// From the next query on; see SessionOptions.
    void on_citus() { m_options.citus = true; }

    /// Closes the connection; the next query opens a new one.
    void reset();

    /// "15.18", and so on.
    std::string server_version();

private:
    struct Connection;
    struct Transaction;
    using Work = std::function<std::size_t(Transaction &)>;
    void run(std::string_view name, std::string const &sql, Work const &work);
    std::size_t transact(std::string const &where, Work const &work);
    void connect();
    void begin(Transaction &transaction) const;
    SqlError not_connected() const;
    void end_if_told() const;
    bool refuses_transactions();
    SqlError lost(std::string const &message, std::string const &where, std::string_view hint = "try again");
    void cancel();

    SessionOptions m_options;
    Target m_target;
    std::mutex m_mutex; ///< guards the connection against a cancel from another thread
    std::unique_ptr<Connection> m_connection;
    bool m_begun = false;    ///< the transaction of the latest try
    int m_lost_at_begin = 0; ///< how often in a row the connection was lost before that
    std::unique_ptr<std::stop_callback<std::function<void()>>> m_on_stop;
};

} // namespace misroute
