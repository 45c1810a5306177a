// SPDX-License-Identifier: Apache-2.0
#include "db/temp_database.hpp"
#include "misroute/detect.hpp"
#include "misroute/source.hpp"
#include "source/sql.hpp"
#include "source/table.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <regex>
#include <set>
#include <thread>

namespace misroute {
namespace {

using testing::TempDatabase;

Instant at(std::string const &text)
{
    return parse_instant(text, {}).value();
}

Window const k_window{at("2026-11-21T20:30:00Z"), at("2026-11-22T20:30:00Z")};

SourceOptions options(TempDatabase const &database)
{
    SourceOptions options;
    options.url = database.url();
    return options;
}

std::int64_t number(TempDatabase const &database, std::string const &sql)
{
    return std::stoll(database.value(sql));
}

// Rows of every kind, from PostgreSQL's own seeded generator.
constexpr char const *k_random_rows = R"(
select setseed(0.42);
select add_row('2026-11-21 20:30'::timestamp + random() * interval '23 h',
               (array[null, 'claude.goodvision.tech', 'LLM.goodvision.tech:443', 'ai.goodvision.tech', 'x.y'])[1 + floor(random() * 5)::int],
               (array['jms-test', 'kelly-app', 'nobody'])[1 + floor(random() * 3)::int],
               (array['anthropic', 'openai', ''])[1 + floor(random() * 3)::int],
               (array['api.anthropic.com', 'kellycloudai.com', 'yxaiapp.com'])[1 + floor(random() * 3)::int],
               floor(random() * 5000)::int, round((random() - 0.3)::numeric, 6)::float8,
               more => (array['{}', '{"cache_hit": "True"}', '{"status": "failure"}', '{"call_type": "call_mcp_tool"}',
                              '{"api_key": "litellm-internal-health-check"}', '{"api_base": ""}', '{"team_id": "t1"}',
                              '{"call_type": "acreate_file"}'])[1 + floor(random() * 8)::int]::jsonb)
from generate_series(1, 3000);
)";

Expectations three_instances()
{
    return {
        {{.name = "claude", .hosts = {"claude.goodvision.tech"}, .keys = {"jms-test"}, .expect = {{"anthropic", ""}}},
         {.name = "kelly", .hosts = {"llm.goodvision.tech"}, .expect = {{"openai", "kellycloudai.com"}}},
         {.name = "yxaiapp", .hosts = {"ai.goodvision.tech"}, .expect = {{"openai", "yxaiapp.com"}}}}};
}

TEST(Source, EveryRowHasOneClassAndNoneIsLost)
{
    TempDatabase const database;
    database.execute(k_random_rows);
    auto const rows = number(database, R"(select count(*) from "LiteLLM_SpendLogs")");
    auto const nano = number(database, R"(select sum(round(spend::numeric * 1000000000)) from "LiteLLM_SpendLogs")");
    Source source{options(database)};
    for (auto const kind : {IssuerKind::host, IssuerKind::key, IssuerKind::team, IssuerKind::user, IssuerKind::ip}) {
        auto const tally = source.tally(k_window, {kind, {}});
        auto const examined = examine(tally, three_instances(), kind);
        EXPECT_EQ(examined.totals.scanned(), rows);
        std::int64_t by_issuer = 0;
        for (auto const &issuer : examined.issuers) {
            by_issuer += issuer.report.counts.scanned();
        }
        EXPECT_EQ(by_issuer, rows);
        std::int64_t spend = 0;
        for (auto const &[key, cell] : tally.cells) {
            spend += cell.total.spend_nano;
        }
        EXPECT_EQ(spend, nano);
        EXPECT_GT(examined.totals.home, 0);
        EXPECT_GT(examined.totals.foreign, 0);
        EXPECT_GT(examined.totals.excluded, 0);
        EXPECT_GT(examined.totals.unassigned, 0);
    }
}

TEST(Source, SlicesAndJobsDoNotChangeTheTally)
{
    TempDatabase const database;
    database.execute(k_random_rows);
    auto const reference = Source{options(database)}.tally(k_window, {});
    for (auto const &[jobs, slices] : {std::pair{1, 1}, {4, 7}, {3, 1000}}) {
        auto changed = options(database);
        changed.jobs = jobs;
        changed.slices = slices;
        auto const tally = Source{changed}.tally(k_window, {});
        ASSERT_EQ(tally.cells.size(), reference.cells.size());
        for (auto const &[key, cell] : reference.cells) {
            ASSERT_TRUE(tally.cells.contains(key));
            EXPECT_EQ(tally.cells.at(key).total, cell.total);
            EXPECT_EQ(tally.cells.at(key).series, cell.series);
        }
    }
}

TEST(Source, ReadsATableThatLacksEveryOptionalColumn)
{
    TempDatabase const database;
    database.execute("select add_incident()");
    database.execute(R"(alter table "LiteLLM_SpendLogs" drop column status, drop column request_tags,
                        drop column metadata, drop column "user", drop column end_user,
                        drop column requester_ip_address)");
    Source source{options(database)};
    auto const examined = examine(source.tally(k_window, {}), three_instances(), IssuerKind::key);
    EXPECT_EQ(examined.totals.home, 3);
    EXPECT_EQ(examined.totals.foreign, 5);
    EXPECT_EQ(source.health().missing_columns.size(), 6U);
}

TEST(Source, RowsComeInOrderAndInPages)
{
    TempDatabase const database;
    database.execute("select add_incident()");
    Source source{options(database)};
    RowQuery query{.issuer = {{IssuerKind::host, "claude.goodvision.tech"}, {}}, .window = k_window, .limit = 5};
    auto const first = source.rows(query, {});
    ASSERT_EQ(first.size(), 5U);
    query.after = std::pair{first.back().time, first.back().request_id};
    auto const second = source.rows(query, {});
    ASSERT_EQ(second.size(), 3U);
    EXPECT_EQ(first.front().time, at("2026-11-22T20:28:15Z"));
    EXPECT_EQ(second.back().time, at("2026-11-22T20:29:12Z"));
    EXPECT_EQ(second.back().tokens, 15633);
    EXPECT_EQ(second[1].spend_nano, 76'000'000);
    query = {.issuer = {{IssuerKind::host, "claude.goodvision.tech"}, {}},
             .window = k_window,
             .limit = 2,
             .from = RowQuery::From::newest};
    auto const newest = source.rows(query, {});
    ASSERT_EQ(newest.size(), 2U);
    EXPECT_EQ(newest.front().time, at("2026-11-22T20:29:03Z"));
}

TEST(Source, AKilledBackendCostsNothingButTime)
{
    TempDatabase const database;
    database.execute(k_random_rows);
    auto const rows = number(database, R"(select count(*) from "LiteLLM_SpendLogs")");
    std::atomic<bool> finished{false};
    std::atomic<int> killed{0};
    std::jthread const killer{[&] {
        for (int round = 0; round < 40 && !finished; ++round) {
            killed += std::stoi(database.value("select count(pg_terminate_backend(pid)) from pg_stat_activity where "
                                               "application_name = 'misroute.scan' and datname = current_database()"));
        }
    }};
    auto changed = options(database);
    changed.command = "scan";
    changed.slices = 200;
    auto const tally = [&] {
        for (int attempt = 0;; ++attempt) { // the first connection may be the one that is killed
            try {
                return Source{changed}.tally(k_window, {});
            } catch (Error const &error) {
                if (attempt > 20) {
                    throw;
                }
            }
        }
    }();
    finished = true;
    EXPECT_GT(killed, 0);
    EXPECT_TRUE(tally.gaps.empty() ? tally.scanned() == rows : tally.scanned() < rows);
}

TEST(Source, ASliceThatTimesOutIsSplitAndThenNamedAsAGap)
{
    TempDatabase const database;
    database.execute("select add_incident()");
    // The row of 20:28:40 takes a second to read; every other row takes no time.
    database.execute(R"(alter table "LiteLLM_SpendLogs" rename to kept;
        create function slow(at timestamp) returns boolean language sql volatile as
            $$ select case when at = '2026-11-22 20:28:40' then pg_sleep(1) is not null else true end $$;
        create view "LiteLLM_SpendLogs" as select * from kept where slow("startTime"))");
    auto changed = options(database);
    changed.statement_timeout = Milliseconds{300};
    changed.slices = 24;
    auto const tally = Source{changed}.tally(k_window, {});
    ASSERT_EQ(tally.gaps.size(), 1U);
    EXPECT_TRUE(tally.gaps[0].window.contains(at("2026-11-22T20:28:40Z")));
    EXPECT_LE(tally.gaps[0].window.length(), Milliseconds{2000});
    EXPECT_EQ(tally.scanned(), 7);
}

TEST(Source, AServerThatAnswersNoSliceInTimeIsNotAskedForEver)
{
    TempDatabase const database;
    database.execute(R"(alter table "LiteLLM_SpendLogs" rename to kept;
        create function slow() returns setof kept language plpgsql as
            $$ begin perform pg_sleep(10); return query select * from public.kept; end $$;
        create view "LiteLLM_SpendLogs" as select * from slow())");
    auto changed = options(database);
    changed.statement_timeout = Milliseconds{100};
    Source source{changed};
    auto const began = std::chrono::steady_clock::now();
    EXPECT_THROW(source.tally(k_window, {}), SqlError);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{10});
}

