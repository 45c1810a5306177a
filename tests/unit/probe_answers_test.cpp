// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/error.hpp"
#include "misroute/probe.hpp"
#include "probe/answers.hpp"

#include <gtest/gtest.h>

namespace misroute {

namespace {

std::string data(std::string const &entries)
{
    return R"({"data": [)" + entries + "]}";
}

} // namespace

TEST(ModelInfo, NamesProviderUpstreamStampAndDatabase)
{
    auto const read = read_model_info(data(R"({"model_name": "*", "model_info": {"id": "a", "db_model": true},
        "litellm_params": {"model": "openai/*", "api_base": "https://KellyCloudAI.com:443/v1",
                           "tags": ["x", "instance:kelly"]}})"),
                                      "instance");
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 1U);
    Deployment const expected{"a", "openai/*", {"openai", "kellycloudai.com", "kelly"}, true};
    EXPECT_EQ(read->front(), expected);
}

TEST(ModelInfo, AnExplicitProviderWins)
{
    auto const read = read_model_info(
        data(R"({"model_info": {"id": "a"}, "litellm_params": {"model": "m", "custom_llm_provider": "anthropic"}})"),
        "");
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ(read->front().backend, (Backend{"anthropic", "", ""}));
}

TEST(ModelInfo, OneDeploymentUnderManyNamesIsOne)
{
    std::string const entry = R"({"model_info": {"id": "a"}, "litellm_params": {"model": "claude-opus-4-6"}})";
    auto const read = read_model_info(data(entry + "," + entry), "instance");
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ(read->front().backend.provider, "anthropic");
}

TEST(ModelInfo, WithoutIdsModelAndBackendTellDeploymentsApart)
{
    auto const read = read_model_info(data(R"({"litellm_params": {"model": "openai/a"}},
                                               {"litellm_params": {"model": "openai/b"}},
                                               {"litellm_params": {"model": "openai/a"}})"),
                                      "instance");
    EXPECT_EQ(read->size(), 2U);
}

TEST(ModelInfo, AnythingElseIsNoAnswer)
{
    for (auto const *text : {"", "null", "[]", "{}", R"({"data": {}})", "{\"data\": [", "\xff\xfe", "<html>"}) {
        EXPECT_FALSE(read_model_info(text, "instance")) << text;
    }
}

TEST(ModelInfo, WrongTypesAreLeftOut)
{
    auto const read = read_model_info(data(R"(1, "x", {"litellm_params": [], "model_info": 3},
        {"litellm_params": {"model": 5, "api_base": {}, "tags": "instance:x"}, "model_info": {"id": 5, "db_model": "yes"}})"),
                                      "instance");
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 1U); // both say nothing at all
    EXPECT_EQ(read->front(), Deployment{});
}

TEST(Completion, IsToldByItsHeaders)
{
    auto const read =
        read_completion({{"x-litellm-model-id", "a"}, {"x-litellm-model-api-base", "https://yxaiapp.com/v1"}}, "m");
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, (Deployment{"a", "m", {"", "yxaiapp.com", ""}, false}));
    EXPECT_FALSE(read_completion({{"content-type", "application/json"}}, "m"));
}

TEST(ProbeUrl, AddsTheSchemeAndRefusesTheRest)
{
    EXPECT_EQ(probe_url("claude.goodvision.tech"), "https://claude.goodvision.tech");
    EXPECT_EQ(probe_host(probe_url("http://Claude.Goodvision.Tech.:8080/litellm")), "claude.goodvision.tech");
    for (auto const *given : {"", "ftp://claude", "https://", "https://user:secret@claude", "http://a b"}) {
        EXPECT_THROW(probe_url(given), Error) << given;
    }
}

} // namespace misroute
