// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause_score.hpp"
#include "diagnose/incident_evidence.hpp"
#include "misroute/diagnose.hpp"
#include "misroute/model/shell.hpp"
#include "simulator/scenario.hpp"
#include "unit/diagnose_incident.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>

namespace misroute {
namespace {

using simulator::examine;
using simulator::Traffic;
using test::incident;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

Traffic traffic_of(std::string_view scenario, std::uint64_t seed = 1)
{
    simulator::Random random{seed};
    return simulator::scenario(scenario).make(random);
}

Cause const *find(std::vector<Cause> const &causes, std::string_view name)
{
    auto const found = std::ranges::find(causes, name, &Cause::cause);
    return found == causes.end() ? nullptr : &*found;
}

/// The score of a cause, 0 when it is not told at all.
double score(std::vector<Cause> const &causes, std::string_view name)
{
    auto const *cause = find(causes, name);
    return cause ? cause->score : 0.0;
}

TEST(Causes, OfTheIncidentBeginWithTheService)
{
    auto const outcome = examine(incident());
    ASSERT_THAT(outcome.report.causes, Not(IsEmpty()));
    auto const &cause = outcome.report.causes.front();
    EXPECT_EQ(cause.cause, "service-selects-other-instances");
    EXPECT_GT(cause.score, 0.6);
    EXPECT_FALSE(cause.confirmed) << "nobody has seen the manifests";
    EXPECT_THAT(cause.evidence_for, Contains(HasSubstr("C K Y C K Y C K")));
    EXPECT_THAT(cause.evidence_for, Contains(HasSubstr("repeats every 3 requests")));
    EXPECT_THAT(cause.evidence_for, Contains("the database adds no models: 0 rows in both tables"));
    EXPECT_THAT(cause.evidence_against, IsEmpty());
}

TEST(Causes, OfTheIncidentLeaveTheOthersFarBehind)
{
    auto const outcome = examine(incident());
    for (auto const &cause : outcome.report.causes) {
        if (cause.cause != "service-selects-other-instances") {
            EXPECT_LT(cause.score, 0.3) << cause.cause;
        }
    }
}

TEST(Causes, RemedyOfTheIncidentIsComplete)
{
    auto const outcome = examine(incident());
    auto const &cause = outcome.report.causes.front();
    EXPECT_THAT(lines_of(cause.next), Contains(HasSubstr("kubectl -n litellm get endpoints ")));
    EXPECT_THAT(lines_of(cause.next), Contains(HasSubstr("get endpointslices")));
    EXPECT_THAT(lines_of(cause.steps), Contains(HasSubstr("includeTemplates: true")));
    EXPECT_THAT(lines_of(cause.steps), Contains(HasSubstr("path: spec/selector")));
    EXPECT_THAT(lines_of(cause.steps), Contains(HasSubstr("immutable")));
    EXPECT_THAT(lines_of(cause.steps), Contains(HasSubstr("misroute scan --since")));
    // 5 of 7 requests from the onset on: (2/7)³ < 5 % < (2/7)².
    EXPECT_THAT(lines_of(cause.steps), Contains(HasSubstr("once 3 or more requests")));
}

TEST(Causes, ManifestsConfirmTheIncident)
{
    auto const cluster = test::shared_selector();
    auto const outcome = examine(incident(), &cluster);
    auto const &cause = outcome.report.causes.front();
    EXPECT_EQ(cause.cause, "service-selects-other-instances");
    EXPECT_TRUE(cause.confirmed);
    EXPECT_GT(cause.score, 0.95);
    EXPECT_THAT(cause.evidence_for,
                Contains(AllOf(HasSubstr("claude 1, kelly 1, yxaiapp 1"), HasSubstr("claude 3, kelly 3, yxaiapp 2"))));
}

TEST(Causes, ManifestsContradict)
{
    auto const cluster = test::own_selectors();
    auto const with = examine(incident(), &cluster);
    auto const without = examine(incident());
    auto const name = "service-selects-other-instances";
    EXPECT_LT(score(with.report.causes, name), 0.3 * score(without.report.causes, name));
    EXPECT_FALSE(find(with.report.causes, name)->confirmed);
}

TEST(Causes, SharesAreHeldAgainstTheReplicas)
{
    auto const traffic = traffic_of("unequal-replicas");
    auto const right = test::shared_selector(2);
    auto const wrong = test::shared_selector(9);
    auto const predicted = examine(traffic, &right).report.causes.front();
    auto const missed = examine(traffic, &wrong).report.causes.front();
    EXPECT_TRUE(predicted.confirmed);
    EXPECT_FALSE(missed.confirmed) << "the owners are those that the Service selects, their shares are not";
    EXPECT_GT(predicted.score, missed.score);
}

TEST(Causes, ManifestsSpeakAgainstItOnlyWhereAllWasSeen)
{
    auto const traffic = traffic_of("round-robin");
    auto seen = test::own_selectors();
    auto const against = examine(traffic, &seen).report.causes.front();
    EXPECT_THAT(against.evidence_against, Contains(HasSubstr("no Service in the manifests")));
    seen.unexamined.push_back("Rollout");
    auto const open = examine(traffic, &seen).report.causes.front();
    EXPECT_EQ(open.cause, "service-selects-other-instances");
    EXPECT_THAT(open.evidence_against, Not(Contains(HasSubstr("no Service in the manifests"))));
    EXPECT_GT(open.score, against.score);
}

TEST(Causes, ARouteInTheManifestsConfirms)
{
    auto cluster = test::own_selectors();
    cluster.routes[simulator::k_claude].service = simulator::k_kelly;
    auto const outcome = examine(traffic_of("swapped-route"), &cluster);
    EXPECT_EQ(outcome.report.causes.front().cause, "route-points-elsewhere");
    EXPECT_TRUE(outcome.report.causes.front().confirmed);
}

TEST(Causes, AFewInARowAreNeitherARouteNorANewConfiguration)
{
    auto burst = incident("CCCKKKKK");
    burst.markers_written = false;
    auto const causes = examine(burst).report.causes;
    EXPECT_EQ(causes.front().cause, "fallback-between-providers");
    EXPECT_EQ(find(causes, "route-points-elsewhere"), nullptr);
    EXPECT_EQ(find(causes, "instance-reconfigured"), nullptr);
    // One of them names no hostname and is counted under its key, which has no home answer of its own.
    auto &unnamed = burst.rows[5].key;
    unnamed.host.clear();
    unnamed.key = "key-of-one-request";
    burst.expected.instances[simulator::k_claude].keys = {unnamed.key};
    auto const of_two = examine(burst).report;
    ASSERT_THAT(of_two.issuers, testing::SizeIs(2));
    EXPECT_EQ(of_two.causes.front().cause, "fallback-between-providers");
    EXPECT_EQ(find(of_two.causes, "instance-reconfigured"), nullptr);
    auto nothing_at_home = incident("KKKKKKKK");
    nothing_at_home.markers_written = false;
    EXPECT_EQ(examine(nothing_at_home).report.causes.front().cause, "route-points-elsewhere");
}

TEST(Causes, AreNoneWithoutAFault)
{
    EXPECT_THAT(examine(traffic_of("nothing-wrong")).report.causes, IsEmpty());
    EXPECT_THAT(examine(traffic_of("marked-fallback")).report.causes, IsEmpty());
    EXPECT_THAT(examine(Traffic{}).report.causes, IsEmpty());
}

TEST(Causes, OverSelectionShowsAsEqualRowsAlsoWhenClientsStick)
{
    auto const outcome = examine(traffic_of("client-affinity"));
    auto const *cause = find(outcome.report.causes, "service-selects-other-instances");
    ASSERT_NE(cause, nullptr);
    EXPECT_THAT(cause->evidence_for, Contains(HasSubstr("whole clients")));
    EXPECT_THAT(cause->evidence_for, Contains(HasSubstr("counted in clients")));
}

TEST(Causes, AFallbackIsUnlikelyWhereRowsWouldSaySo)
{
    auto traffic = incident();
    traffic.markers_written = true;
    auto const marked = examine(traffic);
    traffic.markers_written = false;
    auto const unmarked = examine(traffic);
    auto const name = "fallback-between-providers";
    EXPECT_GE(score(unmarked.report.causes, name), 0.01);
    EXPECT_LT(score(marked.report.causes, name), score(unmarked.report.causes, name));
    EXPECT_THAT(find(unmarked.report.causes, name)->evidence_for, Contains(HasSubstr("writes no fallback marker")));
}

TEST(Causes, AModelInTheDatabaseSpeaksAgainstTheService)
{
    auto traffic = traffic_of("models-in-database");
    auto const with = examine(traffic);
    traffic.database = {.readable = true};
    auto const without = examine(traffic);
    EXPECT_EQ(with.report.causes.front().cause, "models-in-database");
    EXPECT_EQ(find(without.report.causes, "models-in-database"), nullptr);
    auto const name = "service-selects-other-instances";
    EXPECT_LT(score(with.report.causes, name), score(without.report.causes, name));
}

TEST(Causes, AnUnreadableDatabaseIsSaid)
{
    auto traffic = incident();
    traffic.database.readable = false;
    auto const outcome = examine(traffic);
    auto const *cause = find(outcome.report.causes, "models-in-database");
    ASSERT_NE(cause, nullptr);
    EXPECT_THAT(cause->evidence_for, Contains(HasSubstr("could not be asked")));
}

TEST(Causes, AKeyIsSharedOnlyInTheKeyView)
{
    auto traffic = traffic_of("shared-key");
    EXPECT_EQ(examine(traffic).report.causes.front().cause, "key-used-on-several-instances");
    traffic.by = IssuerKind::host; // rows name no host, so issuers are the same keys
    EXPECT_EQ(find(examine(traffic).report.causes, "key-used-on-several-instances"), nullptr);
}

TEST(Causes, AreRankedAndScoredBetweenNoughtAndOne)
{
    for (auto const &scenario : simulator::scenarios()) {
        simulator::Random random{2};
        auto const causes = examine(scenario.make(random)).report.causes;
        for (std::size_t i = 0; i < causes.size(); ++i) {
            EXPECT_GT(causes[i].score, 0) << scenario.name;
            EXPECT_LT(causes[i].score, 1) << scenario.name;
            EXPECT_GE(i == 0 ? 1 : causes[i - 1].score, causes[i].score) << scenario.name;
            EXPECT_THAT(causes[i].evidence_for, Not(IsEmpty())) << scenario.name << ' ' << causes[i].cause;
            EXPECT_THAT(causes[i].next, Not(IsEmpty()));
            EXPECT_THAT(causes[i].steps, Not(IsEmpty()));
        }
    }
}

TEST(Causes, TableNamesAreTheSixOfTheContract)
{
    std::vector<std::string_view> names;
    for (auto const &row : causes()) {
        names.push_back(row.cause);
        EXPECT_FALSE(row.title.empty());
    }
    EXPECT_THAT(names, testing::ElementsAre("service-selects-other-instances", "route-points-elsewhere",
                                            "instance-reconfigured", "fallback-between-providers", "models-in-database",
                                            "key-used-on-several-instances"));
}

TEST(Causes, CommandsQuoteHostileNames)
{
    auto traffic = incident();
    traffic.expected.instances[simulator::k_claude].hosts = {"*"};
    for (auto &row : traffic.rows) {
        row.key.host = "a'; rm -rf ~ #";
    }
    auto const outcome = examine(traffic);
    auto const *cause = find(outcome.report.causes, "fallback-between-providers");
    auto const *shown = cause ? cause : &outcome.report.causes.front();
    for (auto const &command : lines_of(shown->next)) {
        EXPECT_THAT(command, Not(HasSubstr(" host:a'; rm"))) << command;
    }
}

/// What a POSIX shell makes of the words of a command, a line each.
std::string words_in_a_shell(std::string const &command)
{
    auto const script = "set -- " + command + "\nfor word; do printf '%s\\n' \"$word\"; done";
    std::unique_ptr<FILE, int (*)(FILE *)> const shell{popen(("sh -c " + shell::word(script)).c_str(), "r"), pclose};
    std::string result;
    for (int byte = std::getc(shell.get()); byte != EOF; byte = std::getc(shell.get())) {
        result += static_cast<char>(byte);
    }
    return result;
}

TEST(Causes, EveryTraceThatIsSuggestedIsOneOfTheIssuerMeant)
{
    for (std::string const host : {"$(id)", "a'; rm -rf ~ #", "`id`", "a b", "*", "a\"b\\", "ok.example"}) {
        auto traffic = incident();
        traffic.expected.instances[simulator::k_claude].hosts = {"*"};
        for (auto &row : traffic.rows) {
            row.key.host = host;
        }
        auto const outcome = examine(traffic);
        std::size_t traces = 0;
        auto const check = [&](std::vector<Step> const &steps) {
            for (auto const &step : steps) {
                if (step.command.starts_with("misroute trace ")) {
                    EXPECT_THAT(words_in_a_shell(step.command), StartsWith("misroute\ntrace\nhost:" + host + "\n"));
                    traces += 1;
                }
            }
        };
        for (auto const &finding : outcome.report.findings) {
            check(finding.steps);
        }
        for (auto const &cause : outcome.report.causes) {
            check(cause.next);
        }
        EXPECT_GT(traces, 0U) << host;
    }
}

TEST(Causes, ScoreIsMonotone)
{
    CauseScore score;
    EXPECT_EQ(score.value(), 0);
    score.support({0.5}, "one");
    EXPECT_DOUBLE_EQ(score.value(), 0.5);
    score.support({0.5}, "two");
    EXPECT_DOUBLE_EQ(score.value(), 0.75);
    score.contradict({0.6}, "three");
    EXPECT_DOUBLE_EQ(score.value(), 0.3);
    EXPECT_THAT(score.cause("x").evidence_against, testing::ElementsAre("three"));
}

TEST(IncidentEvidence, MatrixOfTheIncident)
{
    auto const outcome = examine(incident());
    Traffic const traffic = incident();
    auto const &data = outcome.data;
    Facts const facts{data.tally, traffic.expected, data.examination, data.sequences, data.models, nullptr};
    auto const evidence = incident_evidence_of(facts);
    ASSERT_EQ(evidence.matrix.size(), 1U);
    EXPECT_EQ(evidence.matrix.front().instance, "claude");
    EXPECT_EQ(text_of(evidence.matrix.front().requests), "claude 3, kelly 3, yxaiapp 2");
    ASSERT_EQ(evidence.affected.size(), 1U);
    EXPECT_TRUE(evidence.affected.front().interleaved);
    EXPECT_EQ(evidence.affected.front().answers.total(), 7) << "from the onset on";
    EXPECT_LT(evidence.affected.front().pace.value(), std::chrono::seconds{12});
}

} // namespace
} // namespace misroute
