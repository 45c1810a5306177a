// SPDX-License-Identifier: Apache-2.0
//
// The incident of docs/kubernetes.md, as rendered manifests, as kustomization sources and as live objects; before it
// was mended and after each of the three ways to mend it.
#include "k8s_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>

namespace misroute {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string read(std::string const &file)
{
    std::ifstream stream{file, std::ios::binary};
    EXPECT_TRUE(stream) << file;
    return {std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
}

std::string output_of(std::string const &command)
{
    std::unique_ptr<FILE, int (*)(FILE *)> const pipe{popen(command.c_str(), "r"), pclose};
    std::string output;
    std::array<char, 4096> buffer{};
    while (auto const count = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) {
        output.append(buffer.data(), count);
    }
    return output;
}

Expectations configuration()
{
    Expectations expected;
    expected.instances = {
        {"claude", {"claude.goodvision.tech"}, {}, {}, {{"anthropic", "api.anthropic.com"}}, "", {}},
        {"kelly", {"llm.goodvision.tech"}, {}, {}, {{"openai", "kellycloudai.com"}}, "", {}},
        {"yxaiapp", {"ai.goodvision.tech"}, {}, {}, {{"openai", "yxaiapp.com"}}, "", {}},
    };
    return expected;
}

/// Line of the first line of the file that contains `text`, counted from 1.
int line_of(std::string const &file, std::string const &text)
{
    auto const content = read(file);
    auto const at = content.find(text);
    EXPECT_NE(at, std::string::npos);
    return 1 + static_cast<int>(std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

} // namespace

TEST(Incident, RenderedManifestsTellTheWholeFleet)
{
    auto const cluster = load({"incident/rendered-before.yaml"});
    ASSERT_EQ(cluster.workloads.size(), 3U);
    EXPECT_EQ(cluster.workloads[0].name.text(), "litellm/claude-litellm");
    EXPECT_EQ(cluster.workloads[0].instance, "claude");
    EXPECT_THAT(cluster.workloads[0].serves, ElementsAre(Expectation{"anthropic", "api.anthropic.com"}));
    EXPECT_THAT(cluster.workloads[1].serves, ElementsAre(Expectation{"openai", "kellycloudai.com"}));
    EXPECT_THAT(cluster.workloads[2].serves, ElementsAre(Expectation{"openai", "yxaiapp.com"}));
    ASSERT_EQ(cluster.services.size(), 3U);
    for (auto const &service : cluster.services) {
        EXPECT_EQ(service.selector, (Labels{{"app", "litellm"}}));
        EXPECT_THAT(service.workloads, ElementsAre(0U, 1U, 2U));
        EXPECT_FALSE(service.endpoints);
    }
    ASSERT_EQ(cluster.routes.size(), 3U);
    EXPECT_EQ(cluster.routes[0].host, "ai.goodvision.tech");
    EXPECT_EQ(cluster.routes[0].instance, "yxaiapp");
    EXPECT_EQ(cluster.services[cluster.routes[0].service].name.name, "yxaiapp-litellm");
    EXPECT_THAT(cluster.problems, IsEmpty());
}

TEST(Incident, BeforeEveryServiceAndHostIsAnError)
{
    ClusterFacts const facts{load({"incident/rendered-before.yaml"})};
    EXPECT_THAT(facts.rules(),
                ElementsAre("service-selects-other-instance", "service-selects-other-instance",
                            "service-selects-other-instance", "identical-selectors", "host-reaches-other-instance",
                            "host-reaches-other-instance", "host-reaches-other-instance"));
    auto const findings = facts.findings();
    for (auto const &finding : findings) {
        EXPECT_EQ(finding.severity, Severity::error) << to_string(finding.rule);
    }
    auto const &claude = findings.front();
    auto const file = fixture("incident/rendered-before.yaml");
    EXPECT_EQ(claude.object, "Service litellm/claude-litellm");
    EXPECT_EQ(claude.instance, "claude");
    EXPECT_EQ(claude.message,
              "Service litellm/claude-litellm of claude selects the pods of kelly and yxaiapp besides its own");
    EXPECT_EQ(claude.expected, "pods of claude only: 1 replica");
    EXPECT_EQ(claude.observed, "app=litellm selects Deployment claude-litellm (claude, 1 replica), "
                               "Deployment kelly-litellm (kelly, 1 replica), "
                               "Deployment yxaiapp-litellm (yxaiapp, 1 replica)");
    ASSERT_TRUE(claude.location);
    EXPECT_EQ(claude.location->file, file);
    EXPECT_EQ(claude.location->line, line_of(file, "  selector:\n    app: litellm"));
}

TEST(Incident, ThePatchComesInTheOrderThatKeepsTheServiceAnswering)
{
    ClusterFacts const facts{load({"incident/rendered-before.yaml"})};
    auto const remedy = lines_of(service_selects_other_instance(facts.facts()).front().steps);
    ASSERT_EQ(remedy.size(), 5U);
    EXPECT_THAT(remedy[0], HasSubstr("no label tells the pods of claude from the others"));
    EXPECT_THAT(remedy[0], HasSubstr("kubectl -n litellm patch deployment claude-litellm --type merge -p "
                                     R"('{"spec":{"template":{"metadata":{"labels":{"instance":"claude"}}}}}')"));
    EXPECT_THAT(remedy[0], HasSubstr("kubectl -n litellm rollout status deployment claude-litellm"));
    EXPECT_THAT(remedy[1], HasSubstr("kubectl -n litellm patch service claude-litellm --type merge -p "
                                     R"('{"spec":{"selector":{"instance":"claude"}}}')"));
    EXPECT_THAT(remedy[2], HasSubstr("includeTemplates: true"));
    EXPECT_THAT(remedy[2], HasSubstr("- path: spec/selector\n        kind: Service"));
    EXPECT_THAT(remedy[3], HasSubstr("immutable"));
    EXPECT_THAT(remedy[4],
                HasSubstr("kubectl -n litellm get endpointslices -l kubernetes.io/service-name=claude-litellm"));
}

TEST(Incident, TheSourcesShowTheGuiltyLine)
{
    ClusterFacts const facts{load({"incident/before", "incident/base", "incident/instances"})};
    EXPECT_THAT(facts.rules(), ElementsAre("label-not-in-selector", "label-not-in-selector", "label-not-in-selector"));
    auto const finding = facts.findings().front();
    auto const file = fixture("incident/before/claude/kustomization.yaml");
    EXPECT_EQ(finding.severity, Severity::warning);
    ASSERT_TRUE(finding.location);
    EXPECT_EQ(finding.location->file, file);
    EXPECT_EQ(finding.location->line, line_of(file, "includeSelectors: false"));
    EXPECT_EQ(finding.message, "the label instance=claude differs between the instances but reaches no selector");
}

TEST(Incident, SourcesAreNotExaminedAsIfTheyWereDeployed)
{
    auto const cluster = load({"incident/before", "incident/base", "incident/instances"});
    EXPECT_THAT(cluster.services, IsEmpty());
    EXPECT_THAT(cluster.workloads, IsEmpty());
    EXPECT_FALSE(cluster.complete());
    EXPECT_THAT(cluster.unexamined, ElementsAre(HasSubstr("5 files that a kustomization changes were not examined")));
}

TEST(Incident, SourcesAndRenderedManifestsTogetherNameTheLineInThePatch)
{
    ClusterFacts const facts{
        load({"incident/rendered-before.yaml", "incident/before", "incident/base", "incident/instances"})};
    auto const finding = service_selects_other_instance(facts.facts()).front();
    EXPECT_THAT(finding.steps[2].text, HasSubstr("incident/before/claude/kustomization.yaml:9"));
}

TEST(Incident, LiveObjectsHaveThreeEndpointsForOneReplica)
{
    auto const cluster = load({"incident-live.json"});
    ASSERT_EQ(cluster.workloads.size(), 3U); // neither ReplicaSets nor Pods count beside their Deployments
    EXPECT_EQ(cluster.workloads[0].kind, "Deployment");
    EXPECT_EQ(cluster.workloads[0].surge, 0);
    EXPECT_EQ(cluster.services[0].endpoints, 3);
    ClusterFacts const facts{cluster};
    auto const findings = endpoints_exceed_replicas(facts.facts());
    ASSERT_EQ(findings.size(), 3U);
    EXPECT_EQ(findings[0].severity, Severity::error);
    EXPECT_EQ(findings[0].message, "Service litellm/claude-litellm has 3 ready endpoints for 1 pod");
    EXPECT_THAT(service_selects_other_instance(facts.facts())[0].observed, HasSubstr("; 3 ready endpoints"));
    EXPECT_EQ(findings[0].location->file, fixture("incident-live.json"));
}

TEST(Incident, AfterEachFixNothingIsFound)
{
    for (std::string const fix : {"after-fields", "after-selectors", "after-patch"}) {
        auto const cluster =
            load({"incident/rendered-" + fix + ".yaml", "incident/" + fix, "incident/base", "incident/instances"});
        EXPECT_EQ(cluster.services.size(), 3U) << fix;
        EXPECT_THAT(cluster.services.at(1).workloads, ElementsAre(1U)) << fix;
        EXPECT_THAT(ClusterFacts{cluster}.rules(), IsEmpty()) << fix;
        EXPECT_THAT(ClusterFacts(cluster, configuration()).rules(), IsEmpty()) << fix;
    }
}

TEST(Incident, TheConfigurationChangesNothingAboutIt)
{
    auto const expected = configuration();
    ClusterFacts const without{load({"incident/rendered-before.yaml"})};
    ClusterFacts const with{load({"incident/rendered-before.yaml"}, expected), expected};
    EXPECT_EQ(with.rules(), without.rules());
}

TEST(Incident, KustomizeStillRendersTheCommittedManifests)
{
    if (std::system("kubectl kustomize --help > /dev/null 2>&1") != 0) {
        GTEST_SKIP() << "kubectl is not installed: the rendered manifests are taken as they are";
    }
    for (std::string const stage : {"before", "after-fields", "after-selectors", "after-patch"}) {
        auto const rendered = output_of("kubectl kustomize '" + fixture("incident/" + stage) + "'");
        EXPECT_EQ(rendered, read(fixture("incident/rendered-" + stage + ".yaml"))) << stage;
    }
}

TEST(SideBySide, ReleasesOfOneInstanceAreNoError)
{
    for (std::string const file : {"canary/canary.yaml", "canary/istio.yaml", "canary/blue-green.yaml"}) {
        auto const cluster = load({file});
        ASSERT_EQ(cluster.workloads.size(), 2U) << file;
        EXPECT_EQ(cluster.workloads[0].instance, cluster.workloads[1].instance) << file;
        EXPECT_FALSE(cluster.workloads[0].instance.empty()) << file;
        EXPECT_THAT(cluster.services.at(0).workloads, ElementsAre(0U, 1U)) << file;
        EXPECT_THAT(ClusterFacts{cluster}.rules(), IsEmpty()) << file;
    }
    EXPECT_THAT(ClusterFacts{load({"canary"})}.rules(), IsEmpty());
}

TEST(Jobs, PodsOfAMigrationBehindTheServiceAreAWarning)
{
    ClusterFacts const facts{load({"job.yaml"})};
    EXPECT_THAT(facts.rules(), ElementsAre("job-pods-selected"));
    auto const finding = facts.findings().front();
    EXPECT_EQ(finding.severity, Severity::warning);
    EXPECT_EQ(finding.object, "Job litellm/claude-litellm-migrations");
    EXPECT_EQ(finding.location->line, line_of(fixture("job.yaml"), "apiVersion: batch/v1"));
    EXPECT_THAT(finding.message, HasSubstr("behind Service claude-litellm (app.kubernetes.io/instance=claude,"));
}

TEST(Broken, DocumentsAreReportedAndDoNotHideTheRest)
{
    auto const cluster = load({"broken.yaml"});
    EXPECT_EQ(cluster.services.size(), 1U);
    ASSERT_EQ(cluster.workloads.size(), 1U);
    EXPECT_EQ(cluster.workloads[0].replicas, 2);
    EXPECT_THAT(cluster.problems,
                ElementsAre(HasSubstr("broken.yaml:11: this document cannot be read"),
                            HasSubstr("broken.yaml:18: \"replicas\" stands twice"), HasSubstr("broken.yaml:2")));
}

} // namespace misroute
