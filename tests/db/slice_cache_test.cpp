// SPDX-License-Identifier: Apache-2.0
//
// Counts kept from one run to the next: they must save work and never change an answer.
#include "db/temp_database.hpp"
#include "misroute/source.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <SQLiteCpp/SQLiteCpp.h>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

namespace misroute {
namespace {

using testing::TempDatabase;

Instant at(std::string const &text)
{
    return parse_instant(text, {}).value();
}

Window const k_window{at("2026-11-21T20:30:00Z"), at("2026-11-22T20:30:00Z")};

// A request every minute of the window, in turns at three hosts and of 7 keys.
constexpr char const *k_rows = R"(
select add_row('2026-11-21 20:30'::timestamp + n * interval '1 min',
               (array['claude.goodvision.tech', 'llm.goodvision.tech', null])[1 + n % 3], 'key-' || n % 7,
               (array['anthropic', 'openai'])[1 + n % 2], 'upstream.example', 10 + n, 0.001 * n)
from generate_series(0, 1439) n;
)";

class Cache : public ::testing::Test
{
protected:
    Cache()
    {
        std::string name = (std::filesystem::temp_directory_path() / "misroute-cache.XXXXXX").string();
        m_folder = ::mkdtemp(name.data());
        m_database.execute(k_rows);
    }
    ~Cache() override { std::filesystem::remove_all(m_folder); }

    SourceOptions options()
    {
        SourceOptions options;
        options.url = m_database.url();
        options.cache_file = file();
        options.log_sql = [this](std::string const &statement) {
            std::lock_guard const lock{m_mutex};
            m_asked += statement.starts_with("tally:") ? 1 : 0;
        };
        options.warn = [this](std::string const &message) {
            std::lock_guard const lock{m_mutex};
            m_warnings.push_back(message);
        };
        return options;
    }
    std::string file() const { return m_folder + "/state/slices.sqlite"; }

    Tally tally() { return tally(options()); }
    Tally tally(SourceOptions const &with, Window const &window = k_window)
    {
        m_asked = 0;
        m_warnings.clear();
        return Source{with}.tally(window, {});
    }
    Tally without_cache(Window const &window = k_window)
    {
        auto plain = options();
        plain.cache_file.clear();
        return tally(plain, window);
    }

