// SPDX-License-Identifier: Apache-2.0
#include "cli/outcome.hpp"

#include <gtest/gtest.h>

namespace misroute::cli {
namespace {

Report examined()
{
    Report report;
    report.totals = ClassCounts{.home = 8};
    return report;
}

Report with_finding(Severity severity)
{
    auto report = examined();
    report.findings.push_back({.severity = severity});
    return report;
}

TEST(ExitCode, IsOneWhereAFindingReachesFailOn)
{
    struct
    {
        char const *fail_on;
        Severity finding;
        ExitCode code;
    } const k_cases[] = {
        {"error", Severity::error, ExitCode::findings},     {"error", Severity::warning, ExitCode::clean},
        {"error", Severity::info, ExitCode::clean},         {"warning", Severity::error, ExitCode::findings},
        {"warning", Severity::warning, ExitCode::findings}, {"warning", Severity::info, ExitCode::clean},
        {"info", Severity::info, ExitCode::findings},       {"never", Severity::error, ExitCode::clean},
    };
    for (auto const &row : k_cases) {
        auto const report = with_finding(row.finding);
        EXPECT_EQ(exit_code_of(report, {severity_of(row.fail_on), false}), row.code) << row.fail_on;
        EXPECT_EQ(exit_code_of(report, {severity_of(row.fail_on), true}), ExitCode::clean) << row.fail_on;
    }
}

TEST(ExitCode, IsThreeWhereNothingOrNotEverythingWasExamined)
{
    EXPECT_EQ(exit_code_of(examined(), {}), ExitCode::clean);
    EXPECT_EQ(exit_code_of(Report{}, {}), ExitCode::inconclusive);

    Report unassigned;
    unassigned.totals = ClassCounts{.unknown = 3, .excluded = 4, .unassigned = 5};
    EXPECT_EQ(exit_code_of(unassigned, {}), ExitCode::inconclusive);
    unassigned.issuers.push_back({.verdict = Verdict::mixed});
    EXPECT_EQ(exit_code_of(unassigned, {}), ExitCode::clean); // that they mix is a judgement

    auto gap = examined();
    gap.gaps.emplace_back();
    EXPECT_EQ(exit_code_of(gap, {}), ExitCode::inconclusive);

    auto broken = examined();
    broken.cluster.emplace();
    EXPECT_EQ(exit_code_of(broken, {}), ExitCode::clean);
    broken.cluster->problems.emplace_back("a.yaml:3: cannot be read");
    EXPECT_EQ(exit_code_of(broken, {}), ExitCode::inconclusive);

    Report manifests;
    manifests.cluster.emplace();
    EXPECT_EQ(exit_code_of(manifests, {}), ExitCode::inconclusive);
    manifests.cluster->services.emplace_back();
    EXPECT_EQ(exit_code_of(manifests, {}), ExitCode::clean);
}

TEST(ExitCode, OfFindingsWinsOverIncompleteAndExitZeroDoesNotHideGaps)
{
    auto report = with_finding(Severity::error);
    report.gaps.emplace_back();
    EXPECT_EQ(exit_code_of(report, {}), ExitCode::findings);
    EXPECT_EQ(exit_code_of(report, {.exit_zero = true}), ExitCode::inconclusive);
    report.findings.front().suppressed.emplace();
    EXPECT_EQ(exit_code_of(report, {}), ExitCode::inconclusive);
}

TEST(ExitCode, OfACheckIsItsVerdict)
{
    struct
    {
        char const *verdict;
        ExitCode code, with_exit_zero;
    } const k_cases[] = {{"pass", ExitCode::clean, ExitCode::clean},
                         {"fail", ExitCode::findings, ExitCode::clean},
                         {"inconclusive", ExitCode::inconclusive, ExitCode::inconclusive}};
    for (auto const &row : k_cases) {
        auto report = with_finding(Severity::info);
        report.check = CheckResult{.verdict = row.verdict};
        EXPECT_EQ(exit_code_of(report, {}), row.code) << row.verdict;
        EXPECT_EQ(exit_code_of(report, {.exit_zero = true}), row.with_exit_zero) << row.verdict;
        auto const lenient = exit_code_of(report, {.inconclusive = true});
        EXPECT_EQ(lenient, row.code == ExitCode::inconclusive ? ExitCode::clean : row.code) << row.verdict;
    }
}

TEST(Quiet, IsOnlyForReportsWithNothingToSay)
{
    EXPECT_TRUE(nothing_to_say(examined()));
    EXPECT_FALSE(nothing_to_say(Report{}));
    for (auto const severity : {Severity::error, Severity::warning, Severity::info}) {
        EXPECT_FALSE(nothing_to_say(with_finding(severity))); // whatever --fail-on tolerates
    }
    auto suppressed = with_finding(Severity::error);
    suppressed.findings.front().suppressed.emplace();
    EXPECT_TRUE(nothing_to_say(suppressed));

    auto gap = examined();
    gap.gaps.emplace_back();
    EXPECT_FALSE(nothing_to_say(gap));

    auto mixed = examined();
    mixed.issuers.push_back({.verdict = Verdict::mixed});
    EXPECT_FALSE(nothing_to_say(mixed));
}

} // namespace
} // namespace misroute::cli
