// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/error.hpp"
#include "report/json.hpp"
#include "report/saved.hpp"
#include "samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace misroute {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Report report_in(std::string const &text)
{
    return std::get<Report>(read_saved(text, "report.json").document);
}

std::string refusal_of(std::string const &text)
{
    try {
        read_saved(text, "report.json");
    } catch (Error const &error) {
        EXPECT_EQ(error.context, "report.json");
        EXPECT_FALSE(error.hint.empty());
        return error.what();
    }
    return "read";
}

std::string changed(std::string const &pointer, Json const &value)
{
    auto json = Json::parse(render_json(samples::incident(), {}));
    json[Json::json_pointer{pointer}] = value;
    return json.dump();
}

class EverySample : public ::testing::TestWithParam<samples::Sample>
{
};

TEST_P(EverySample, IsTheSameBytesAfterAJourney)
{
    auto const text = render_json(GetParam().make(), {});
    auto saved = read_saved(text, "report.json");
    auto report = std::get<Report>(saved.document);
    EXPECT_THAT(saved.left_out, ElementsAre());
    EXPECT_EQ(render_json(report, {}), text);
}

/// The report with the numbers that JSON rounds already rounded.
Report rounded(Report report)
{
    if (report.cost && report.cost->estimated_unbilled_usd) {
        report.cost->estimated_unbilled_usd = std::round(*report.cost->estimated_unbilled_usd * 1e4) / 1e4;
    }
    if (report.check) {
        for (auto &instance : report.check->instances) {
            if (instance.excludes_share) {
                instance.excludes_share = std::round(*instance.excludes_share * 1e3) / 1e3;
            }
        }
    }
    return report;
}

/// What people see of a saved report is what they would have seen at once. The hostile sample is left out, because
/// names are made valid on the way.
TEST_P(EverySample, LooksTheSameInEveryFormat)
{
    if (GetParam().name == "hostile") {
        return;
    }
    auto const report = rounded(GetParam().make());
    auto const read = report_in(render_json(report, {}));
    for (auto const &format : formats()) {
        EXPECT_EQ(format.render(read, {}), format.render(report, {})) << format.name;
    }
}

INSTANTIATE_TEST_SUITE_P(Saved, EverySample, ::testing::ValuesIn(samples::all()),
                         [](auto const &sample) { return std::string{sample.param.name}; });

// 0.4149 is 0.415 in JSON: 41 % at once would be 42 % later.
TEST(Saved, RoundsAShareTheSameAtOnceAndLater)
{
    auto report = samples::incident();
    report.issuers[0].foreign_share = Share{0.4149, 0.3649, 0.5849};
    auto const shown = as_written(report);
    EXPECT_EQ(render_json(shown, {}), render_json(report, {}));
    auto const later = report_in(render_json(report, {}));
    for (auto const &format : formats()) {
        EXPECT_EQ(format.render(later, {}), format.render(shown, {})) << format.name;
    }
}

TEST(Saved, RefusesWhatEndsBeforeItBegins)
{
    EXPECT_THAT(refusal_of(changed("/window/since", "2030-01-01T00:00:00.000Z")), HasSubstr("/window: it ends"));
    EXPECT_THAT(refusal_of(changed("/issuers/0/foreign_share/low", 0.999)), HasSubstr("/issuers/0/foreign_share"));
    EXPECT_THAT(refusal_of(changed("/issuers/0/backends/0/first_seen", "2030-01-01T00:00:00.000Z")),
                HasSubstr("/issuers/0/backends/0: it was last seen"));
}

TEST(Saved, SaysWhereANumberIsTooLarge)
{
    EXPECT_THAT(refusal_of("{\n  \"schema\": 1e400}"), HasSubstr("too large at line 2, column 17"));
}

TEST(Saved, KeepsTheVersionThatMadeIt)
{
    auto const report = report_in(changed("/tool/version", "0.9.7"));
    EXPECT_THAT(render_json(report, {}), HasSubstr("\"version\": \"0.9.7\""));
}

TEST(Saved, NamesWhatANewerVersionAdded)
{
    auto json = Json::parse(render_json(samples::incident(), {}));
    json["weather"] = "fine";
    json["issuers"][0]["colour"] = {{"red", 1}};
    json["findings"][1]["evidence"] = Json::array();
    auto const saved = read_saved(json.dump(), "report.json");
    EXPECT_THAT(saved.left_out, ElementsAre("/issuers/*/colour", "/weather"));
}

TEST(Saved, SaysThatFindingsOfUnknownRulesAreLeftOut)
{
    auto const saved = read_saved(changed("/findings/0/rule", "moon-mismatch"), "report.json");
    auto const report = std::get<Report>(saved.document);
    EXPECT_FALSE(report.complete());
    EXPECT_EQ(report.findings.size(), samples::incident().findings.size() - 1);
    EXPECT_THAT(report.notes.back(), HasSubstr("moon-mismatch"));
}

