// SPDX-License-Identifier: Apache-2.0
//
// When clean requests suffice. The numbers are those of statistics S10: 29 exclude a share of 0.1 at 95 %, 44 at 99 %,
// 8 exclude a third, and 30 exclude 1 − 0.05^(1/30) = 0.0950.
#include "detect/check.hpp"

#include <gtest/gtest.h>

namespace misroute {

namespace {

InstanceReport instance(std::string name, std::int64_t home, std::int64_t foreign)
{
    InstanceReport result;
    result.name = std::move(name);
    result.counts.home = home;
    result.counts.foreign = foreign;
    return result;
}

Report with(std::vector<InstanceReport> instances)
{
    Report report;
    report.instances = std::move(instances);
    return report;
}

Finding mismatch(Rule rule, std::string at, bool suppressed)
{
    Finding finding;
    finding.rule = rule;
    finding.instance = std::move(at);
    if (suppressed) {
        finding.suppressed = Suppression{"migration", {}};
    }
    return finding;
}

std::string verdict(std::int64_t home, CheckPlan const &plan, Dependence const &dependence = {})
{
    return conclude_check(with({instance("claude", home, 0)}), plan, dependence).verdict;
}

} // namespace

TEST(Check, PassesFromTheNumberThatExcludesTheShare)
{
    EXPECT_EQ(verdict(28, {}), "inconclusive");
    EXPECT_EQ(verdict(29, {}), "pass");
    EXPECT_EQ(verdict(43, {.confidence = 0.99}), "inconclusive");
    EXPECT_EQ(verdict(44, {.confidence = 0.99}), "pass");
    EXPECT_EQ(verdict(7, {.exclude_share = 1.0 / 3}), "inconclusive");
    EXPECT_EQ(verdict(8, {.exclude_share = 1.0 / 3}), "pass");
}

TEST(Check, SaysWhatTheSampleExcludes)
{
    auto const check = conclude_check(with({instance("claude", 30, 0)}), {}, {});
    ASSERT_EQ(check.instances.size(), 1U);
    ASSERT_TRUE(check.instances[0].excludes_share.has_value());
    EXPECT_NEAR(*check.instances[0].excludes_share, 0.0950, 0.00005);
    EXPECT_EQ(check.sentence, "30 clean requests: a share above 9.5 % would have been seen with 95 % confidence");
}

TEST(Check, CountsStickyTrafficByItsEffectiveSize)
{
    // ln 0.05 / ln 0.9 = 28.43 independent requests.
    Dependence const ten{{"claude", 10.0}};
    EXPECT_EQ(verdict(30, {}, ten), "inconclusive");
    EXPECT_EQ(verdict(284, {}, ten), "inconclusive");
    EXPECT_EQ(verdict(285, {}, ten), "pass");
    auto const check = conclude_check(with({instance("claude", 30, 0)}), {}, ten);
    EXPECT_DOUBLE_EQ(check.instances.at(0).effective, 3.0);
    EXPECT_NE(check.sentence.find("worth 3.0 independent ones"), std::string::npos) << check.sentence;
    EXPECT_NE(check.sentence.find("takes 255 more"), std::string::npos) << check.sentence;
}

TEST(Check, FailsByOneForeignRequestHoweverManyAreClean)
{
    auto const check = conclude_check(with({instance("claude", 1000, 1), instance("kelly", 40, 0)}), {}, {});
    EXPECT_EQ(check.verdict, "fail");
    EXPECT_EQ(check.sentence, "1 of 1,001 requests of claude was answered by another instance");
    EXPECT_FALSE(check.instances.at(0).excludes_share.has_value());
    EXPECT_TRUE(all_decided(check));
}

TEST(Check, ForgivesOnlyWhatIsSuppressedThroughout)
{
    auto report = with({instance("claude", 40, 5)});
    report.findings = {mismatch(Rule::provider_mismatch, "claude", true), mismatch(Rule::no_traffic, "claude", false)};
    EXPECT_EQ(conclude_check(report, {}, {}).verdict, "pass");
    report.findings.push_back(mismatch(Rule::upstream_mismatch, "claude", false));
    EXPECT_EQ(conclude_check(report, {}, {}).verdict, "fail");
}

TEST(Check, NeedsEveryInstanceAskedFor)
{
    auto const report = with({instance("claude", 40, 0), instance("kelly", 0, 0)});
    auto const all = conclude_check(report, {}, {});
    EXPECT_EQ(all.verdict, "inconclusive");
    EXPECT_NE(all.sentence.find("kelly has no request"), std::string::npos) << all.sentence;
    EXPECT_FALSE(all_decided(all));
    EXPECT_EQ(conclude_check(report, {.instances = {"claude"}}, {}).verdict, "pass");
    EXPECT_EQ(conclude_check(report, {.min_requests = 41, .instances = {"claude"}}, {}).verdict, "inconclusive");
}

TEST(Check, CannotPassOnPartOfTheWindow)
{
    auto report = with({instance("claude", 40, 0)});
    report.gaps.push_back({});
    EXPECT_EQ(conclude_check(report, {}, {}).verdict, "inconclusive");
    EXPECT_EQ(conclude_check(with({}), {}, {}).verdict, "inconclusive");
}

TEST(Check, RemembersTheStickinessOfStickyTrafficOnly)
{
    Report report;
    for (auto const pattern : {Pattern::sticky, Pattern::random}) {
        IssuerReport issuer;
        issuer.instance = pattern == Pattern::sticky ? "claude" : "kelly";
        issuer.dispatch = Dispatch{.pattern = pattern, .dependence = 7.5};
        report.issuers.push_back(issuer);
    }
    EXPECT_EQ(dependence_seen(report), (Dependence{{"claude", 7.5}}));
}

} // namespace misroute
