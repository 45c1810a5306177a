// SPDX-License-Identifier: Apache-2.0
//
// Every column as LiteLLM was seen to write it, in the releases before 1.81 and since; docs/litellm-rows.md has the
// evidence.
#include "misroute/model/litellm.hpp"

#include <gtest/gtest.h>

namespace misroute::litellm {
namespace {

TEST(LiteLlm, TakesTheProviderThatTheRowStates)
{
    struct
    {
        char const *custom_llm_provider, *model, *provider;
    } const k_cases[] = {
        {"openai", "openai/claude-opus-4-6", "openai"},                 // since 1.81: the deployment's own model
        {"anthropic", "claude-opus-4-6", "anthropic"},                  // before: without the provider
        {"openai", "anthropic/claude-opus-4-6", "openai"},              // before, and the client wrote a prefix
        {"openai", "openai/anthropic/claude-opus-4-6", "openai"},       // since, and the client wrote a prefix
        {"", "openai/claude-opus-4-6", "openai"},                       // a failure that kept its deployment
        {"", "claude-opus-4-6", ""},                                    // a failure with the client's own name
        {"", "our-team/claude-opus-4-6", ""},                           // the first segment is no provider
        {"", "unknown", ""},                                            // pass-through
        {" OpenAI ", "", "openai"},                                     // written by hand somewhere
        {"text-completion-openai", "gpt-3.5-turbo-instruct", "openai"}, // one vendor, several API styles
        {"bedrock_converse", "bedrock/anthropic.claude-v2", "bedrock"}, //
        {"vertex_ai_beta", "vertex_ai/gemini-2.5-pro", "vertex_ai"},    //
        {"vendor-of-next-year", "x", "vendor-of-next-year"},            // a release after ours
    };
    for (auto const &row : k_cases) {
        EXPECT_EQ(provider_of(row.custom_llm_provider, row.model), row.provider)
            << row.custom_llm_provider << '|' << row.model;
    }
}

TEST(LiteLlm, TakesTheModelGroupAsTheClientAskedForIt)
{
    EXPECT_EQ(model_group_of("claude-opus-4-6", "openai/claude-opus-4-6"), "claude-opus-4-6");
    EXPECT_EQ(model_group_of("anthropic/claude-opus-4-6", "openai/anthropic/claude-opus-4-6"),
              "anthropic/claude-opus-4-6");
    EXPECT_EQ(model_group_of("", "openai/claude-opus-4-6"), "claude-opus-4-6");
    EXPECT_EQ(model_group_of("", "openai/anthropic/claude-opus-4-6"), "anthropic/claude-opus-4-6"); // one segment only
    EXPECT_EQ(model_group_of("", "our-team/claude-opus-4-6"), "our-team/claude-opus-4-6");
    EXPECT_EQ(model_group_of("", "claude-opus-4-6"), "claude-opus-4-6");
    EXPECT_EQ(model_group_of("", ""), "");
}

TEST(LiteLlm, ComparesOnlyTheHostOfApiBase)
{
    struct
    {
        char const *api_base, *upstream;
    } const k_cases[] = {
        {"https://kellycloudai.com/v1/", "kellycloudai.com"},          // OpenAI chat
        {"https://kellycloudai.com/v1/responses", "kellycloudai.com"}, // OpenAI Responses
        {"https://api.anthropic.com/v1/messages", "api.anthropic.com"},
        {"HTTPS://API.Anthropic.COM:443/v1", "api.anthropic.com"},
        {"http://vllm.internal:80/v1", "vllm.internal"},
        {"http://vllm.internal:8000/v1", "vllm.internal:8000"},
        {"https://vllm.internal:80/v1", "vllm.internal:80"}, // the port of the other scheme is none of its own
        {"http://vllm.internal:443/v1", "vllm.internal:443"},
        {"https://vllm.internal:/v1", "vllm.internal"},
        {"https://user:PASSWORD-CANARY@api.example.com/v1", "api.example.com"},
        {"https://user:PASS@WORD@api.example.com/v1", "api.example.com"},
        {"https://user:PASS%40WORD%40api.example.com/v1", "api.example.com"},
        {"https://user:PASS/WORD@api.example.com/v1", "api.example.com"},
        {"https://user:PASS%40/WORD@api.example.com/v1", "api.example.com"},
        {"https://user:PASSWORD%2540api.example.com", "api.example.com"},
        {"https://api.example.com/models/x@1", "api.example.com"},
        {"http://vllm:8000/models/x@1", "vllm:8000"},
        {"https://api.example.com;key=PASSWORD", "api.example.com"},
        {"https://api.example.com&key=PASSWORD", "api.example.com"},
        {"https://api.example.com?key=*****", "api.example.com"},
        {"https://api.example.com,api-key=PASSWORD", "api.example.com"},
        {"https://api.example.com|api-key=PASSWORD", "api.example.com"},
        {"https://api.example.com%2Fv1%3Fapi-key%3DPASSWORD", "api.example.com"},
        {"https://api.example.com^key=PASSWORD", "api.example.com"},
        {"https://api.example.com\"key=PASSWORD", "api.example.com"},
        {"https://bücher.example.com/v1", "bücher.example.com"},
        {"https://svc_one.example.com/v1", "svc_one.example.com"},
        {"bedrock-runtime.*.amazonaws.com", "bedrock-runtime.*.amazonaws.com"},
        {"https://api.example.com./v1", "api.example.com"},
        {"http://[2001:db8::1]:8000/v1", "[2001:db8::1]:8000"},
        {"https://[2001:DB8::1]:443/v1", "[2001:db8::1]"},
        {"api.example.com/v1", "api.example.com"},
        {"", ""}, // cache hits, failures before 2026-08
        {"  ", ""},
    };
    for (auto const &row : k_cases) {
        EXPECT_EQ(upstream_of(row.api_base), row.upstream) << row.api_base;
    }
}

TEST(LiteLlm, ReadsAHostnameWithoutPortCaseAndFinalDot)
{
    EXPECT_EQ(normal_host("Claude.Goodvision.Tech:8443"), "claude.goodvision.tech");
    EXPECT_EQ(normal_host("claude.goodvision.tech."), "claude.goodvision.tech");
    EXPECT_EQ(normal_host(" claude.goodvision.tech, ingress.internal"), "claude.goodvision.tech");
    EXPECT_EQ(normal_host("[2001:db8::1]:4000"), "[2001:db8::1]");
    EXPECT_EQ(normal_host("2001:db8::1"), "2001:db8::1");
    EXPECT_EQ(normal_host(""), "");
}

TEST(LiteLlm, TakesTheLastTagOfTheFirstNameThatHasOne)
{
    std::vector<std::string> const host{"host"};
    std::vector<std::string> const both{"x-forwarded-host", "host"};

    EXPECT_EQ(tag_value({"User-Agent: claude-cli", "host: a.example"}, host), "a.example");
    EXPECT_EQ(tag_value({"host:a.example"}, host), "a.example"); // x-litellm-tags of an ingress has no blank
    EXPECT_EQ(tag_value({"host: forged.example", "host: a.example"}, host), "a.example"); // the client's stand first
    EXPECT_EQ(tag_value({"host: a.example", "host:  "}, host), "a.example");
    EXPECT_EQ(tag_value({"host: a.example", "x-forwarded-host: b.example"}, both), "b.example");
    EXPECT_EQ(tag_value({"host: a.example"}, both), "a.example");
    EXPECT_EQ(tag_value({"host: a.example:8443"}, host), "a.example:8443");
    EXPECT_EQ(tag_value({"Host: a.example"}, host), ""); // LiteLLM looks headers up in lower case
    EXPECT_EQ(tag_value({"hostname: a.example", "hos: b"}, host), "");
    EXPECT_EQ(tag_value({}, host), "");
}

TEST(LiteLlm, KnowsWhichKeysMayBeShownAsTheyStand)
{
    std::string const hash(64, 'a');
    EXPECT_TRUE(is_key_hash(hash));
    EXPECT_FALSE(is_key_hash(hash.substr(1)));
    EXPECT_FALSE(is_key_hash(std::string(64, 'A'))); // Python's hexdigest() is lower case
    EXPECT_FALSE(is_key_hash("sk-" + std::string(61, 'a')));

    for (auto const *literal : {"", "None", "litellm_proxy_master_key", "litellm-internal-health-check"}) {
        EXPECT_TRUE(is_key_literal(literal)) << literal;
    }
    for (auto const *other : {"sk-1234", "none", "litellm", "jms-test"}) {
        EXPECT_FALSE(is_key_literal(other)) << other;
    }
}

TEST(LiteLlm, KnowsVendorsOfBareModelNamesOnlyWhereLiteLlmDoes)
{
    EXPECT_EQ(provider_of_model("openai/gpt-5"), "openai");
    EXPECT_EQ(provider_of_model("openai/*"), "openai");
    EXPECT_EQ(provider_of_model("claude-opus-4-6"), "anthropic");
    EXPECT_EQ(provider_of_model("gpt-5"), "openai");
    EXPECT_EQ(provider_of_model("our-team/claude-opus-4-6"), ""); // with a slash it is no bare name
    EXPECT_EQ(provider_of_model("our-model"), "");
    EXPECT_EQ(provider_of_model(""), "");
}

} // namespace
} // namespace misroute::litellm
