// SPDX-License-Identifier: Apache-2.0
#include "detect/answered_by.hpp"
#include "investigate/trace.hpp"
#include "report/trace_report.hpp"
#include "simulator/fleet.hpp"
#include "simulator/scenario.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace misroute {
namespace {

using namespace std::chrono_literals;
using simulator::SimulatedRows;
using simulator::Traffic;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Traffic traffic_of(std::string_view scenario)
{
    simulator::Random random{1};
    return simulator::scenario(scenario).make(random);
}

Fleet fleet_of(Traffic const &traffic)
{
    Fleet fleet;
    fleet.config.expectations = traffic.expected;
    return fleet;
}

ScanRequest request_of(Traffic const &traffic)
{
    return {traffic.window, ByOption{traffic.by, {}}, traffic.window.until, "scan"};
}

/// Counts, and fails whoever asks for more.
class CountsOnly final : public RowSource
{
public:
    explicit CountsOnly(Traffic const &traffic) : m_rows{traffic} {}

    Knowledge knows() const override { return {Known::rows, Known::course}; }
    Tally tally(Window const &window, std::optional<ByOption> const &by) override { return m_rows.tally(window, by); }
    Tally tally_markers(Tally const &, ByOption const &, Candidates const &) override { throw asked_too_much(); }
    std::vector<Row> rows(RowQuery const &, ByOption const &) override { throw asked_too_much(); }
    DatabaseModels models() override { throw asked_too_much(); }

private:
    static std::logic_error asked_too_much() { return std::logic_error{"asked for what is not known"}; }

    SimulatedRows m_rows;
};

/// The log, with a note of the rows that were asked for.
class Watched final : public RowSource
{
public:
    explicit Watched(Traffic const &traffic) : m_rows{traffic} {}

    Knowledge knows() const override { return m_rows.knows(); }
    Tally tally(Window const &window, std::optional<ByOption> const &by) override { return m_rows.tally(window, by); }
    Tally tally_markers(Tally const &counted, ByOption const &by, Candidates const &which) override
    {
        return m_rows.tally_markers(counted, by, which);
    }
    std::vector<Row> rows(RowQuery const &query, ByOption const &by) override
    {
        limits.insert(query.limit);
        return m_rows.rows(query, by);
    }

    std::set<std::size_t> limits;

private:
    SimulatedRows m_rows;
};

/// A log of which no sample meets a marked row.
class UnluckySample final : public RowSource
{
public:
    explicit UnluckySample(Traffic const &traffic) : m_rows{traffic}, m_unmarked{without_marked(traffic)} {}

    Knowledge knows() const override { return m_rows.knows(); }
    Tally tally(Window const &window, std::optional<ByOption> const &by) override { return m_rows.tally(window, by); }
    Tally tally_markers(Tally const &counted, ByOption const &by, Candidates const &which) override
    {
        return (which.one_in > 1 ? m_unmarked : m_rows).tally_markers(counted, by, which);
    }
    std::vector<Row> rows(RowQuery const &query, ByOption const &by) override { return m_rows.rows(query, by); }
    DatabaseModels models() override { return m_rows.models(); }

private:
    static Traffic without_marked(Traffic traffic)
    {
        std::erase_if(traffic.rows, [](Row const &row) { return row.key.reason == ExclusionReason::fallback; });
        return traffic;
    }

