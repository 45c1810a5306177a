// SPDX-License-Identifier: Apache-2.0
#include "source/sql_trouble.hpp"

#include <gtest/gtest.h>

#include <array>

namespace misroute {
namespace {

struct State
{
    std::string_view sqlstate;
    SqlTrouble trouble;
};

// PostgreSQL's manual, appendix A "Error Codes".
constexpr std::array<State, 25> k_states{{
    {"40001", SqlTrouble::conflict},  // serialization_failure, and a recovery conflict
    {"40P01", SqlTrouble::conflict},  // deadlock_detected
    {"42501", SqlTrouble::privilege}, // insufficient_privilege
    {"42P01", SqlTrouble::undefined}, // undefined_table
    {"42703", SqlTrouble::undefined}, // undefined_column
    {"42883", SqlTrouble::other},     // undefined_function: a server that is too old, and no table of the operator's
    {"42601", SqlTrouble::other},     // syntax_error
    {"3F000", SqlTrouble::undefined}, // invalid_schema_name
    {"55P03", SqlTrouble::locked},    // lock_not_available
    {"57014", SqlTrouble::timeout},   // query_canceled
    {"57P01", SqlTrouble::lost},      // admin_shutdown
    {"57P02", SqlTrouble::lost},      // crash_shutdown
    {"57P03", SqlTrouble::lost},      // cannot_connect_now
    {"57P05", SqlTrouble::lost},      // idle_session_timeout
    {"25P02", SqlTrouble::lost},      // in_failed_sql_transaction
    {"25P03", SqlTrouble::lost},      // idle_in_transaction_session_timeout
    {"08000", SqlTrouble::lost},      // connection_exception
    {"08001", SqlTrouble::lost},      // of postgres_fdw: the far server is not there
    {"08006", SqlTrouble::lost},      // connection_failure
    {"08P01", SqlTrouble::lost},      // of PgBouncer
    {"53100", SqlTrouble::lost},      // disk_full
    {"53200", SqlTrouble::lost},      // out_of_memory
    {"53300", SqlTrouble::lost},      // too_many_connections
    {"22012", SqlTrouble::other},     // division_by_zero
    {"", SqlTrouble::other},
}};

TEST(SqlTrouble, IsToldByTheSqlstateAndHasAHint)
{
    for (auto const &[sqlstate, trouble] : k_states) {
        SCOPED_TRACE(sqlstate);
        auto const row = trouble_of(sqlstate);
        EXPECT_EQ(row.trouble, trouble);
        EXPECT_FALSE(row.hint.empty());
    }
}

TEST(SqlTrouble, AServerThatWentHasNoSqlstate)
{
    for (std::string_view const words :
         {"server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally",
          "could not receive data from server: Connection reset by peer", "could not send data to server: Broken pipe",
          "SSL connection has been closed unexpectedly", "SSL SYSCALL error: EOF detected",
          "no connection to the server\n"}) {
        EXPECT_EQ(trouble_of("", words).trouble, SqlTrouble::lost) << words;
    }
    EXPECT_EQ(trouble_of("42601", "syntax error at or near \"no connection to the server\"").trouble,
              SqlTrouble::other);
    EXPECT_EQ(trouble_of("", "another command is already in progress").trouble, SqlTrouble::other);
}

TEST(SqlTrouble, TellsAPolicyFromAMissingGrant)
{
    auto const policy =
        trouble_of("42501", "query would be affected by row-level security policy for table \"LiteLLM_SpendLogs\"");
    EXPECT_EQ(policy.trouble, SqlTrouble::privilege);
    EXPECT_EQ(policy.hint, k_policy_hint);
    EXPECT_NE(trouble_of("42501", "permission denied for table \"LiteLLM_SpendLogs\"").hint, k_policy_hint);
}

TEST(SqlTrouble, OfTheServersWordsTheFirstLineSaysItAll)
{
    struct Case
    {
        std::string_view message;
        std::string_view line;
    };
    for (auto const &[message, line] : {
             Case{"", ""},
             Case{"ERROR:  permission denied for table t\nDETAIL: x\n", "permission denied for table t"},
             Case{"FATAL:  the database system is starting up\n", "the database system is starting up"},
             Case{"server closed the connection unexpectedly\n\tThis probably means",
                  "server closed the connection unexpectedly"},
             Case{"connection to server at \"db\" (10.0.0.1), port 5432 failed: Connection refused\n\tIs the server",
                  "Connection refused"},
             Case{"connection to server on socket \"/run/x\" failed: FATAL:  role \"r\" does not exist",
                  "role \"r\" does not exist"},
             Case{"it failed: badly", "it failed: badly"},
         }) {
        EXPECT_EQ(first_line(message), line);
    }
}

TEST(SqlTrouble, AConnectionThatFailedSaysWhereToLook)
{
    struct Case
    {
        char const *message;
        std::string_view hint;
    };
    for (auto const &[message, hint] : {
             Case{"fe_sendauth: no password supplied", "~/.pgpass"},
             Case{"password authentication failed for the user", "~/.pgpass"},
             Case{"database \"x\" does not exist", "name of the database"},
             Case{"no pg_hba.conf entry for host \"10.0.0.1\"", "pg_hba.conf"},
             Case{"server does not support SSL, but SSL was required", "sslmode"},
             Case{"Connection refused", "host, port and network"},
             Case{"timeout expired", "host, port and network"},
         }) {
        EXPECT_NE(connect_hint(message).find(hint), std::string::npos) << message << ": " << connect_hint(message);
    }
}

} // namespace
} // namespace misroute
