// SPDX-License-Identifier: Apache-2.0
//
// Weeks of hourly runs over a log that grows: what each of them would tell.
#include "investigate/changes.hpp"
#include "investigate/memory_rows.hpp"
#include "misroute/report.hpp"
#include "simulator/fleet.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace misroute {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;

constexpr Instant k_monday{std::chrono::sys_days{std::chrono::November / 23 / 2026}};

/// A row, and when LiteLLM wrote it.
struct Written
{
    Row row;
    Instant at;
};

/// The log as it is at a time.
class GrowingLog final : public RowSource
{
public:
    GrowingLog(std::vector<Written> const &all, Instant now)
    {
        for (auto const &[row, at] : all) {
            if (at <= now && row.time > now - 80h) { // no look reaches further back
                m_rows.push_back(row);
            }
        }
        auto const in_order = [](Row const &row) { return std::pair{row.time, std::string_view{row.request_id}}; };
        if (!std::ranges::is_sorted(m_rows, {}, in_order)) {
            std::ranges::sort(m_rows, {}, in_order);
        }
    }

    Knowledge knows() const override { return Knowledge::everything(); }
    Tally tally(Window const &window, std::optional<ByOption> const &) override
    {
        CountedRows counted{
            {.window = window, .bucket = bucket_width(window), .cells = {}, .overflow = {}, .gaps = {}, .aliases = {}},
            {}};
        std::ranges::copy_if(m_rows, std::back_inserter(counted.rows),
                             [&](Row const &row) { return window.contains(row.time); });
        count_rows(counted.tally, counted.rows);
        return counted.tally;
    }
    std::vector<Row> rows(RowQuery const &query, ByOption const &by) override
    {
        return page_of(
            {{.window = query.window, .bucket = 1s, .cells = {}, .overflow = {}, .gaps = {}, .aliases = {}}, m_rows},
            query, by);
    }

private:
    std::vector<Row> m_rows;
};

struct Week
{
    std::vector<Written> rows;
    simulator::Random random{7};
    std::int64_t made = 0;

    void add(Instant at, std::size_t entered, std::size_t answered, Milliseconds late = 5s)
    {
        auto row = simulator::row_of({at, entered, 0, false}, simulator::backend_of(answered), random);
        row.request_id = fmt::format("row-{:06}", made++);
        rows.push_back({row, at + late});
    }

    /// A request of claude every five minutes; of those in `incident`, two in three are answered elsewhere.
    void fill(Window const &all, Window const &incident)
    {
        for (auto at = all.since; at < all.until; at += 5min) {
            bool const faulty = incident.contains(at);
            auto const turn = static_cast<std::size_t>((at - all.since) / 5min % 3);
            add(at, simulator::k_claude, faulty ? turn : simulator::k_claude);
            if ((at - all.since) % 15min == 0min) {
                add(at + 1min, simulator::k_kelly, simulator::k_kelly);
                add(at + 2min, simulator::k_yxaiapp, simulator::k_yxaiapp);
            }
        }
    }
};

Fleet three()
{
    Fleet fleet;
    fleet.config.expectations = simulator::fleet();
    return fleet;
}

Report look(std::vector<Written> const &rows, Instant now, decltype(Comparison::since) since, Milliseconds window = 24h)
{
    GrowingLog log{rows, now};
    return investigate_changes(log, three(), {{now - window, now}, ByOption{}, now, "scan"}, {since, 15min, 24h});
}

/// "Tue 09:07 new provider-mismatch" for everything that is told.
std::vector<std::string> told(Report const &report, Instant now)
{
    std::vector<std::string> lines;
    for (auto const &finding : only_changes(report).findings) {
        lines.push_back(fmt::format("{} {} {}", to_timestamp(now).substr(5, 11), to_string(*finding.state),
                                    to_string(finding.rule)));
    }
    return lines;
}