    SimulatedRows m_rows;
    SimulatedRows m_unmarked;
};

/// Claude's request, answered by kelly at an entry that both have to the letter: it is no proof of where it was.
Row answered_by_kelly(simulator::Request const &request, simulator::Random &random)
{
    auto row = simulator::row_of(request, simulator::backend_of(simulator::k_kelly), random);
    row.key.model_id = "copied-entry";
    return row;
}

/// A day on which every request from two o'clock in the afternoon on is answered by another instance, and three had
/// been at two o'clock in the morning: marked fallbacks, at the same deployment.
Traffic fallbacks_before_an_incident()
{
    simulator::Random random{1};
    auto const window = simulator::window_of_day();
    Traffic traffic;
    traffic.expected = simulator::fleet();
    traffic.window = window;
    traffic.truth.begun = window.since + 14h;
    for (auto const &request : simulator::day(random, {6'000, 4}, traffic.truth)) {
        traffic.rows.push_back(request.faulty && request.entered == simulator::k_claude
                                   ? answered_by_kelly(request, random)
                                   : simulator::row_of(request, simulator::backend_of(request.entered), random));
    }
    for (int n = 0; n < 3; ++n) {
        traffic.rows.push_back(answered_by_kelly({window.since + 2h + n * 1s, simulator::k_claude, 0, true}, random));
        traffic.rows.back().key.reason = ExclusionReason::fallback;
    }
    std::ranges::stable_sort(traffic.rows, {}, &Row::time);
    return traffic;
}

std::vector<std::string> rules_of(Report const &report)
{
    std::vector<std::string> rules;
    std::ranges::transform(report.findings, std::back_inserter(rules),
                           [](Finding const &finding) { return std::string{to_string(finding.rule)}; });
    return rules;
}

TEST(Line, AsksASourceForNothingItDoesNotKnow)
{
    auto const traffic = traffic_of("round-robin");
    CountsOnly source{traffic};
    auto const report = investigate(source, fleet_of(traffic), request_of(traffic));
    EXPECT_THAT(rules_of(report), Contains("provider-mismatch"));
    EXPECT_THAT(report.causes, IsEmpty()) << "their evidence is in rows";
    ASSERT_EQ(report.issuers.front().verdict, Verdict::misrouted);
    EXPECT_TRUE(report.issuers.front().onset.has_value()) << "counts in time tell that much";
}

TEST(Line, RulesRunOnlyWhereTheirNeedsAreKnown)
{
    auto traffic = traffic_of("round-robin");
    for (std::size_t i = 0; i < traffic.rows.size(); i += 7) {
        traffic.rows[i].key.host.clear();
    }
    SimulatedRows log{traffic};
    CountsOnly counts{traffic};
    auto const fleet = fleet_of(traffic);
    EXPECT_THAT(rules_of(investigate(log, fleet, request_of(traffic))), Contains("unattributed-traffic"));
    EXPECT_THAT(rules_of(investigate(counts, fleet, request_of(traffic))), Not(Contains("unattributed-traffic")));
}

TEST(Line, ReadsSoManyRowsOfASuspect)
{
    auto const traffic = traffic_of("swapped-route");
    Watched source{traffic};
    (void)investigate(source, fleet_of(traffic), request_of(traffic));
    EXPECT_THAT(source.limits, testing::ElementsAre(10, 50, 120, 400)) << "probed, evidence, before, newest";
}

TEST(Line, MarksOfTheOldestForeignRowsAreNotLeftToASample)
{
    auto const traffic = fallbacks_before_an_incident();
    UnluckySample source{traffic};
    auto const report = investigate(source, fleet_of(traffic), request_of(traffic));
    EXPECT_EQ(report.totals->by_reason.at(static_cast<std::size_t>(ExclusionReason::fallback)), 3);
    auto const &onset = report.issuers.front().onset;
    ASSERT_TRUE(onset.has_value());
    EXPECT_GE(onset->at, *traffic.truth.begun);
    EXPECT_LT(onset->at, *traffic.truth.begun + 5min);
}

/// The last letters of the plot that `misroute trace` prints.
std::string plot_of(Traffic const &traffic, Issuer const &issuer, std::size_t letters)
{
    SimulatedRows source{traffic};
    auto const tally = source.tally(traffic.window, ByOption{issuer.kind, {}});
    auto const renderer = find_trace_format("table")->make({.width = 100});
    (void)renderer->begin({issuer, {}, traffic.window});
    Tracer tracer{source, traffic.expected, tally, issuer};
    auto const summary = tracer.trace(0, [&](TraceRow const &row) { (void)renderer->row(row); });
    auto const text = renderer->end(summary);
    auto strip = text.substr(0, text.find(" · "));
    strip = strip.substr(0, strip.rfind('\n'));
    std::erase_if(strip, [](char byte) { return byte < 'A' || byte > 'Z'; });
    return strip.size() < letters ? strip : strip.substr(strip.size() - letters);
}

TEST(Line, ScanAndTraceShowTheSameLetters)
{
    auto traffic = traffic_of("round-robin");
    auto name = 'z'; // all begin with one letter, and the order of names is not that of arrival
    for (auto &instance : traffic.expected.instances) {
        instance.name = std::string{"c"} + name--;
    }
    SimulatedRows source{traffic};
    auto const report = investigate(source, fleet_of(traffic), request_of(traffic));
    for (auto const &issuer : report.issuers) {
        if (issuer.dispatch) {
            auto order = issuer.dispatch->order;
            std::erase(order, ' ');
            EXPECT_EQ(plot_of(traffic, issuer.issuer, order.size()), order);
        }
    }
    ASSERT_TRUE(report.issuers.front().dispatch.has_value());
}

TEST(Line, AnInstanceHasOneLetterWhoeverElseAnswered)
{
    Expectations expected;
    expected.instances = {{.name = "claude"}, {.name = "chat"}, {.name = "kelly"}};
    EXPECT_EQ(letters_of({"claude", "kelly"}, expected).at("claude"), 'L') << "C is chat's, seen or not";
    EXPECT_EQ(letters_of({"chat", "claude", "aa"}, expected).at("claude"), 'L');
    EXPECT_EQ(letters_of({"claude"}, {}).at("claude"), 'C');
}

TEST(Line, FindsFallbacksInMetadataAlone)
{
    auto const traffic = traffic_of("marked-fallback");
    SimulatedRows source{traffic};
    auto const counted = source.tally(traffic.window, {});
    EXPECT_TRUE(std::ranges::none_of(
        counted.cells, [](auto const &entry) { return entry.first.reason == ExclusionReason::fallback; }));
    auto const report = investigate(source, fleet_of(traffic), request_of(traffic));
    EXPECT_EQ(report.totals->foreign, 0);
    EXPECT_GT(report.totals->by_reason[static_cast<std::size_t>(ExclusionReason::fallback)], 0);
}

TEST(Line, ManifestsAloneKnowOfNoRequest)
{
    Config config;
    config.expectations = simulator::fleet();
    auto const report = investigate_manifests({}, config, {});
    EXPECT_THAT(report.findings, IsEmpty()) << "no instance is idle where no request is known";
    EXPECT_FALSE(report.totals.has_value());
    EXPECT_THAT(report.notes, Contains(HasSubstr("nothing was examined")));
}

} // namespace
} // namespace misroute
