// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_remedy.hpp"
#include "detect/cluster_shares.hpp"
#include "detect/cluster_words.hpp"
#include "k8s_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace misroute {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Workload workload(std::string name, std::string instance, Labels pod_labels, int replicas)
{
    Workload result;
    result.kind = "Deployment";
    result.name = {"litellm", std::move(name)};
    result.pod_labels = std::move(pod_labels);
    result.instance = std::move(instance);
    result.replicas = replicas;
    return result;
}

Service service(std::string name, std::string instance, Labels selector, std::vector<std::size_t> workloads)
{
    Service result;
    result.name = {"litellm", std::move(name)};
    result.instance = std::move(instance);
    result.selector = std::move(selector);
    result.workloads = std::move(workloads);
    return result;
}

Cluster two_instances()
{
    Cluster cluster;
    cluster.workloads = {workload("claude", "claude", {{"app", "litellm"}, {"tier", "a"}}, 1),
                         workload("kelly", "kelly", {{"app", "litellm"}, {"tier", "b"}}, 3)};
    cluster.services = {service("claude", "claude", {{"app", "litellm"}}, {0, 1})};
    Route route;
    route.host = "claude.example.com";
    route.kind = "Ingress";
    route.name = {"litellm", "claude"};
    route.instance = "claude";
    cluster.routes = {route};
    return cluster;
}

} // namespace

TEST(ClusterShares, AreWeightedByReplicasAndLeaveJobsOut)
{
    auto cluster = two_instances();
    auto job = workload("migrate", "", {{"app", "litellm"}}, 5);
    job.kind = "Job";
    cluster.workloads.push_back(job);
    cluster.services[0].workloads.push_back(2);
    auto const reached = reached_by(cluster, cluster.routes[0]);
    ASSERT_EQ(reached.size(), 2U);
    EXPECT_EQ(reached[0].instance, "claude");
    EXPECT_DOUBLE_EQ(reached[0].share, 0.25);
    EXPECT_EQ(reached[1].instance, "kelly");
    EXPECT_DOUBLE_EQ(reached[1].share, 0.75);
}

TEST(ClusterRules, NothingIsFoundWithoutACluster)
{
    EXPECT_THAT(ClusterFacts{Cluster{}}.rules(), IsEmpty());
}

TEST(ClusterRules, ALabelThatThePodsHaveIsEnoughForThePatch)
{
    auto const cluster = two_instances();
    auto const remedy = selector_remedy(cluster, cluster.services[0]);
    ASSERT_EQ(remedy.size(), 2U);
    EXPECT_THAT(remedy[0].command, HasSubstr(R"(-p '{"spec":{"selector":{"tier":"a"}}}')"));
}

TEST(ClusterRules, AServiceNobodyOwnsIsAWarning)
{
    auto cluster = two_instances();
    cluster.services[0].instance.clear();
    cluster.routes.clear();
    ClusterFacts const facts{cluster};
    EXPECT_THAT(facts.rules(), ElementsAre("service-selects-many-workloads"));
    EXPECT_EQ(facts.findings()[0].severity, Severity::warning);
}

TEST(ClusterRules, AnIngressThatNamesTheWrongServiceIsTheIngressesFault)
{
    auto cluster = two_instances();
    cluster.services.push_back(service("kelly", "kelly", {{"tier", "b"}}, {1}));
    cluster.services[0] = service("claude", "claude", {{"tier", "a"}}, {0});
    cluster.routes[0].service = 1;
    ClusterFacts const facts{cluster};
    EXPECT_THAT(facts.rules(), ElementsAre("host-reaches-other-instance"));
    EXPECT_THAT(facts.findings()[0].steps[0].text, HasSubstr("let Ingress litellm/claude name the Service of claude"));
}

TEST(ClusterRules, ASelectorThatMatchesNothingIsAWarning)
{
    auto cluster = two_instances();
    cluster.services[0].workloads.clear();
    EXPECT_THAT(ClusterFacts{cluster}.rules(), ElementsAre("no-endpoints"));
    cluster.services[0].endpoints = 1;
    EXPECT_THAT(ClusterFacts{cluster}.rules(), IsEmpty());
}

TEST(ClusterRules, EndpointsOfARollingUpdateAreNoExcess)
{
    auto cluster = two_instances();
    cluster.services[0] = service("claude", "claude", {{"tier", "a"}}, {0});
    cluster.workloads[0].surge = 1;
    cluster.services[0].endpoints = 2;
    EXPECT_THAT(ClusterFacts{cluster}.rules(), IsEmpty());
    cluster.services[0].endpoints = 3;
    EXPECT_THAT(ClusterFacts{cluster}.rules(), ElementsAre("endpoints-exceed-replicas"));
}

TEST(ClusterRules, HostileNamesNeverReachACommand)
{
    auto cluster = two_instances();
    cluster.services[0].name.name = "x'; rm -rf / #";
    cluster.workloads[0].pod_labels["tier"] = "a'b";
    for (auto const &step : lines_of(selector_remedy(cluster, cluster.services[0]))) {
        EXPECT_EQ(step.find("rm -rf"), std::string::npos) << step;
        EXPECT_EQ(step.find("a'b"), std::string::npos) << step;
    }
}

} // namespace misroute