/// The hourly runs of a stretch that find something to tell; `missed` do not run.
std::vector<std::string> week_of(std::vector<Written> const &rows, Window const &stretch,
                                 std::vector<Instant> const &missed, bool last_run)
{
    std::vector<std::string> lines;
    std::optional<Instant> last = stretch.since - 1h;
    for (auto now = stretch.since + 7min; now < stretch.until; now += 1h) {
        if (std::ranges::find(missed, now) != missed.end()) {
            continue;
        }
        auto const jitter = Milliseconds{(now.time_since_epoch() / 1h) % 7 * 100}; // cron is never on the second
        auto const report = last_run ? look(rows, now + jitter, *last) : look(rows, now + jitter, 1h);
        auto const news = told(report, now);
        lines.insert(lines.end(), news.begin(), news.end());
        last = report.window->until;
    }
    return lines;
}

std::vector<Written> week_with_incident()
{
    Week week;
    week.fill({k_monday - 24h, k_monday + 7 * 24h}, {k_monday + 33h, k_monday + 33h + 80h}); // Tue 09:00 to Fri 17:00
    return week.rows;
}

// A look of :07 judges what had settled by :52, up to the bound of a bucket of half an hour: :30. The clean requests of
// claude, one every five minutes, exclude two in three at 10⁻⁴ when there are nine.
std::vector<std::string> const k_told{"11-24 10:07 new provider-mismatch", "11-25 01:07 reminded provider-mismatch",
                                      "11-26 01:07 reminded provider-mismatch",
                                      "11-27 01:07 reminded provider-mismatch", "11-27 19:07 ended provider-mismatch"};

TEST(HourlyRuns, TellAnIncidentOnceThenOnceADayThenItsEnd)
{
    Window const week{k_monday, k_monday + 7 * 24h};
    EXPECT_EQ(week_of(week_with_incident(), week, {}, false), k_told);
    EXPECT_EQ(week_of(week_with_incident(), week, {}, true), k_told);
}

TEST(HourlyRuns, TellWhatAMissedRunWouldHaveToldAnHourLaterWhenTheyKnowTheLastOne)
{
    Window const week{k_monday, k_monday + 7 * 24h};
    auto const missed = k_monday + 34h + 7min;
    auto late = k_told;
    late[0] = "11-24 11:07 new provider-mismatch";
    EXPECT_EQ(week_of(week_with_incident(), week, {missed}, true), late);
}

TEST(HourlyRuns, TellEverythingOnceAfterTheDatabaseWasAwayForTwoDays)
{
    Window const week{k_monday, k_monday + 7 * 24h};
    std::vector<Instant> away;
    for (auto run = k_monday + 30h + 7min; run < k_monday + 78h; run += 1h) {
        away.push_back(run);
    }
    EXPECT_THAT(week_of(week_with_incident(), week, away, true),
                ElementsAre("11-26 06:07 new provider-mismatch", k_told[3], k_told[4]));
}

// Two days away with a window of a day, or half a day away with one of an hour.
TEST(HourlyRuns, TellAnIncidentThatBeganAndEndedWhileNothingRan)
{
    Week week;
    week.fill({k_monday - 24h, k_monday + 72h}, {k_monday + 10h, k_monday + 11h});
    auto const now = k_monday + 60h + 7min;
    for (auto const window : {24h, 1h}) {
        EXPECT_THAT(told(look(week.rows, now, k_monday + 9h, window), now),
                    ElementsAre("11-25 12:07 new provider-mismatch"));
    }
    EXPECT_THAT(told(look(week.rows, now, 51h), now), ElementsAre("11-25 12:07 new provider-mismatch"));
}

// As the runs of before would have: it had begun before the last one, and 24 hours later none of its rows is left.
TEST(HourlyRuns, TellTheEndOfWhatEndedWhileNothingRan)
{
    Week week;
    week.fill({k_monday - 24h, k_monday + 72h}, {k_monday + 6h, k_monday + 9h});
    auto const now = k_monday + 60h + 7min;
    EXPECT_THAT(told(look(week.rows, now, k_monday + 9h), now), ElementsAre("11-25 12:07 ended provider-mismatch"));
}

