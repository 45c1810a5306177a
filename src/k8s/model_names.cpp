// SPDX-License-Identifier: Apache-2.0
#include "k8s/litellm_config.hpp"
#include "misroute/model/litellm.hpp"

#include <algorithm>
#include <array>

namespace misroute::k8s {

namespace {

struct Prefix
{
    std::string_view prefix;
    std::string_view provider; ///< empty: a shorter prefix would be wrong about it
};

// Longer prefixes stand before shorter ones that they contradict. Names with "@" are Vertex AI's and left open.
constexpr std::array<Prefix, 39> k_prefixes{{
    {"gpt-oss", ""},
    {"gpt-35", ""},
    {"gpt-", "openai"},
    {"chatgpt-", "openai"},
    {"ft:gpt-", "openai"},
    {"o1", "openai"},
    {"o3", "openai"},
    {"o4-", "openai"},
    {"text-embedding-3-", "openai"},
    {"text-embedding-ada-", "openai"},
    {"text-moderation-", "openai"},
    {"omni-moderation-", "openai"},
    {"dall-e-", "openai"},
    {"whisper-", "openai"},
    {"tts-", "openai"},
    {"babbage-002", "openai"},
    {"davinci-002", "openai"},
    {"claude-", "anthropic"},
    {"command", "cohere"},
    {"embed-english-", "cohere"},
    {"embed-multilingual-", "cohere"},
    {"rerank-", "cohere"},
    {"textembedding-gecko", "vertex_ai"},
    {"text-embedding-00", "vertex_ai"},
    {"text-multilingual-embedding-", "vertex_ai"},
    {"text-bison", "vertex_ai"},
    {"chat-bison", "vertex_ai"},
    {"code-bison", "vertex_ai"},
    {"gemini-", "vertex_ai"},
    {"anthropic.claude-", "bedrock"},
    {"amazon.titan-", "bedrock"},
    {"amazon.nova-", "bedrock"},
    {"ai21.j", "bedrock"},
    {"cohere.command-", "bedrock"},
    {"cohere.embed-", "bedrock"},
    {"meta.llama", "bedrock"},
    {"mistral.mi", "bedrock"},
    {"deepseek.", "bedrock"},
    {"stability.", "bedrock"},
}};

/// Bedrock's cross-region inference profiles name a model after a region.
constexpr std::array<std::string_view, 6> k_regions{"us.", "eu.", "apac.", "global.", "us-gov.", "jp."};

std::string_view without_region(std::string_view model)
{
    auto const *const region =
        std::find_if(k_regions.begin(), k_regions.end(), [&](auto one) { return model.starts_with(one); });
    return region == k_regions.end() ? model : model.substr(region->size());
}

std::string of_bare_name(std::string_view model)
{
    if (model.find('@') != std::string_view::npos) {
        return {};
    }
    auto const name = without_region(model);
    auto const *const found = std::find_if(k_prefixes.begin(), k_prefixes.end(),
                                           [&](Prefix const &one) { return name.starts_with(one.prefix); });
    bool const regional = name.size() != model.size();
    bool const sure = found != k_prefixes.end() && (!regional || found->provider == "bedrock");
    return sure ? std::string{found->provider} : std::string{};
}

} // namespace

std::string provider_of_entry(std::string_view model, std::string_view custom)
{
    if (!custom.empty()) {
        return litellm::normal_provider(custom);
    }
    auto const slash = model.find('/');
    return slash == std::string_view::npos ? of_bare_name(model) : litellm::normal_provider(model.substr(0, slash));
}

} // namespace misroute::k8s
