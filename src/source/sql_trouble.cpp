// SPDX-License-Identifier: Apache-2.0
#include "source/sql_trouble.hpp"

#include <algorithm>
#include <array>

namespace misroute {

namespace {

// PostgreSQL's manual, appendix A "Error Codes".
constexpr std::array<TroubleRow, 12> k_troubles{{
    {"40", SqlTrouble::conflict, "try again; on a hot standby raise max_standby_streaming_delay"},
    {"42501", SqlTrouble::privilege,
     "let the table's owner run what \"misroute grants --role NAME\" prints; \"misroute doctor\" names what is "
     "missing"},
    {"42P01", SqlTrouble::undefined, "\"misroute doctor\" shows what the database offers"},
    {"42703", SqlTrouble::undefined, "\"misroute doctor\" shows which columns the table has"},
    {"22P02", SqlTrouble::other,
     "a text in request_tags or metadata is no JSON, in a copy of the log that holds them as text: offer null instead, "
     "or jsonb, in a view"},
    {"3F000", SqlTrouble::undefined, "\"misroute doctor\" shows what the database offers"},
    {"55P03", SqlTrouble::locked, "somebody holds a lock on the table; raise --lock-timeout or try later"},
    {"57014", SqlTrouble::timeout, "raise --statement-timeout or cut the window into more --slices"},
    {"57P", SqlTrouble::lost, "the server is shutting down or starting up; try again"},
    {"25P", SqlTrouble::lost, "try again"},
    {"08", SqlTrouble::lost, "try again"},
    {"53", SqlTrouble::lost, "the server is out of connections, memory or disk; try later"},
}};

// libpq's own words for a server that went: they come without an SQLSTATE, and after a failed write from a connection
// that still calls itself open.
constexpr std::array<std::string_view, 6> k_lost_words{"server closed the connection unexpectedly",
                                                       "could not send data to server",
                                                       "could not receive data from server",
                                                       "SSL connection has been closed unexpectedly",
                                                       "SSL SYSCALL error",
                                                       "no connection to the server"};

} // namespace

TroubleRow trouble_of(std::string_view sqlstate, std::string_view message)
{
    bool const lost = std::ranges::any_of(
        k_lost_words, [&](std::string_view words) { return message.find(words) != std::string_view::npos; });
    if (sqlstate.empty() && lost) {
        return {"", SqlTrouble::lost, "try again"};
    }
    if (sqlstate == "42501" && message.find("row-level security") != std::string_view::npos) {
        return {"42501", SqlTrouble::privilege, k_policy_hint};
    }
    for (auto const &row : k_troubles) {
        if (sqlstate.starts_with(row.sqlstate)) {
            return row;
        }
    }
    return {"", SqlTrouble::other, "run the same with --log-sql to see the statement"};
}

std::string first_line(std::string_view message)
{
    message = message.substr(0, message.find('\n'));
    // 'connection to server at "db", port 5432 failed: Connection refused': the caller says where.
    if (auto const failed = message.find(" failed: ");
        message.starts_with("connection to server") && failed != std::string_view::npos) {
        message.remove_prefix(failed + std::string_view{" failed: "}.size());
    }
    for (std::string_view const prefix : {"ERROR:  ", "FATAL:  "}) {
        if (message.starts_with(prefix)) {
            message.remove_prefix(prefix.size());
        }
    }
    return std::string{message};
}

std::string connect_hint(std::string const &message)
{
    if (message.find("password") != std::string::npos) {
        return "put the password into ~/.pgpass (mode 0600), PGPASSFILE or PGPASSWORD";
    }
    if (message.find("does not exist") != std::string::npos) {
        return "check the name of the database and the role";
    }
    if (message.find("no pg_hba.conf entry") != std::string::npos || message.find("SSL") != std::string::npos) {
        return "the server refuses this way in; check sslmode and pg_hba.conf";
    }
    return "check host, port and network; --db, MISROUTE_DB and DATABASE_URL say where to connect";
}

} // namespace misroute