TEST(Source, ALockedTableIsNotAskedForLessAndLess)
{
    TempDatabase const database;
    database.execute("select add_incident()");
    auto changed = options(database);
    changed.lock_timeout = Milliseconds{200};
    changed.slices = 4;
    Source source{changed};
    std::jthread const other{
        [&] { database.execute(R"(lock table "LiteLLM_SpendLogs" in access exclusive mode; select pg_sleep(4))"); }};
    while (number(database, "select count(*) from pg_locks where mode = 'AccessExclusiveLock' and granted") == 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    auto const began = std::chrono::steady_clock::now();
    EXPECT_THROW(source.tally(k_window, {}), SqlError); // not one slice could be read
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{3});
}

// A client that calls itself and its model differently in every request, now and then at length.
constexpr char const *k_hostile_rows = R"(
insert into "LiteLLM_SpendLogs" (request_id, call_type, api_key, spend, total_tokens, "startTime", "endTime", model,
                                 model_id, model_group, custom_llm_provider, api_base, request_tags)
select n::text, 'acompletion', 'k', 0.001, 10, at, at, 'openai/' || name, 'd1', name, 'openai',
       'https://kellycloudai.com/v1/',
       jsonb_build_array('host: ' || case when n % 10 = 0 then 'claude.goodvision.tech' else name || '.example' end)
