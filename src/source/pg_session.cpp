// SPDX-License-Identifier: Apache-2.0
#include "source/pg_session.hpp"

#include "source/sql.hpp"
#include "source/sql_trouble.hpp"
#include "source/statement.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <pqxx/pqxx>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <limits>
#include <optional>
#include <regex>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace misroute {

namespace {

constexpr std::chrono::milliseconds k_patience_with_cancel{500};
constexpr std::string_view k_connect_timeout = "10"; // seconds for each address
constexpr std::string_view k_ping_timeout = "5";     // seconds
constexpr std::size_t k_rows_fetched = 1'000;        // about half a megabyte of the longest names

/// Executes with a run-time number of arguments, on libpqxx 6.4 and 7.x alike.
pqxx::result execute(pqxx::transaction_base &transaction, std::string const &sql, SqlArgs const &args)
{
#if PQXX_VERSION_MAJOR < 7
    return transaction.exec_params(sql, pqxx::prepare::make_dynamic_params(args));
#else
    pqxx::params params;
    params.append_multi(args);
#if PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR < 10
    return transaction.exec_params(sql, params);
#else
    return transaction.exec(sql, params);
#endif
#endif
}

void hand_out(pqxx::result const &result, OnRow const &on_row)
{
    std::vector<std::optional<std::string_view>> fields;
    for (auto const &row : result) {
        fields.clear();
        for (auto const &field : row) {
            fields.push_back(field.is_null() ? std::nullopt
                                             : std::optional{std::string_view{field.c_str(), field.size()}});
        }
        on_row(SqlRow{fields});
    }
}

struct ParsedOptions
{
    PQconninfoOption *options = nullptr;
    ParsedOptions() = default;
    ParsedOptions(ParsedOptions const &) = delete;
    ParsedOptions &operator=(ParsedOptions const &) = delete;
    ~ParsedOptions() { PQconninfoFree(options); }

    std::string value(std::string_view keyword) const
    {
        for (auto const *option = options; option != nullptr && option->keyword != nullptr; ++option) {
            if (option->keyword == keyword && option->val != nullptr) {
                return option->val;
            }
        }
        return {};
    }
};

/// Whether a password may have been read as host, port or name of a database, all of which stand in messages: a "/",
/// "?" or "@" in it was not percent-encoded.
bool is_ambiguous(std::string_view conninfo)
{
    auto const scheme = conninfo.find("://");
    if (!conninfo.starts_with("postgres") || scheme == std::string_view::npos) {
        return false;
    }
    auto const rest = conninfo.substr(scheme + 3);
    auto const authority = rest.substr(0, rest.find_first_of("/?#"));
    auto const path = rest.substr(0, rest.find('?')).substr(std::min(authority.size(), rest.find('?')));
    auto const known = std::ranges::count(authority, '@');
    return known > 1 || path.find('@') != std::string_view::npos ||
           (known == 0 && rest.find('@') != std::string_view::npos);
}

Error unreadable()
{
    return Error{"cannot read the connection string",
                 {},
                 "write postgresql://user@host:5432/database?sslmode=require, or \"host=… dbname=…\"; percent-encode "
                 "special characters; a URL belongs into --db, MISROUTE_DB or DATABASE_URL, not into PGDATABASE"};
}

} // namespace

std::int64_t SqlRow::integer(std::size_t column) const
{
    auto const digits = text(column);
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::result_out_of_range) {
        return digits.starts_with('-') ? std::numeric_limits<std::int64_t>::min()
                                       : std::numeric_limits<std::int64_t>::max();
    }
    return value;
}

std::string Target::text() const
{
    bool const socket = host.empty() || host.starts_with('/');
    bool const usual = port.empty() || port == "5432";
    return fmt::format("{} on {}", database,
                       socket  ? "a local socket"
                       : usual ? host
                               : fmt::format("{}:{}", host, port));
}