    TempDatabase m_database;
    std::string m_folder;
    std::mutex m_mutex;
    int m_asked = 0; ///< slices read by the latest tally
    std::vector<std::string> m_warnings;
};

void expect_same(Tally const &tally, Tally const &truth)
{
    ASSERT_EQ(tally.cells.size(), truth.cells.size());
    for (auto const &[key, cell] : truth.cells) {
        ASSERT_TRUE(tally.cells.contains(key));
        EXPECT_EQ(tally.cells.at(key).total, cell.total);
        EXPECT_EQ(tally.cells.at(key).series, cell.series);
    }
    EXPECT_TRUE(tally.gaps.empty());
}

TEST_F(Cache, ASecondRunAsksForNothingAndSaysTheSame)
{
    auto const truth = without_cache();
    EXPECT_GE(m_asked, 96);
    EXPECT_EQ(truth.scanned(), 1440);
    expect_same(tally(), truth);
    EXPECT_GE(m_asked, 96);
    expect_same(tally(), truth);
    // What lies before the oldest row, and the bucket it is in, is asked again.
    EXPECT_LE(m_asked, 1);
    EXPECT_TRUE(m_warnings.empty());
    EXPECT_EQ(std::filesystem::status(m_folder + "/state").permissions(), std::filesystem::perms::owner_all);
}

TEST_F(Cache, ALaterWindowSharesTheSlicesOfAnEarlierOne)
{
    tally();
    auto const shift = std::chrono::minutes{67};
    Window const later{k_window.since + shift, k_window.until + shift};
    auto const shared = tally(options(), later);
    EXPECT_LE(m_asked, 7) << "an hour of new rows, and a first slice that begins inside of one that was kept";
    expect_same(shared, without_cache(later));
    expect_same(tally(options(), later), shared);
    EXPECT_EQ(m_asked, 0);
}

TEST_F(Cache, WhatIsNotSettledIsNeverKept)
{
    auto fresh = options();
    fresh.settle_time = std::chrono::days{10'000};
    tally(fresh);
    auto const cold = m_asked;
    tally(fresh);
    EXPECT_EQ(m_asked, cold);
    EXPECT_GE(cold, 96);
}

TEST_F(Cache, PiecesOfASliceAreJoined)
{
    auto fine = options();
    fine.slice = std::chrono::minutes{5};
    tally(fine);
    EXPECT_GE(m_asked, 288);
    auto const truth = without_cache();
    expect_same(tally(), truth);
    EXPECT_LE(m_asked, 1);
    SQLite::Database kept{file()};
    EXPECT_LE(kept.execAndGet("select count(*) from slice").getInt(), 100);
    expect_same(tally(), truth);
}

TEST_F(Cache, OtherQuestionsAreOtherCounts)
{
    tally();
    auto other = options();
    other.entry.host_tags = {"x-original-host"};
    auto const counted = tally(other);
    EXPECT_GE(m_asked, 96);
    for (auto const &[key, cell] : counted.cells) {
        EXPECT_EQ(key.host, "");
    }
    m_database.execute(R"(alter table "LiteLLM_SpendLogs" drop column status)");
    tally();
    EXPECT_GE(m_asked, 96) << "a table with other columns is asked in another way";
}

TEST_F(Cache, RebuildCountsAgain)
{
    tally();
    m_database.execute(R"(update "LiteLLM_SpendLogs" set total_tokens = 1)");
    auto again = options();
    again.rebuild = true;
    expect_same(tally(again), without_cache());
    expect_same(tally(), without_cache());
}

TEST_F(Cache, RowsThatLiteLlmDeletedAreNotCountedAnyMore)
{
    tally();
    m_database.execute(R"(delete from "LiteLLM_SpendLogs" where "startTime" < '2026-11-22 08:07')");
    auto const truth = without_cache();
    expect_same(tally(), truth);
    EXPECT_LT(truth.scanned(), 800);
}

TEST_F(Cache, AnotherTableOfTheSameNameIsAnotherLog)
{
    tally();
    m_database.execute(R"(alter table "LiteLLM_SpendLogs" rename to kept;
        create table "LiteLLM_SpendLogs" (like kept including all);
        insert into "LiteLLM_SpendLogs" select * from kept where total_tokens % 2 = 0)");
    expect_same(tally(), without_cache());
}

TEST_F(Cache, CountsOfAClockThatWasSetBackAreForgotten)
{
    tally();
    SQLite::Database{file(), SQLite::OPEN_READWRITE}.exec("update slice set made = made + 3600000");
    tally();
    EXPECT_GE(m_asked, 96);
    tally();
    EXPECT_LE(m_asked, 1);
}

TEST_F(Cache, ADamagedFileIsSetAsideAndNeverTrusted)
{
    auto const truth = without_cache();
    tally();
    // A count that is not what was written.
    SQLite::Database{file(), SQLite::OPEN_READWRITE}.exec(
        "update slice set cells = (select cells from slice order by since limit 1 offset 3) "
        "where since = (select since from slice order by since limit 1 offset 50)");
    expect_same(tally(), truth);
    ASSERT_EQ(m_warnings.size(), 1U);
    EXPECT_NE(m_warnings.front().find("set aside as " + file() + ".damaged"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(file() + ".damaged"));

    // Pages that are no pages.
    tally();
    auto const size = std::filesystem::file_size(file());
    std::fstream{file(), std::ios::in | std::ios::out | std::ios::binary}.seekp(4096).write(
        std::string(static_cast<std::size_t>(size) - 4096, '\x5a').data(), static_cast<std::streamsize>(size) - 4096);
    expect_same(tally(), truth);
    EXPECT_EQ(m_warnings.size(), 1U);

    // No database at all.
    std::ofstream{file()} << "this was never SQLite's, however long it is, and however often it is read again";
    expect_same(tally(), truth);
    EXPECT_EQ(m_warnings.size(), 1U);
    expect_same(tally(), truth);
    EXPECT_LE(m_asked, 1) << "a new file took its place";
}

TEST_F(Cache, AFileThatCannotBeUsedIsAWarning)
{
    auto const truth = without_cache();
    std::ofstream{m_folder + "/file"} << "not a folder";
    auto elsewhere = options();
    elsewhere.cache_file = m_folder + "/file/slices.sqlite";
    expect_same(tally(elsewhere), truth);
    ASSERT_EQ(m_warnings.size(), 1U);
    EXPECT_NE(m_warnings.front().find("going on without it"), std::string::npos);
}

TEST_F(Cache, NoSpaceForItIsAWarning)
{
    auto const truth = without_cache();
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit const small{20'000, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    auto const full = tally();
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    expect_same(full, truth);
    EXPECT_EQ(m_warnings.size(), 1U);
    expect_same(tally(), truth); // and what was written half is not believed
    expect_same(tally(), truth);
}

TEST_F(Cache, RunsAtTheSameTimeShareOneFile)
{
    auto const truth = without_cache();
    std::vector<Tally> tallies(4);
    {
        std::vector<std::jthread> runs;
        for (auto &result : tallies) {
            runs.emplace_back([&] { result = Source{options()}.tally(k_window, {}); });
        }
    }
    for (auto const &result : tallies) {
        expect_same(result, truth);
    }
    EXPECT_TRUE(m_warnings.empty());
    expect_same(tally(), truth);
    EXPECT_LE(m_asked, 1);
}

TEST_F(Cache, WhatWasFoldedIsNotKept)
{
    auto narrow = options();
    narrow.limits = {1, 60, 60};
    auto const first = tally(narrow);
    EXPECT_TRUE(first.overflow.any());
    auto const wide = tally();
    expect_same(wide, without_cache());
    EXPECT_FALSE(wide.overflow.any());
    auto const again = tally(narrow);
    EXPECT_EQ(again.scanned(), first.scanned());
    EXPECT_EQ(again.overflow.issuers_below, first.overflow.issuers_below);
    EXPECT_EQ(again.overflow.models_below, first.overflow.models_below);
}

/// Backends that are busy for a while.
std::vector<std::jthread> busy(TempDatabase const &database, int count, std::string const &seconds)
{
    std::vector<std::jthread> backends;
    for (int index = 0; index < count; ++index) {
        backends.emplace_back([&database, seconds] { database.value("select pg_sleep(" + seconds + ")::text"); });
    }
    while (std::stoi(database.value("select count(*) from pg_stat_activity where query like 'select pg_sleep%' and "
                                    "state = 'active' and datname = current_database()")) < count) {
        std::this_thread::sleep_for(Milliseconds{20});
    }
    return backends;
}

TEST_F(Cache, ABusyServerIsWaitedFor)
{
    auto polite = options();
    polite.cache_file.clear();
    polite.max_load = 1'000;
    expect_same(tally(polite), without_cache());
    std::int64_t most = 0;
    polite.max_load = 2;
    polite.waiting = [&](std::int64_t active) { most = std::max(most, active); };
    auto const backends = busy(m_database, 4, "2");
    auto const began = std::chrono::steady_clock::now();
    auto const counted = tally(polite);
    EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::seconds{1});
    EXPECT_GE(most, 3);
    expect_same(counted, without_cache());
}

TEST_F(Cache, AServerThatStaysBusyLeavesAGap)
{
    auto polite = options();
    polite.max_load = 1;
    polite.longest_pause = Milliseconds{1};
    tally(); // the cache still answers
    SQLite::Database{file(), SQLite::OPEN_READWRITE}.exec("delete from slice where since % 2 = 0 and since > "
                                                          "(select min(since) + 40000000 from slice)");
    auto const backends = busy(m_database, 4, "4");
    auto const counted = tally(polite);
    ASSERT_FALSE(counted.gaps.empty());
    EXPECT_NE(counted.gaps.front().reason.find("more than 1 other backends were active"), std::string::npos);
    EXPECT_GT(counted.scanned(), 0);
    EXPECT_LT(counted.scanned(), 1440);
}

std::filesystem::perms mode_of(std::string const &path)
{
    return std::filesystem::symlink_status(path).permissions();
}

TEST_F(Cache, IsOfItsOwnerAlone)
{
    using std::filesystem::perms;
    auto const before = ::umask(0);
    tally();
    ::umask(before);
    EXPECT_EQ(mode_of(m_folder + "/state"), perms::owner_all);
    EXPECT_EQ(mode_of(file()), perms::owner_read | perms::owner_write);
    std::filesystem::permissions(file(), perms{0644});
    std::filesystem::permissions(m_folder + "/state", perms{0755});
    tally(); // as an older misroute left them
    EXPECT_EQ(m_asked, 0);
    EXPECT_EQ(mode_of(m_folder + "/state"), perms::owner_all);
    EXPECT_EQ(mode_of(file()), perms::owner_read | perms::owner_write);
}

TEST_F(Cache, IsNotReadWhereOthersMayWrite)
{
    tally();
    std::filesystem::permissions(m_folder + "/state", std::filesystem::perms{0777});
    tally();
    EXPECT_GT(m_asked, 0);
    ASSERT_EQ(m_warnings.size(), 1U);
    EXPECT_NE(m_warnings.front().find("others may write"), std::string::npos) << m_warnings.front();
}

TEST_F(Cache, FollowsNoLink)
{
    tally();
    std::filesystem::rename(file(), m_folder + "/elsewhere");
    std::filesystem::create_symlink(m_folder + "/elsewhere", file());
    tally();
    EXPECT_GT(m_asked, 0);
    EXPECT_EQ(m_warnings.size(), 1U);
    std::filesystem::rename(m_folder + "/state", m_folder + "/other");
    std::filesystem::create_directory_symlink(m_folder + "/other", m_folder + "/state");
    tally();
    EXPECT_GT(m_asked, 0);
    EXPECT_EQ(m_warnings.size(), 1U);
}

} // namespace
} // namespace misroute
