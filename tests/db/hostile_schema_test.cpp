// SPDX-License-Identifier: Apache-2.0
//
// What others may create beside the spend log, or set on it, never changes what is counted without a word.
#include "db/temp_database.hpp"
#include "misroute/model/error.hpp"
#include "misroute/source.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace misroute {
namespace {

using testing::TempDatabase;

Window const k_day{parse_instant("2026-11-21T20:30:00Z", {}).value(),
                   parse_instant("2026-11-22T20:30:00Z", {}).value()};

std::int64_t scanned(std::string const &url)
{
    SourceOptions options;
    options.url = url;
    return Source{options}.tally(k_day, {}).scanned();
}

std::string error_of(std::string const &url)
{
    try {
        scanned(url);
    } catch (Error const &error) {
        return fmt::format("{} | {}", error.what(), error.hint);
    }
    return {};
}

TEST(HostileSchema, OperatorsAndFunctionsInPublicAreNotUsed)
{
    TempDatabase const database;
    database.execute("select add_incident()");
    database.execute(R"(
create function lie(float8, int4) returns boolean language sql as 'select random() < 0.5';
create operator public.> (leftarg = float8, rightarg = int4, function = lie);
create function lie(timestamp, timestamp) returns boolean language sql as 'select false';
create operator public.>= (leftarg = timestamp, rightarg = timestamp, function = lie);
create function public.hashtext(text) returns int language sql as 'select 1';
create function public.date_part(text, timestamp) returns float8 language sql as 'select 0::float8';
create type public.jsonpath as enum ('no');
create domain public.float8 as numeric check (value < 0);
)");
    database.execute("do $$ begin execute format('alter database %I set search_path = public, "
                     "pg_catalog', current_database()); end $$");
    EXPECT_EQ(scanned(database.url()), 8);
}

TEST(HostileSchema, OfSeveralSpendLogsNoneIsChosenByItself)
{
    TempDatabase const database;
    database.execute("select add_incident()");
    database.execute(R"(create schema llm; alter table "LiteLLM_SpendLogs" set schema llm)");
    EXPECT_EQ(scanned(database.url()), 8) << "the only one, wherever it stands";
    database.execute(R"(create table public."LiteLLM_SpendLogs" (like llm."LiteLLM_SpendLogs"))");
    auto const error = error_of(database.url());
    EXPECT_NE(error.find("this database has 2 tables"), std::string::npos) << error;
    EXPECT_NE(error.find("llm (owner "), std::string::npos) << error;
    EXPECT_NE(error.find("public (owner "), std::string::npos) << error;
    EXPECT_EQ(scanned(fmt::format("postgresql:///{}?schema=llm", database.url().substr(7))), 8);
}

/// A role of its own, gone with the test.
class Reader
{
public:
    explicit Reader(TempDatabase const &database) : m_database{database}
    {
        m_database.execute(
            fmt::format("create role {} login; grant select on all tables in schema public to {}", name(), name()));
    }
    ~Reader() { m_database.execute(fmt::format("drop owned by {0}; drop role {0}", name())); }
    Reader(Reader const &) = delete;
    Reader &operator=(Reader const &) = delete;

    std::string name() const { return "reader_of_" + m_database.url().substr(7); }
    std::string url() const { return fmt::format("{} user={}", m_database.url(), name()); }

private:
    TempDatabase const &m_database;
};

TEST(HostileSchema, APolicyThatHidesRowsIsAnError)
{
    TempDatabase const database;
    database.execute("select add_incident()");
    Reader const reader{database};
    EXPECT_EQ(scanned(reader.url()), 8);
    database.execute(R"(alter table "LiteLLM_SpendLogs" enable row level security;
                        create policy few on "LiteLLM_SpendLogs" using (total_tokens > 10000))");
    auto const error = error_of(reader.url());
    EXPECT_NE(error.find("row-level security may hide rows of public.LiteLLM_SpendLogs"), std::string::npos) << error;
    EXPECT_NE(error.find("bypassrls"), std::string::npos) << error;
}

TEST(HostileSchema, AnOptionalColumnThatMayNotBeReadIsAMissingOne)
{
    TempDatabase const database;
    database.execute("select add_incident()");
    Reader const reader{database};
    database.execute(fmt::format(R"(revoke select on "LiteLLM_SpendLogs" from {0};
        grant select (request_id, call_type, api_key, spend, total_tokens, "startTime", model, model_id, model_group,
                      custom_llm_provider, api_base, cache_hit, team_id) on "LiteLLM_SpendLogs" to {0})",
                                 reader.name()));
    EXPECT_EQ(scanned(reader.url()), 8);
    SourceOptions options;
    options.url = reader.url();
    auto const unreadable = Source{options}.health().unreadable_columns;
    EXPECT_EQ(std::count(unreadable.begin(), unreadable.end(), "request_tags"), 1);
    EXPECT_EQ(std::count(unreadable.begin(), unreadable.end(), "status"), 1);
}