namespace {

/// The server's words without the name of who connects, which is half of what it takes to get in.
std::string without_roles(std::string const &message)
{
    static std::regex const named{R"re((user|role) "[^"]*")re"};
    return std::regex_replace(message, named, "the $1");
}

} // namespace

Target target_of(std::string const &conninfo)
{
    ParsedOptions defaults;
    defaults.options = PQconndefaults();
    ParsedOptions given;
    char *problem = nullptr;
    given.options = PQconninfoParse(conninfo.c_str(), &problem);
    // libpq's words may repeat the string, and with it a password: they are not passed on.
    PQfreemem(problem);
    if (given.options == nullptr || is_ambiguous(conninfo)) {
        throw unreadable();
    }
    auto const pick = [&](std::string_view keyword) {
        auto value = given.value(keyword);
        return value.empty() ? defaults.value(keyword) : value;
    };
    Target target{pick("host"), pick("port"), pick("dbname")};
    if (target.database.empty()) {
        target.database = pick("user");
    }
    bool const port = target.port.find_first_not_of("0123456789,") == std::string::npos;
    // PGDATABASE is a name to libpq, whatever stands in it.
    bool const inherited = given.value("dbname").empty();
    bool const url = target.database.find("://") != std::string::npos || target.host.find('@') != std::string::npos ||
                     (inherited && target.database.find_first_of("=@") != std::string::npos);
    if (!port || url) {
        throw unreadable();
    }
    return target;
}

namespace {

/// A connection string with our name for the DBA's eyes, unless it or PGAPPNAME gives another one, and with an end to
/// waiting for a server that does not answer, unless it or PGCONNECT_TIMEOUT gives another one.
std::string with_application(std::string const &conninfo, std::string const &application)
{
    ParsedOptions given;
    given.options = PQconninfoParse(conninfo.c_str(), nullptr); // target_of has read it before
    std::string result;
    auto const append = [&](std::string_view keyword, std::string_view value) {
        result.append(keyword).append("='");
        for (char const letter : value) {
            if (letter == '\'' || letter == '\\') {
                result.push_back('\\');
            }
            result.push_back(letter);
        }
        result.append("' ");
    };
    append("fallback_application_name", application);
    ParsedOptions defaults;
    defaults.options = PQconndefaults();
    auto const timeout = defaults.value("connect_timeout"); // PGCONNECT_TIMEOUT
    append("connect_timeout", timeout.empty() ? k_connect_timeout : timeout);
    for (auto const *option = given.options; option != nullptr && option->keyword != nullptr; ++option) {
        if (option->val != nullptr) {
            append(option->keyword, option->val); // of two the last one counts
        }
    }
    return result;
}

} // namespace

/// Shared with the threads that connect and cancel, which may block for as long as the network likes: they are left
/// behind, and what they hold is theirs too.
struct PgSession::Connection
{
    /// An open connection, and a descriptor of our own for its socket: libpq closes its one when the server is gone.
    struct Open
    {
        explicit Open(std::string const &conninfo) : pqxx{conninfo}, socket{::dup(pqxx.sock())}
        {
#if PQXX_VERSION_MAJOR < 7
            // 6.x would open a new connection behind our back while another thread may be cancelling on the old one.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
            pqxx.inhibit_reactivation(true);
#pragma GCC diagnostic pop
#endif
        }
        ~Open()
        {
            ::close(socket);
        }
        Open(Open const &) = delete;
        Open &operator=(Open const &) = delete;

        pqxx::connection pqxx;
        int socket;
    };