TEST(HourlyRuns, SayWhatLiesTooFarBackToBeTold)
{
    Week week;
    week.fill({k_monday - 24h, k_monday + 48h}, {});
    auto const report = look(week.rows, k_monday + 48h, k_monday - 40 * 24h);
    ASSERT_EQ(report.gaps.size(), 1U);
    EXPECT_EQ(report.gaps[0].window.since, k_monday - 40 * 24h);
    EXPECT_EQ(report.gaps[0].window.until, report.window->since);
    EXPECT_LE(report.window->length(), 31 * 24h);
    EXPECT_FALSE(report.changes->since.has_value());
    EXPECT_TRUE(look(week.rows, k_monday + 48h, k_monday - 20 * 24h).complete());
}

TEST(HourlyRuns, ASecondRunRightAfterTheFirstTellsNothing)
{
    auto const rows = week_with_incident();
    auto const now = k_monday + 34h + 7min;
    auto const first = look(rows, now, k_monday + 32h);
    EXPECT_THAT(told(first, now), ElementsAre(EndsWith("new provider-mismatch")));
    for (auto const after : {Milliseconds{1}, Milliseconds{1min}, Milliseconds{20min}}) {
        EXPECT_THAT(told(look(rows, now + after, first.window->until), now), testing::IsEmpty()) << after.count();
    }
}

TEST(HourlyRuns, TellARowThatWasWrittenLateOnce)
{
    Week week;
    week.fill({k_monday - 24h, k_monday + 48h}, {});
    // Written at 10:13: the run of 10:07 would have looked past it, and that of 11:07 taken it for known.
    week.add(k_monday + 9h + 59min, simulator::k_claude, simulator::k_kelly, 14min);
    auto const lines = week_of(week.rows, {k_monday, k_monday + 48h}, {}, false);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0], "11-23 11:07 new provider-mismatch");
    EXPECT_THAT(lines[1], EndsWith("ended provider-mismatch"));
}

TEST(HourlyRuns, TellANightWithoutTrafficOnceAndTheMorningOnce)
{
    Week week;
    week.fill({k_monday - 24h, k_monday + 22h}, {});
    week.fill({k_monday + 30h, k_monday + 48h}, {});
    std::vector<std::string> lines;
    std::vector<std::string> blind;
    for (auto now = k_monday + 12h; now < k_monday + 40h; now += 1h) {
        auto const report = look(week.rows, now, 1h, 1h);
        auto const news = told(report, now);
        lines.insert(lines.end(), news.begin(), news.end());
        if (report.changes->lost_sight) {
            blind.push_back(to_timestamp(now).substr(5, 11));
        }
    }
    EXPECT_EQ(blind.size(), 1U);
    EXPECT_THAT(lines,
                ElementsAre(EndsWith("new no-traffic"), EndsWith("new no-traffic"), EndsWith("new no-traffic"),
                            EndsWith("ended no-traffic"), EndsWith("ended no-traffic"), EndsWith("ended no-traffic")));
}

TEST(HourlyRuns, TellNothingWhereNothingHappens)
{
    Week week;
    week.fill({k_monday - 24h, k_monday + 48h}, {});
    EXPECT_THAT(week_of(week.rows, {k_monday, k_monday + 48h}, {}, false), IsEmpty());
}

TEST(Looks, TheFirstOneTellsEverythingThereIs)
{
    auto const now = k_monday + 40h;
    auto const report = look(week_with_incident(), now, std::monostate{});
    EXPECT_FALSE(report.changes->since.has_value());
    EXPECT_THAT(told(report, now), ElementsAre("11-24 16:00 new provider-mismatch"));
}

TEST(Looks, AreFunctionsOfTheLogAndTheTime)
{
    auto const now = k_monday + 40h;
    auto rows = week_with_incident();
    auto const first = look(rows, now, 1h);
    week_of(rows, {k_monday, k_monday + 48h}, {}, false);
    std::ranges::reverse(rows);
    auto const again = look(rows, now, 1h);
    EXPECT_EQ(told(first, now), told(again, now));
    EXPECT_EQ(first.window, again.window);
}

} // namespace
} // namespace misroute
