// SPDX-License-Identifier: Apache-2.0
//
// For every kind of issuer, the rows that are read are those of a plain statement written by hand.
#include "db/temp_database.hpp"
#include "misroute/source.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

namespace misroute {
namespace {

using testing::TempDatabase;

// Rows of every issuer asked for, of all that can be told of a row drawn by chance, and behind and before them two
// thousand of others. Several stand at the same second: pages must not lose one, or have it twice.
constexpr char const *k_rows = R"(
create function one_of(choices text[]) returns text language sql volatile as $$
select choices[1 + floor(random() * array_length(choices, 1))::int]
$$;
select add_row('2026-11-22 10:00:00'::timestamp + make_interval(secs => floor(random() * 1000)),
               one_of(array[null, null, 'claude.goodvision.tech', 'LLM.goodvision.tech:443', 'llm.goodvision.tech. ']),
               one_of(array['jms-test', 'kelly-app', 'nobody']), 'openai', 'kellycloudai.com',
               more => jsonb_build_object(
                   'team_id', one_of(array['', 't1', 't10', repeat('t', 300)]),
                   'user', one_of(array['', 'anna']), 'end_user', one_of(array['', 'eve']),
                   'requester_ip_address', one_of(array['10.0.0.1', '10.0.0.11']))
               || case when random() < 0.15 then '{"api_key": "sk-raw"}'::jsonb else '{}' end
               || case when random() < 0.1 then '{"request_tags": ["env: prod", "host:  , "]}'::jsonb else '{}' end
               || case when random() < 0.3
                       then '{"metadata": {"spend_logs_metadata": {"entry": "Meta.example:8443"}}}'::jsonb else '{}' end)
from generate_series(0, 1319);
select add_row('2026-11-22 09:00:00'::timestamp + make_interval(secs => i), 'other.example', 'other', 'openai', 'x.y')
from generate_series(0, 1999) i;
select add_row('2026-11-22 12:00:00'::timestamp + make_interval(secs => i), 'other.example', 'other', 'openai', 'x.y',
               more => '{"team_id": "t2", "user": "bob", "end_user": "mallory", "requester_ip_address": "10.0.0.2"}')
from generate_series(0, 1999) i;
)";

struct Asked
{
    std::string name;
    ByOption by;
    Issuer issuer;
    std::string where;    ///< the same, by hand
    std::string of_key{}; ///< SQL for the key, for issuers that are keys
};

// The name in metadata counts only where no tag names a host; a tag of blanks and commas names none.
constexpr char const *k_tagged = "request_tags::text ~* '\"host: *[a-z]'";
constexpr char const *k_in_metadata = "metadata -> 'spend_logs_metadata' ->> 'entry' is not null";

std::string hash_of(std::string const &key)
{
    return fmt::format("encode(sha256('{}'), 'hex')", key);
}

std::vector<Asked> every_kind()
{
    auto const unnamed = fmt::format("not {} and not ({})", k_tagged, k_in_metadata);
    auto const kelly = hash_of("kelly-app");
    auto const of_kelly = "api_key = " + kelly;
    auto const long_team = std::string(200, 't') + "…";
    return {
        {"host", {}, {IssuerKind::host, "claude.goodvision.tech"}, "request_tags::text ~ 'claude.goodvision.tech'"},
        {"host_in_any_spelling",
         {},
         {IssuerKind::host, "llm.goodvision.tech"},
         "request_tags::text ~* 'llm.goodvision.tech'"},
        {"host_in_metadata",
         {},
         {IssuerKind::host, "meta.example"},
         fmt::format("{} and not {}", k_in_metadata, k_tagged)},
        {"key", {IssuerKind::key, {}}, {IssuerKind::key, "kelly-app"}, of_kelly, kelly},
        {"raw_key", {IssuerKind::key, {}}, {IssuerKind::key, "raw"}, "api_key = 'sk-raw'", hash_of("sk-raw")},
        {"key_without_host", {}, {IssuerKind::key, "kelly-app"}, of_kelly + " and " + unnamed, kelly},
        {"key_without_team",
         {IssuerKind::team, {}},
         {IssuerKind::key, "kelly-app"},
         of_kelly + " and team_id = ''",
         kelly},
        {"key_without_user",
         {IssuerKind::user, {}},
         {IssuerKind::key, "kelly-app"},
         of_kelly + R"( and "user" = '')",
         kelly},
        {"key_without_tag",
         {IssuerKind::tag, "env"},
         {IssuerKind::key, "kelly-app"},
         of_kelly + " and not request_tags::text ~ '\"env:'",
         kelly},
        {"team", {IssuerKind::team, {}}, {IssuerKind::team, "t1"}, "team_id = 't1'"},
        {"team_with_a_long_name", {IssuerKind::team, {}}, {IssuerKind::team, long_team}, "team_id = repeat('t', 300)"},
        {"user", {IssuerKind::user, {}}, {IssuerKind::user, "anna"}, R"("user" = 'anna')"},
        {"end_user", {IssuerKind::end_user, {}}, {IssuerKind::end_user, "eve"}, "end_user = 'eve'"},
        {"ip", {IssuerKind::ip, {}}, {IssuerKind::ip, "10.0.0.1"}, "requester_ip_address = '10.0.0.1'"},
        {"tag", {IssuerKind::tag, "env"}, {IssuerKind::tag, "prod"}, "request_tags ? 'env: prod'"},
    };
}

std::vector<std::string> words(std::string const &text)
{
    std::istringstream stream{text};
    return {std::istream_iterator<std::string>{stream}, {}};
}

std::vector<std::string> by_hand(TempDatabase const &database, Asked const &asked, RowQuery const &query)
{
    bool const oldest = query.from == RowQuery::From::oldest;
    return words(database.value(fmt::format(
        R"(select coalesce(string_agg(request_id, ' ' order by "startTime", request_id), '')
           from (select * from "LiteLLM_SpendLogs" where {} order by "startTime" {}, request_id {} limit {}) as page)",
        asked.where, oldest ? "asc" : "desc", oldest ? "asc" : "desc", query.limit)));
}

class IssuerRows : public ::testing::TestWithParam<double>
{
};

// The parameter is the seed of PostgreSQL's generator.
TEST_P(IssuerRows, AreThoseOfAPlainStatement)
{
    TempDatabase const database;
    database.execute(fmt::format("select setseed({});", GetParam()) + k_rows);
    SourceOptions options;
    options.url = database.url();
    options.entry.host_metadata = "entry";
    Source source{options};
    for (auto const &asked : every_kind()) {
        for (std::size_t const limit : {7U, 60U, 5000U}) {
            for (auto const from : {RowQuery::From::oldest, RowQuery::From::newest}) {
                SCOPED_TRACE(fmt::format("{}, {} rows", asked.name, limit));
                RowQuery query{.issuer = {asked.issuer, {}},
                               .window = {parse_instant("2026-11-22T00:00:00Z", {}).value(),
                                          parse_instant("2026-11-23T00:00:00Z", {}).value()},
                               .limit = limit,
                               .from = from,
                               .markers = false,
                               .after = {}};
                if (!asked.of_key.empty()) {
                    query.issuer.keys = {database.value("select " + asked.of_key)};
                }
                std::vector<std::string> read;
                for (auto const &row : source.rows(query, asked.by)) {
                    read.push_back(row.request_id);
                }
                auto const expected = by_hand(database, asked, query);
                EXPECT_GE(expected.size(), std::min<std::size_t>(limit, 20));
                EXPECT_EQ(read, expected);
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Source, IssuerRows, ::testing::Values(-0.9, 0.07, 0.7));

} // namespace
} // namespace misroute
