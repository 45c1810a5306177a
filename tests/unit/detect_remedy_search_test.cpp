// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_remedy.hpp"
#include "detect/remedy_search.hpp"
#include "k8s_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace misroute {

namespace {

using testing::HasSubstr;

Workload deployment(std::string name, std::string instance, Labels pods, Labels match = {})
{
    Workload result;
    result.kind = "Deployment";
    result.name = {"n", std::move(name)};
    result.instance = std::move(instance);
    result.pod_labels = std::move(pods);
    result.match_labels = std::move(match);
    return result;
}

Service service(std::string name, std::string instance, Labels selector)
{
    Service result;
    result.name = {"n", std::move(name)};
    result.instance = std::move(instance);
    result.selector = std::move(selector);
    return result;
}

/// Two releases of a split chart; the Service of birch's gateway has lost the label of its release.
Cluster split()
{
    Cluster cluster;
    for (std::string const instance : {"birch", "cedar"}) {
        for (std::string const part : {"backend", "gateway", "ui"}) {
            cluster.workloads.push_back(deployment(
                instance + "-" + part, instance, {{"component", part}, {"release", instance}, {"version", instance}}));
            cluster.services.push_back(
                service(instance + "-" + part, instance, {{"component", part}, {"release", instance}}));
        }
    }
    cluster.services[1].selector.erase("release");
    select_workloads(cluster);
    return cluster;
}

} // namespace

TEST(FindChange, AGatewayKeepsItsComponent)
{
    auto const cluster = split();
    auto const change = find_change(cluster, 1);
    ASSERT_TRUE(change);
    auto const after = applied(cluster, *change);
    EXPECT_EQ(after.services[1].selector, (Labels{{"component", "gateway"}, {"release", "birch"}}));
    EXPECT_THAT(after.services[1].workloads, testing::ElementsAre(1U));
}

TEST(FindChange, ACanaryStaysInItsService)
{
    Cluster cluster;
    cluster.workloads = {deployment("birch", "birch", {{"app", "l"}, {"track", "stable"}}),
                         deployment("birch-canary", "birch", {{"app", "l"}, {"track", "canary"}}),
                         deployment("cedar", "cedar", {{"app", "l"}, {"track", "other"}})};
    cluster.services = {service("birch", "birch", {{"app", "l"}})};
    select_workloads(cluster);
    auto const change = find_change(cluster, 0);
    ASSERT_TRUE(change);
    EXPECT_THAT(applied(cluster, *change).services[0].workloads, testing::ElementsAre(0U, 1U));
}

TEST(FindChange, NeverUsesWhatAReleaseChanges)
{
    for (std::string const key : {"app.kubernetes.io/version", "git-sha", "pod-template-hash", "helm.sh/chart"}) {
        EXPECT_TRUE(changes_with_releases(key, "x")) << key;
    }
    EXPECT_TRUE(changes_with_releases("x", "3f2a9c1"));
    EXPECT_FALSE(changes_with_releases("instance", "claude"));
}

TEST(FindChange, NeverContradictsMatchLabels)
{
    Cluster cluster;
    Labels const all{{"app", "l"}, {"app.kubernetes.io/instance", "x"}, {"instance", "x"}, {"litellm-instance", "x"}};
    cluster.workloads = {deployment("birch", "birch", all, all), deployment("cedar", "cedar", all, all)};
    cluster.services = {service("birch", "birch", {{"app", "l"}})};
    select_workloads(cluster);
    EXPECT_FALSE(find_change(cluster, 0));
    EXPECT_THAT(selector_remedy(cluster, cluster.services[0]).front().text, HasSubstr("decide by which label"));
}

TEST(FindChange, AnEntryLeavesServicesWithoutSelectorAlone)
{
    auto cluster = split();
    cluster.services[0].selectorless = true;
    cluster.services[0].metadata_labels = {{"release", "birch"}};
    EXPECT_TRUE(entry_change(cluster, "n", "release", "birch").empty());
    EXPECT_THAT(kustomize_entry("release", "birch"), HasSubstr("create: false"));
}

TEST(SelectorRemedy, OfASecondNamespaceIsThatOfTheFirst)
{
    auto const one = split();
    auto cluster = one;
    for (auto workload : one.workloads) {
        workload.name.space = "m";
        cluster.workloads.push_back(workload);
    }
    for (auto copy : one.services) {
        copy.name.space = "m";
        cluster.services.push_back(copy);
    }
    select_workloads(cluster);
    auto const first = selector_remedy(one, one.services[1]);
    auto const second = selector_remedy(cluster, cluster.services[one.services.size() + 1]);
    ASSERT_EQ(second.size(), first.size());
    for (std::size_t step = 0; step < first.size(); ++step) {
        EXPECT_EQ(second[step].text, first[step].text);
        EXPECT_EQ(second[step].patch, first[step].patch);
    }
    EXPECT_THAT(second.front().text, HasSubstr("birch"));
}

} // namespace misroute