TEST(Saved, ReadsWhatTheFirstVersionWrote)
{
    auto json = Json::parse(render_json(samples::check_fail(), {}));
    for (auto &issuer : json["issuers"]) {
        issuer.erase("series");
        issuer.erase("sequence");
        for (auto &backend : issuer["backends"]) {
            backend.erase("stamp");
            backend.erase("unpriced_requests");
            backend.erase("unpriced_tokens");
        }
    }
    for (auto &finding : json["findings"]) {
        finding.erase("steps");
    }
    for (auto &cause : json["causes"]) {
        cause.erase("steps");
        cause.erase("settle");
    }
    json["check"].erase("exclude_share");
    json["check"].erase("confidence");
    auto const report = report_in(json.dump());
    EXPECT_EQ(lines_of(report.causes[0].next), lines_of(samples::check_fail().causes[0].next));
    EXPECT_EQ(report.check->confidence, 0.95);
}

TEST(Saved, RefusesGarbageWithItsPlace)
{
    EXPECT_THAT(refusal_of(""), HasSubstr("line 1, column 1"));
    EXPECT_THAT(refusal_of("{\n  \"schema\": nonsense\n}"), HasSubstr("line 2, column 14"));
    EXPECT_THAT(refusal_of("[]"), HasSubstr("/: an object is expected"));
    EXPECT_THAT(refusal_of("{}"), HasSubstr("\"schema\" is missing"));
    EXPECT_THAT(refusal_of(R"({"schema": "misroute.report/2"})"), HasSubstr("/schema: \"misroute.report/2\""));
    EXPECT_THAT(refusal_of(std::string(100'000, '[')), HasSubstr("line 1, column 100001"));
    EXPECT_THAT(refusal_of("{\"\xff\": 1}"), HasSubstr("UTF-8"));
}

TEST(Saved, RefusesWhatIsNoReportWithItsPath)
{
    EXPECT_THAT(refusal_of(changed("/issuers/0/home", "three")), HasSubstr("/issuers/0/home: a whole number"));
}

TEST(Saved, RefusesEveryWrongKindOfValue)
{
    EXPECT_THAT(refusal_of(changed("/issuers/0/home", -1)), HasSubstr("/issuers/0/home: a number of requests"));
    EXPECT_THAT(refusal_of(changed("/issuers/0/home", 1e300)), HasSubstr("/issuers/0/home: a whole number"));
    EXPECT_THAT(refusal_of(changed("/issuers/0/home", 18446744073709551615U)), HasSubstr("a whole number"));
    EXPECT_THAT(refusal_of(changed("/issuers/0/verdict", "fine")), HasSubstr("/issuers/0/verdict: \"fine\""));
    EXPECT_THAT(refusal_of(changed("/issuers/0/issuer", "claude")), HasSubstr("/issuers/0/issuer: an issuer"));
    EXPECT_THAT(refusal_of(changed("/issuers/0/onset/at", "24h")), HasSubstr("/issuers/0/onset/at: a time"));
    EXPECT_THAT(refusal_of(changed("/issuers/0/series/0/by_owner", 1)), HasSubstr("by_owner: an object"));
    EXPECT_THAT(refusal_of(changed("/issuers/0/backends/0/spend_usd", 1e10)), HasSubstr("spend_usd: an amount"));
    EXPECT_THAT(refusal_of(changed("/findings", nullptr)), HasSubstr("/findings: an array"));
    EXPECT_THAT(refusal_of(changed("/totals/excluded_by_reason/mcp", true)), HasSubstr("/mcp: a whole number"));
    EXPECT_THAT(refusal_of(changed("/issuers/0/onset/ongoing", 1)), HasSubstr("true or false"));
    EXPECT_THAT(refusal_of(changed("/config", 1)), HasSubstr("/config: a text"));
}

TEST(Saved, RefusesWithoutControlBytesOrKeys)
{
    auto const refusal = refusal_of(changed("/issuers/0/verdict", "\x1b[2Jsk-1234567890abcdefghij"));
    EXPECT_EQ(refusal.find('\x1b'), std::string::npos);
    EXPECT_EQ(refusal.find("sk-1234"), std::string::npos);
}

SavedTrace trace()
{
    SavedTrace saved;
    saved.header = {{IssuerKind::host, "claude.goodvision.tech"}, "claude", {samples::k_day, samples::k_day}};
    for (auto const &row : samples::incident_rows()) {
        saved.rows.push_back({row, "jms-test"});
    }
    saved.rows[4].request.judged = {.row_class = RowClass::excluded};
    saved.rows[4].request.row.key.reason = ExclusionReason::fallback;
    saved.rows[4].request.judged.rule.reset();
    saved.summary.dispatch = samples::incident().issuers.front().dispatch;
    saved.summary.truncated = true;
    for (auto const &row : saved.rows) {
        saved.summary.counts.add(row.request.judged.row_class, row.request.row.key.reason, 1);
    }
    return saved;
}

TEST(Saved, ATraceIsTheSameInEveryFormatAfterAJourney)
{
    auto const text = render(trace(), *find_trace_format("json"), {});
    auto const saved = read_saved(text, "trace.json");
    EXPECT_THAT(saved.left_out, ElementsAre());
    for (auto const &format : trace_formats()) {
        EXPECT_EQ(render(std::get<SavedTrace>(saved.document), format, {}), render(trace(), format, {})) << format.name;
    }
}

TEST(Saved, RefusesABrokenTraceWithItsPath)
{
    auto json = Json::parse(render(trace(), *find_trace_format("json"), {}));
    json["requests"][3]["class"] = "odd";
    EXPECT_THAT(refusal_of(json.dump()), HasSubstr("/requests/3/class: \"odd\""));
}

} // namespace
} // namespace misroute