    std::shared_ptr<Open> open;
};

namespace {

template <typename Opened>
struct Dialling
{
    std::mutex mutex;
    std::condition_variable_any changed;
    std::shared_ptr<Opened> opened;
    std::optional<std::string> failure; ///< as text: an exception belongs to the thread that threw it
};

/// Nothing when told to stop before the server has answered.
template <typename Opened>
std::shared_ptr<Opened> dial(std::string const &conninfo, std::stop_token const &stop)
{
    auto const dialling = std::make_shared<Dialling<Opened>>();
    std::thread{[dialling, conninfo] {
        std::shared_ptr<Opened> opened;
        std::optional<std::string> failure;
        try {
            opened = std::make_shared<Opened>(conninfo);
        } catch (std::exception const &error) {
            failure = error.what();
        }
        std::lock_guard const lock{dialling->mutex};
        dialling->opened = std::move(opened);
        dialling->failure = std::move(failure);
        dialling->changed.notify_all();
    }}.detach();
    std::unique_lock lock{dialling->mutex};
    dialling->changed.wait(lock, stop, [&] { return dialling->opened || dialling->failure; });
    if (dialling->failure && !stop.stop_requested()) {
        throw pqxx::broken_connection{*dialling->failure};
    }
    return stop.stop_requested() ? nullptr : dialling->opened;
}

/// What whoever answers this connection string says to a plain BEGIN. libpqxx drops the words of a server that ends the
/// connection at that moment.
struct AnswerToBegin
{
    explicit AnswerToBegin(std::string const &conninfo)
    {
        std::unique_ptr<PGconn, decltype(&PQfinish)> const server{PQconnectdb(conninfo.c_str()), PQfinish};
        std::unique_ptr<PGresult, decltype(&PQclear)> const result{PQexec(server.get(), "begin read only"), PQclear};
        words = PQerrorMessage(server.get());
    }
    std::string words;
};

/// Asks the one server that a connection led to, of those that the connection string may name. It answers before it
/// knows who asks.
RetryPolicy::Ping ping_of(std::string const &conninfo, char const *host, char const *port)
{
    auto const text = [](char const *value) { return std::string{value == nullptr ? "" : value}; };
    return [asked = fmt::format("{} connect_timeout='{}' target_session_attrs='any' hostaddr='' host='{}' port='{}'",
                                conninfo, k_ping_timeout, text(host), text(port))] {
        return PQping(asked.c_str()) != PQPING_NO_RESPONSE;
    };
}

} // namespace

PgSession::PgSession(SessionOptions options) : m_options{std::move(options)}, m_target{target_of(m_options.conninfo)}
{
    auto const ended = m_options.retries->ended();
    m_on_stop = std::make_unique<std::stop_callback<std::function<void()>>>(ended, [this] { cancel(); });
}

PgSession::~PgSession() = default;

void PgSession::connect()
{
    {
        std::lock_guard const lock{m_mutex};
        if (m_connection) {
            return;
        }
    }
    try {
        auto const conninfo = with_application(m_options.conninfo, m_options.application);
        auto opened = dial<Connection::Open>(conninfo, m_options.retries->ended());
        if (!opened) {
            throw not_connected();
        }
        m_options.retries->reached(ping_of(conninfo, opened->pqxx.hostname(), opened->pqxx.port()));
        std::lock_guard const lock{m_mutex};
        m_connection = std::make_unique<Connection>(Connection{std::move(opened)});
    } catch (pqxx::failure const &error) {
        auto const message = without_roles(first_line(error.what()));
        auto const told = fmt::format("cannot connect to {}: {}", m_target.text(), message);
        m_options.retries->failed(told);
        throw SqlError{SqlTrouble::unreachable, told, {}, connect_hint(message)};
    }
}

/// The end came first.
SqlError PgSession::not_connected() const
{
    auto why = m_options.retries->why_ended(m_target.text());
    if (why.trouble != SqlTrouble::gone || m_options.retries->was_reached()) {
        return why;
    }
    return {SqlTrouble::gone,
            fmt::format("cannot connect to {}: it does not answer", m_target.text()),
            {},
            connect_hint({})};
}

/// Never blocks: asking the server to cancel is a connection of its own. A server that does not answer that either
/// loses ours.
void PgSession::cancel()
{
    std::lock_guard const lock{m_mutex};
    if (!m_connection) {
        return;
    }
    std::thread{[open = m_connection->open] {
        try {
            open->pqxx.cancel_query();
        } catch (
            std::exception const &) { // NOLINT(bugprone-empty-catch): the server is gone: there is nothing to cancel
        }
    }}.detach();
    std::thread{[open = m_connection->open] {
        std::this_thread::sleep_for(k_patience_with_cancel);
        ::shutdown(open->socket, SHUT_RDWR);
    }}.detach();
}

void PgSession::reset()
{
    std::lock_guard const lock{m_mutex};
    m_connection.reset();
}

std::string PgSession::server_version()
{
    std::string version;
    query("server_version", "select current_setting('server_version')", {},
          [&](SqlRow const &row) { version = row.text(0); });
    return version.substr(0, version.find(' '));
}

struct PgSession::Transaction
{
    pqxx::transaction_base &pqxx;
    RetryPolicy::Asking &asking;
};

void PgSession::query(std::string_view name, std::string const &sql, SqlArgs const &args, OnRow const &on_row)
{
    pqxx::result result;
    for (Attempts attempts;;) {
        try {
            run(name, sql, [&](Transaction &transaction) {
                result = execute(transaction.pqxx, sql, args);
                return static_cast<std::size_t>(result.size());
            });
            break;
        } catch (SqlError const &error) {
            if (!m_options.retries->may_retry(error.trouble, attempts)) {
                throw;
            }
        }
        m_options.retries->pause(attempts);
    }
    hand_out(result, on_row);
}

void PgSession::stream(std::string_view name, std::string const &sql, SqlArgs const &args, OnRow const &on_row)
{
    run(name, sql, [&](Transaction &transaction) {
        execute(transaction.pqxx, "declare rows_of_slice no scroll cursor for " + sql, args);
        std::size_t rows = 0;
        for (std::size_t fetched = k_rows_fetched; fetched == k_rows_fetched;) {
            auto const result = transaction.pqxx.exec(fmt::format("fetch {} from rows_of_slice", k_rows_fetched));
            transaction.asking.heard();
            hand_out(result, on_row);
            fetched = static_cast<std::size_t>(result.size()); // signed in libpqxx 7
            rows += fetched;
            end_if_told();
        }
        return rows;
    });
}

namespace {

/// libpqxx 6.4 leaves the code out of the errors that it has a class for.
std::string sqlstate_of(pqxx::sql_error const &error)
{
    if (!error.sqlstate().empty()) {
        return error.sqlstate();
    }
    bool const privilege = dynamic_cast<pqxx::insufficient_privilege const *>(&error) != nullptr;
    bool const table = dynamic_cast<pqxx::undefined_table const *>(&error) != nullptr;
    bool const column = dynamic_cast<pqxx::undefined_column const *>(&error) != nullptr;
    return privilege ? "42501" : table ? "42P01" : column ? "42703" : "";
}

} // namespace

void PgSession::end_if_told() const
{
    if (m_options.retries->ended().stop_requested()) {
        throw m_options.retries->why_ended(m_target.text());
    }
}

void PgSession::run(std::string_view name, std::string const &sql, Work const &work)
{
    end_if_told();
    connect();
    end_if_told(); // before there was a connection to cancel on
    auto const started = std::chrono::steady_clock::now();
    auto const rows = transact(fmt::format("sql/{}.sql, {}", name, m_target.text()), work);
    m_options.retries->succeeded();
    if (m_options.log) {
        std::chrono::duration<double, std::milli> const taken = std::chrono::steady_clock::now() - started;
        m_options.log(fmt::format("{}: {:.1f} ms, {} rows\n{}", name, taken.count(), rows, sql));
    }
}

/// The settings of a transaction.
void PgSession::begin(Transaction &transaction) const
{
    auto const lock_timeout = std::to_string(m_options.lock_timeout_ms);
    execute(transaction.pqxx, make_statement(sql::session, {}),
            {std::to_string(m_options.statement_timeout_ms), lock_timeout});
    if (m_options.citus) {
        transaction.pqxx.exec(make_statement(sql::citus_settings, {}));
        transaction.pqxx.exec(make_statement(sql::worker_lock_timeout, {{"lock_timeout", lock_timeout}}));
    }
    transaction.asking.heard();
}

/// One try. Whatever goes wrong once the end is told goes wrong because of it.
std::size_t PgSession::transact(std::string const &where, Work const &work)
{
    try {
        m_begun = false;
        RetryPolicy::Asking asking{*m_options.retries};
        pqxx::read_transaction transaction{m_connection->open->pqxx};
        Transaction running{transaction, asking};
        begin(running);
        m_begun = true;
        auto const rows = work(running);
        transaction.commit();
        end_if_told();
        return rows;
    } catch (pqxx::broken_connection const &error) {
        throw lost(fmt::format("lost the connection: {}", first_line(error.what())), where);
    } catch (pqxx::sql_error const &error) {
        end_if_told();
        auto const sqlstate = sqlstate_of(error);
        auto const trouble = trouble_of(sqlstate, error.what());
        auto const place = sqlstate.empty() ? where : fmt::format("{} (SQLSTATE {})", where, sqlstate);
        if (trouble.trouble == SqlTrouble::lost || !m_connection->open->pqxx.is_open()) {
            throw lost(first_line(error.what()), place, trouble.hint);
        }
        if (trouble.trouble == SqlTrouble::conflict) {
            m_options.retries->failed(first_line(error.what()));
        } else {
            m_options.retries->succeeded(); // the server is well enough to refuse
        }
        throw SqlError{trouble.trouble, first_line(error.what()), place, std::string{trouble.hint}};
    } catch (pqxx::failure const &error) {
        throw lost(first_line(error.what()), where);
    }
}

/// PgBouncer with pool_mode = statement ends the connection at BEGIN ("transaction blocks not allowed in statement
/// pooling mode"). Asked the second time: once is chance.
bool PgSession::refuses_transactions()
{
    m_lost_at_begin = m_begun ? 0 : m_lost_at_begin + 1;
    if (m_lost_at_begin < 2) {
        return false;
    }
    auto const conninfo = fmt::format("{} connect_timeout='{}'",
                                      with_application(m_options.conninfo, m_options.application), k_ping_timeout);
    auto const answer = dial<AnswerToBegin>(conninfo, m_options.retries->ended());
    return answer && answer->words.find("statement pooling") != std::string::npos;
}

/// The connection is of no use any more.
SqlError PgSession::lost(std::string const &message, std::string const &where, std::string_view hint)
{
    reset();
    end_if_told();
    if (refuses_transactions()) {
        return {
            SqlTrouble::other, "the connection ends whenever a transaction begins", where,
            "PgBouncer with pool_mode = statement allows no transactions: misroute needs pool_mode = transaction or "
            "session"};
    }
    m_options.retries->failed(message);
    return {SqlTrouble::lost, message, where, std::string{hint}};
}

} // namespace misroute