TEST(HostileSchema, DocumentsOfOtherTypesAreReadOrNamed)
{
    for (std::string const type : {"json", "text", "varchar"}) {
        TempDatabase const database;
        database.execute("select add_incident()");
        database.execute(fmt::format(R"(alter table "LiteLLM_SpendLogs" alter request_tags drop default,
            alter metadata drop default, alter request_tags type {0} using request_tags::text::{0},
            alter metadata type {0} using metadata::text::{0})",
                                     type));
        SourceOptions options;
        options.url = database.url();
        Source source{options};
        for (auto const &[key, cell] : source.tally(k_day, {}).cells) {
            EXPECT_EQ(key.host, "claude.goodvision.tech") << type;
        }
        RowQuery query{.issuer = {{IssuerKind::host, "claude.goodvision.tech"}, {}}, .window = k_day, .markers = true};
        EXPECT_EQ(source.rows(query, {}).size(), 8U) << type;
    }
    TempDatabase const database;
    database.execute(R"(alter table "LiteLLM_SpendLogs" drop column request_tags, add request_tags bytea)");
    auto const error = error_of(database.url());
    EXPECT_NE(error.find(R"(column "request_tags" of public.LiteLLM_SpendLogs is of type bytea)"), std::string::npos)
        << error;
}

TEST(HostileSchema, TimesAndNumbersOfOtherTypesAreNamed)
{
    for (auto const &[column, type] : std::map<std::string, std::string>{
             {"startTime", "text"}, {"spend", "text"}, {"total_tokens", "character varying"}}) {
        TempDatabase const database;
        database.execute(fmt::format(R"(drop index if exists "LiteLLM_SpendLogs_startTime_idx";
            alter table "LiteLLM_SpendLogs" alter "{0}" drop default, alter "{0}" type {1} using "{0}"::{1})",
                                     column, type));
        auto const error = error_of(database.url());
        EXPECT_NE(error.find(fmt::format(R"(column "{}" of public.LiteLLM_SpendLogs is of type {})", column, type)),
                  std::string::npos)
            << error;
    }
    TempDatabase const database;
    database.execute(R"(select add_incident(); alter table "LiteLLM_SpendLogs"
        alter "startTime" type timestamp(6) with time zone using "startTime" at time zone 'UTC',
        alter spend type numeric(12, 6))");
    EXPECT_GT(scanned(database.url()), 0);
}

TEST(HostileSchema, ATextThatIsNoJsonIsToldByItsColumns)
{
    TempDatabase const database;
    database.execute(R"(select add_incident();
        alter table "LiteLLM_SpendLogs" alter request_tags drop default, alter request_tags type text;
        update "LiteLLM_SpendLogs" set request_tags = 'not json')");
    SourceOptions options;
    options.url = database.url();
    Source source{options};
    try {
        (void)source.tally(k_day, {});
        FAIL() << "read as what?";
    } catch (Error const &error) {
        EXPECT_NE(error.hint.find("request_tags"), std::string::npos) << error.hint;
    }
}

TEST(HostileSchema, NamesAreUtf8WhateverTheClientIsSetTo)
{
    TempDatabase const database;
    database.execute("select add_row('2026-11-22 20:00', '名.example', 'jms-test', 'openai', 'x.y')");
    EXPECT_EQ(scanned(database.url() + " client_encoding=LATIN1"), 1);
}

} // namespace
} // namespace misroute
