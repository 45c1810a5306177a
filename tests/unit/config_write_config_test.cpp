// SPDX-License-Identifier: Apache-2.0
#include "config/write_config.hpp"
#include "k8s_fixture.hpp"
#include "misroute/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace misroute {

TEST(WriteConfig, TheIncidentsManifestsGiveTheConfigurationNobodyHadToWrite)
{
    auto const proposal = config_from_cluster(load({"incident/rendered-before.yaml"}));
    EXPECT_EQ(proposal.instances, 3U);
    auto const config = parse_config(proposal.text, "misroute.yaml", {}, {});
    EXPECT_THAT(config.warnings, testing::IsEmpty());
    auto const &instances = config.expectations.instances;
    ASSERT_EQ(instances.size(), 3U);
    EXPECT_EQ(instances[0].name, "claude");
    EXPECT_THAT(instances[0].hosts, testing::ElementsAre("claude.goodvision.tech"));
    EXPECT_THAT(instances[0].expect, testing::ElementsAre(Expectation{"anthropic", "api.anthropic.com"}));
    EXPECT_EQ(instances[0].workload, "litellm/claude-litellm");
    EXPECT_THAT(instances[1].hosts, testing::ElementsAre("llm.goodvision.tech"));
    EXPECT_THAT(instances[1].expect, testing::ElementsAre(Expectation{"openai", "kellycloudai.com"}));
    EXPECT_THAT(instances[2].hosts, testing::ElementsAre("ai.goodvision.tech"));
    EXPECT_THAT(instances[2].expect, testing::ElementsAre(Expectation{"openai", "yxaiapp.com"}));
}

TEST(WriteConfig, WhatIsNotKnownStandsAsAComment)
{
    Cluster cluster;
    Workload workload;
    workload.kind = "Deployment";
    workload.name = {"litellm", "proxy"};
    workload.instance = "proxy";
    cluster.workloads.push_back(workload);
    auto const proposal = config_from_cluster(cluster);
    EXPECT_EQ(proposal.instances, 0U);
    EXPECT_THAT(proposal.text, testing::HasSubstr("# \"proxy\": its LiteLLM configuration is not in the input"));
}

TEST(WriteConfig, HostileNamesCannotLeaveTheirQuotes)
{
    Cluster cluster;
    Workload workload;
    workload.kind = "Deployment";
    workload.name = {"ns", "a\nrules: [x]"};
    workload.instance = "yes\"\ninstances: {x";
    workload.serves = {{"openai", ""}};
    cluster.workloads.push_back(workload);
    auto const config = parse_config(config_from_cluster(cluster).text, "misroute.yaml", {}, {});
    ASSERT_EQ(config.expectations.instances.size(), 1U);
    EXPECT_EQ(config.expectations.instances[0].name, "yes\"\ninstances: {x");
}

} // namespace misroute
