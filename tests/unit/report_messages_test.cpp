// SPDX-License-Identifier: Apache-2.0
#include "report/brief.hpp"
#include "report/messages.hpp"
#include "unit/samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace misroute {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

TEST(Messages, AreJsonWhateverTheNamesAre)
{
    for (auto const &sample : samples::all()) {
        auto const report = sample.make();
        for (auto const render : {render_slack, render_teams, render_alerts}) {
            EXPECT_TRUE(json::accept(render(report, {}))) << sample.name;
        }
    }
}

TEST(Messages, HaveNothingInABlockOfCodeThatEndsIt)
{
    auto const text = json::parse(render_slack(samples::hostile(), {}))["text"].get<std::string>();
    auto const inside = text.substr(15, text.size() - 18);
    EXPECT_THAT(inside, Not(HasSubstr("`")));
    EXPECT_THAT(inside, Not(HasSubstr("<")));
}

TEST(Messages, OfTeamsAreACardWithALineEach)
{
    auto const message = json::parse(render_teams(samples::incident(), {}));
    auto const &card = message["attachments"][0]["content"];
    EXPECT_EQ(card["type"], "AdaptiveCard");
    EXPECT_EQ(card["body"].size(), 1 + brief_lines(samples::incident(), {}).size());
}

TEST(Alerts, EndInThePastWhereTheIncidentIsOver)
{
    auto report = samples::incident();
    auto const generated = to_rfc3339(report.generated_at);
    EXPECT_GT(json::parse(render_alerts(report, {}))[0]["endsAt"].get<std::string>(), generated);
    for (auto &issuer : report.issuers) {
        if (issuer.onset) {
            issuer.onset->ended_at = issuer.onset->at + Milliseconds{1};
            issuer.onset->ongoing = false;
        }
    }
    EXPECT_LT(json::parse(render_alerts(report, {}))[0]["endsAt"].get<std::string>(), generated);
}

TEST(Alerts, LeaveOutWhatIsSuppressed)
{
    auto report = samples::incident();
    for (auto &finding : report.findings) {
        finding.suppressed = Suppression{"migration", {}};
    }
    EXPECT_TRUE(json::parse(render_alerts(report, {})).empty());
}

TEST(Brief, IsFiveLinesOfAnIncidentAndOneWhereAllIsWell)
{
    EXPECT_EQ(brief_lines(samples::incident(), {}).size(), 5U);
    EXPECT_EQ(brief_lines(samples::clean(), {}).size(), 1U);
}

TEST(Brief, IsOfPrintableLinesWhateverTheNamesAre)
{
    for (auto const &sample : samples::all()) {
        for (auto const &line : brief_lines(sample.make(), {})) {
            EXPECT_TRUE(std::ranges::none_of(line, [](char byte) { return byte >= 0 && byte < ' '; })) << sample.name;
        }
    }
}

} // namespace
} // namespace misroute
