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

TEST(WriteConfig, TheValueIsWhatTheTextSays)
{
    auto const cluster = load({"incident/rendered-before.yaml"});
    auto const written = parse_config(config_from_cluster(cluster).text, "misroute.yaml", {}, {}).expectations;
    auto const direct = expectations_from_cluster(cluster);
    ASSERT_EQ(direct.instances.size(), 3U);
    for (std::size_t index = 0; index < 3; ++index) {
        EXPECT_EQ(direct.instances[index].name, written.instances[index].name);
        EXPECT_EQ(direct.instances[index].hosts, written.instances[index].hosts);
        EXPECT_EQ(direct.instances[index].expect, written.instances[index].expect);
        EXPECT_EQ(direct.instances[index].workload, written.instances[index].workload);
    }
    EXPECT_EQ(direct.instances[0].location->file, fixture("incident/rendered-before.yaml"));
}

TEST(WriteConfig, ManifestsFillOnlyTheWorkloadsNobodyConfigured)
{
    Expectations expected;
    expected.instances.resize(2);
    expected.instances[0].name = "claude";
    expected.instances[1].name = "kelly";
    expected.instances[1].workload = "elsewhere/kelly";
    fill_workloads(expected, load({"incident/rendered-before.yaml"}));
    EXPECT_EQ(expected.instances[0].workload, "litellm/claude-litellm");
    EXPECT_EQ(expected.instances[1].workload, "elsewhere/kelly");
    EXPECT_THAT(expected.instances[0].expect, testing::IsEmpty());
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

TEST(WriteConfig, NoKeyIsWrittenWhoeverUsedOneAsAName)
{
    Cluster cluster;
    Workload workload;
    workload.kind = "Deployment";
    workload.name = {"ns", "sk-proj-workload12345678"};
    workload.instance = "sk-proj-instance12345678";
    workload.serves = {{"openai", "sk-proj-upstream12345678.example"}};
    workload.unread = {"ghp_unread12345678abcdefgh"};
    cluster.workloads.push_back(workload);
    for (auto const *host : {"llm.example.com", "sk-proj-first12345678.example", "sk-proj-second12345678.example"}) {
        Route route;
        route.host = host;
        route.instance = workload.instance;
        cluster.routes.push_back(route);
    }
    auto const text = config_from_cluster(cluster).text;
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("12345678")));
    EXPECT_THAT(text, testing::HasSubstr("# not in hosts, for it looks like a key: sk-***"));
    auto const config = parse_config(text, "misroute.yaml", {}, {});
    ASSERT_EQ(config.expectations.instances.size(), 1U);
    EXPECT_THAT(config.expectations.instances[0].hosts, testing::ElementsAre("llm.example.com"));
}

} // namespace misroute
