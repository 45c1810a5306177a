// SPDX-License-Identifier: Apache-2.0
//
// A server that lets nobody in any more: what was counted by then is kept, and what was not is named.
// tests/scripts/outage_test.py does the same to whole servers.
#include "db/temp_database.hpp"
#include "misroute/model/error.hpp"
#include "misroute/source.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include <chrono>
#include <optional>
#include <string>
#include <thread>

namespace misroute {
namespace {

using namespace std::chrono_literals;
using testing::TempDatabase;

constexpr char const *k_rows = R"(
select add_row('2026-11-22 10:00:00'::timestamp + make_interval(mins => i), 'claude.goodvision.tech', 'jms-test', 'openai', 'x.y')
from generate_series(0, 599) i;
)";

Window window()
{
    return {parse_instant("2026-11-22T00:00:00Z", {}).value(), parse_instant("2026-11-23T00:00:00Z", {}).value()};
}

void outside(std::string const &sql)
{
    pqxx::connection connection{"dbname=postgres"};
    pqxx::nontransaction work{connection};
    work.exec(sql);
}

/// Every connection to it is closed, and none can be made, until this goes out of scope.
class Closed
{
public:
    explicit Closed(TempDatabase const &database) : m_name{database.url().substr(std::string{"dbname="}.size())}
    {
        outside(fmt::format("alter database {} allow_connections false", m_name));
        outside(fmt::format("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{}'", m_name));
    }
    ~Closed() { outside(fmt::format("alter database {} allow_connections true", m_name)); }
    Closed(Closed const &) = delete;
    Closed &operator=(Closed const &) = delete;

private:
    std::string m_name;
};

SourceOptions options_for(TempDatabase const &database)
{
    SourceOptions options;
    options.url = database.url();
    options.give_up_after = 1s;
    options.slices = 24;
    options.jobs = 2;
    return options;
}

std::int64_t rows_of(Tally const &tally)
{
    std::int64_t rows = 0;
    for (auto const &[key, cell] : tally.cells) {
        rows += cell.total.requests;
    }
    return rows;
}

TEST(ServerGone, WhatWasCountedIsKeptAndTheRestIsOneGap)
{
    TempDatabase const database;
    database.execute(k_rows);
    auto options = options_for(database);
    options.jobs = 1;
    std::optional<Closed> closed;
    options.progress = [&](Progress const &progress) {
        if (progress.slices_done == 15) {
            closed.emplace(database);
        }
    };
    Source source{options};
    auto const began = std::chrono::steady_clock::now();
    auto const tally = source.tally(window(), {});
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
    EXPECT_GT(rows_of(tally), 0);
    EXPECT_LT(rows_of(tally), 600);
    ASSERT_EQ(tally.gaps.size(), 2); // the slices, and the names of keys
    EXPECT_EQ(tally.gaps.front().window.until, window().until);
    EXPECT_NE(tally.gaps.front().reason.find("gave up after 1 s"), std::string::npos) << tally.gaps.front().reason;
    EXPECT_NE(tally.gaps.back().reason.find("names of keys"), std::string::npos) << tally.gaps.back().reason;
}

TEST(ServerGone, BeforeAnythingIsCountedItIsAnError)
{
    TempDatabase const database;
    Source source{options_for(database)};
    Closed const closed{database};
    auto const began = std::chrono::steady_clock::now();
    EXPECT_THROW(source.tally(window(), {}), Error);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 4s);
}

TEST(ServerGone, WhatIsAskedAfterCountingIsOnlyMissed)
{
    TempDatabase const database;
    database.execute(k_rows);
    auto const source = log_rows(std::make_shared<Source>(options_for(database)));
    auto const tally = source->tally(window(), {});
    ASSERT_EQ(rows_of(tally), 600);
    EXPECT_TRUE(source->missed().empty());

    Closed const closed{database};
    auto const began = std::chrono::steady_clock::now();
    EXPECT_TRUE(
        source->rows({.issuer = {{IssuerKind::host, "claude.goodvision.tech"}, {}}, .window = window()}, {}).empty());
    EXPECT_TRUE(source->tally_markers(tally, {}, {{"d0"}, {}, {window().since}}).cells.empty());
    EXPECT_FALSE(source->models().readable);
    EXPECT_FALSE(source->origin()->ahead);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 4s); // one budget for all of them
    auto const missed = source->missed();
    ASSERT_EQ(missed.size(), 4);
    for (auto const &gap : missed) {
        EXPECT_EQ(gap.window, window());
        EXPECT_TRUE(gap.reason.starts_with("counted, but ")) << gap.reason;
        EXPECT_NE(gap.reason.find("gave up after 1 s"), std::string::npos) << gap.reason;
    }
}

TEST(ServerGone, OneThatComesBackInTimeLosesNothing)
{
    TempDatabase const database;
    database.execute(k_rows);
    auto options = options_for(database);
    options.jobs = 1;
    options.give_up_after = 20s;
    std::optional<Closed> closed;
    std::jthread opener;
    options.progress = [&](Progress const &progress) {
        if (progress.slices_done == 15) {
            closed.emplace(database);
            opener = std::jthread{[&] {
                std::this_thread::sleep_for(1s);
                closed.reset();
            }};
        }
    };
    Source source{options};
    auto const tally = source.tally(window(), {});
    EXPECT_EQ(rows_of(tally), 600);
    EXPECT_TRUE(tally.gaps.empty());
}

} // namespace
} // namespace misroute