from generate_series(1, 60000) n,
     lateral (select '2026-11-21 20:30'::timestamp + n * interval '1 s' as at,
                     'name' || n || case when n % 500 = 1 then repeat('x', 10000) else '' end as name) v;
)";

TEST(Source, AnyNumberOfNamesTakesTheSameRoomAndLosesNothing)
{
    TempDatabase const database;
    database.execute(k_hostile_rows);
    auto changed = options(database);
    changed.expectations = three_instances();
    auto const tally = Source{changed}.tally(k_window, {});
    auto const examined = examine(tally, three_instances(), IssuerKind::host);
    EXPECT_EQ(examined.totals.scanned(), 60'000);
    EXPECT_EQ(examined.totals.foreign, 6'000); // claude's host, answered by openai
    EXPECT_TRUE(tally.overflow.any());
    EXPECT_GT(tally.overflow.issuer_requests, 50'000);
    EXPECT_LE(examined.issuers.size(), CardinalityLimits{}.issuers + 10);
    for (auto const &[key, cell] : tally.cells) {
        EXPECT_LE(key.host.size(), 204U);
        EXPECT_LE(key.model.size(), 204U);
    }
    changed.slices = 5;
    changed.jobs = 4;
    auto const again = Source{changed}.tally(k_window, {});
    ASSERT_EQ(again.cells.size(), tally.cells.size());
    EXPECT_EQ(again.cells.begin()->first, tally.cells.begin()->first);
    EXPECT_EQ(again.overflow.issuer_requests, tally.overflow.issuer_requests);
}

std::int64_t requests(Tally const &tally, ExclusionReason reason)
{
    std::int64_t sum = 0;
    for (auto const &[key, cell] : tally.cells) {
        sum += key.reason == reason ? cell.total.requests : 0;
    }
    return sum;
}

TEST(Source, MarkersAreCountedOfCandidatesAloneAndOfASampleOfThem)
{
    TempDatabase const database;
    database.execute(R"(
        select add_row('2026-11-22 10:00'::timestamp + n * interval '1 s', 'claude.goodvision.tech',
                       case when n % 10 = 0 then 'kelly-app' else 'jms-test' end, 'openai',
                       case when n % 4 = 0 then 'yxaiapp.com' else 'kellycloudai.com' end,
                       more => jsonb_build_object('metadata', jsonb_build_object('attempted_fallbacks', n % 3)))
        from generate_series(1, 2000) n)");
    auto const kelly = database.value("select encode(sha256('kellycloudai.com'), 'hex')");
    auto const key = database.value("select encode(sha256('jms-test'), 'hex')");
    std::string const candidates =
        R"(select count(*) from "LiteLLM_SpendLogs" where model_id = ')" + kelly + "' and api_key = '" + key + "' ";
    std::string const marked = "and metadata ->> 'attempted_fallbacks' <> '0' ";

    Source source{options(database)};
    auto const counted = source.tally(k_window, {});
    Candidates asked{{kelly}, {key}, {}, 1};
    for (auto const &[cell_key, cell] : counted.cells) {
        for (auto const &[bucket, sums] : cell.series) {
            asked.buckets.insert(bucket);
        }
    }
    auto const all = source.tally_markers(counted, {}, asked);
    EXPECT_EQ(all.scanned(), number(database, candidates));
    EXPECT_EQ(requests(all, ExclusionReason::fallback), number(database, candidates + marked));

    asked.one_in = 8;
    std::string const sampled = "and hashtext(request_id) & 7 = 0 ";
    auto const sample = source.tally_markers(counted, {}, asked);
    EXPECT_EQ(sample.scanned(), number(database, candidates + sampled));
    EXPECT_EQ(requests(sample, ExclusionReason::fallback), number(database, candidates + sampled + marked));
    EXPECT_NEAR(static_cast<double>(sample.scanned()), static_cast<double>(all.scanned()) / 8, 50); // 4 σ
}

TEST(Source, ConnectionsAreUsedAgain)
{
    TempDatabase const database;
    database.execute("select add_incident()");
    std::set<std::string> backends;
    auto asking = options(database);
    asking.jobs = 2;
    asking.slices = 50;
    Source source{asking};
    for (int round = 0; round < 3; ++round) {
        source.tally(k_window, {});
        auto const pids = database.value("select string_agg(pid::text, ' ' order by pid) from pg_stat_activity where "
                                         "datname = current_database() and application_name like 'misroute.%'");
        backends.insert(pids);
        EXPECT_EQ(std::count(pids.begin(), pids.end(), ' '), 1) << pids; // two of them
    }
    EXPECT_EQ(backends.size(), 1U); // and no others
}

TEST(SqlContract, EveryQueryCanBePreparedAndReadsNoPrompt)
{
    TempDatabase const database;
    Table const table{"public", "r", {}, {}};
    auto variables = tally_variables(table_variables(table, {IssuerKind::user, {}}, {}), Buckets::several);
    variables["belongs"] = "true";
    variables["after"] = ">";
    variables["direction"] = "asc";
    for (auto const &[name, query] : {std::pair{"tally", sql::tally},
                                      {"rows", sql::rows},
                                      {"columns", sql::columns},
                                      {"relations", sql::relations},
                                      {"health", sql::health},
                                      {"identity", sql::identity},
                                      {"leaves", sql::leaves},
                                      {"ahead", sql::ahead},
                                      {"oldest", sql::oldest},
                                      {"load", sql::load},
                                      {"session", sql::session},
                                      {"citus_settings", sql::citus_settings}}) {
        auto const statement = make_statement(query, variables);
        EXPECT_NO_THROW(database.execute("prepare contract as " + statement)) << name;
        // As a name of its own; call types such as 'aresponses' stand in quotes.
        std::regex const prompt{"[^a-z_'](messages|response|proxy_server_request)[^a-z_']"};
        EXPECT_FALSE(std::regex_search(statement, prompt)) << name;
    }
    for (auto const &[relation, query] : {std::pair{"LiteLLM_VerificationToken", sql::key_aliases},
                                          {"LiteLLM_VerificationToken", sql::configured_keys},
                                          {"LiteLLM_ProxyModelTable", sql::database_models},
                                          {"LiteLLM_Config", sql::config_params}}) {
        EXPECT_NO_THROW(database.execute("prepare contract as " +
                                         make_statement(query, {{"relation", quote_identifier(relation)}})));
    }
}

TEST(SqlContract, ASliceUsesTheIndexOnTime)
{
    TempDatabase const database;
    database.execute(k_random_rows);
    database.execute(R"(analyze "LiteLLM_SpendLogs")");
    auto const statement =
        make_statement(sql::tally, tally_variables(table_variables({"public", "r", {}, {}}, {}, {}), Buckets::one));
    database.execute(
        "create function plan() returns text language plpgsql as $f$ declare line text; result text := ''; "
        "begin for line in execute 'explain execute slice(''2026-11-22 10:00'', ''2026-11-22 10:15'', ''$'', "
        "1, null, null, null)' loop result := result || line; end loop; return result; end $f$");
    auto const plan =
        database.value("prepare slice(timestamp, timestamp, jsonpath, float8, text[], text[], integer) as " +
                       statement + "; select plan()");
    EXPECT_NE(plan.find("Index"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Seq Scan"), std::string::npos) << plan;
}

} // namespace
} // namespace misroute
