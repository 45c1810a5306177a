// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/backend.hpp"
#include "misroute/model/expectations.hpp"
#include "misroute/model/litellm.hpp"

#include <gtest/gtest.h>

namespace misroute {
namespace {

struct Pair
{
    char const *left;
    char const *right;
    bool same;
};

TEST(Upstream, IsMatchedAsPeopleWriteIt)
{
    for (auto const &[expected, upstream, same] : {
             Pair{"vllm.internal", "vllm.internal:8000", true}, // without a port any port
             Pair{"vllm.internal", "vllm.internal", true},
             Pair{"vllm.internal:8000", "vllm.internal:8000", true},
             Pair{"vllm.internal:8000", "vllm.internal:8001", false},
             Pair{"vllm.internal:8000", "vllm.internal", false},
             Pair{"bedrock-runtime.*.amazonaws.com", "bedrock-runtime.eu-west-1.amazonaws.com", true},
             Pair{"bedrock-runtime.*.amazonaws.com", "s3.eu-west-1.amazonaws.com", false},
             Pair{"*.gpu.internal:11434", "a.gpu.internal:11434", true},
             Pair{"*.gpu.internal:11434", "a.gpu.internal:11435", false},
             Pair{"[fd00::1]", "[fd00::1]:8000", true},
             Pair{"relay.maplegate.io", "relay2.maplegate.io", false},
         }) {
        EXPECT_EQ(litellm::upstream_matches(expected, upstream), same) << expected << " " << upstream;
    }
}

TEST(Upstream, SharesADomainWithAnotherRegionOfTheSameVendor)
{
    for (auto const &[left, right, same] : {
             Pair{"bedrock-runtime.us-east-1.amazonaws.com", "bedrock-runtime.eu-west-1.amazonaws.com", true},
             Pair{"us-central1-aiplatform.googleapis.com", "aiplatform.googleapis.com", true},
             Pair{"alder.openai.azure.com", "birch.openai.azure.com:443", true},
             Pair{"api.openai.com", "api.anthropic.com", false},
             Pair{"llm.alder.co.uk", "llm.birch.co.uk", false},
             Pair{"a.alder.co.uk", "b.alder.co.uk", true},
             Pair{"eu.relay.ai", "us.relay.ai", true},
             Pair{"10.0.0.5", "10.1.0.5", false},
             Pair{"[fd00::1]", "[fd00::2]", false},
             Pair{"gateway", "gateway", false},
             Pair{"", "", false},
         }) {
        EXPECT_EQ(litellm::same_domain(left, right), same) << left << " " << right;
    }
}

TEST(Backend, OfOneVendorAtOneUpstreamIsOneBackendHoweverLiteLLMSpellsIt)
{
    Backend const azure{"azure", "alder.openai.azure.com", {}};
    EXPECT_FALSE(differ(azure, {"azure_ai", "alder.openai.azure.com", {}}));
    EXPECT_TRUE(differ(azure, {"azure_ai", "birch.services.ai.azure.com", {}}));
    EXPECT_TRUE(differ({"azure", "", {}}, {"azure_ai", "", {}})) << "nothing but the name is known";
    EXPECT_TRUE(differ(azure, {"openai", "alder.openai.azure.com", {}}));
    EXPECT_FALSE(differ({"openai", "vllm:8000", {}}, {"hosted_vllm", "vllm:8000", {}}));
    EXPECT_TRUE(differ({"openai", "vllm:8000", "alder"}, {"hosted_vllm", "vllm:8000", "birch"}));
    EXPECT_FALSE(differ({"openai", "", {}, true}, {"anthropic", "", {}})) << "a client's word tells nothing apart";
}

TEST(Expectation, AdmitsTheSameVendorAtTheExpectedUpstream)
{
    Expectation const expect{"azure_ai", "alder.openai.azure.com"};
    EXPECT_TRUE(admits(expect, {"azure", "alder.openai.azure.com", {}}));
    EXPECT_FALSE(admits(expect, {"azure", "birch.openai.azure.com", {}}));
    EXPECT_FALSE(admits(expect, {"azure", "", {}})) << "no upstream, so the names decide";
    EXPECT_TRUE(admits(expect, {"azure_ai", "", {}}));
    EXPECT_TRUE(admits(expect, {"", "alder.openai.azure.com", {}}));
    EXPECT_FALSE(admits(expect, {"", "", {}}));
    EXPECT_TRUE(admits({"anthropic", "relay.maplegate.io"}, {"openai", "relay.maplegate.io", {}, true}));
    EXPECT_TRUE(admits({"", "vllm.internal"}, {"hosted_vllm", "vllm.internal:8000", {}}));
}

TEST(Provider, HasOneNameForTheVariantsOfAnApi)
{
    for (auto const *name : {"text-completion-openai", "aiohttp_openai", " OpenAI "}) {
        EXPECT_EQ(litellm::normal_provider(name), "openai") << name;
    }
    EXPECT_EQ(litellm::normal_provider("bedrock_mantle"), "bedrock");
    EXPECT_EQ(litellm::normal_provider("watsonx_text"), "watsonx");
    EXPECT_EQ(litellm::normal_provider("azure_ai"), "azure_ai") << "another service, and another host as a rule";
    EXPECT_EQ(litellm::vendor_of("azure_ai"), "azure");
}

} // namespace
} // namespace misroute
