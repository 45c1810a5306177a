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

// Facts of LiteLLM's public model map and get_llm_provider_logic.py (1.110). Longer prefixes stand before shorter ones
// that they contradict. Bare names that the map has for two vendors ("gemini-…" for Vertex AI and Google AI Studio,
// "text-embedding-…-exp") are left out.
constexpr std::array<Prefix, 52> k_prefixes{{
    {"gpt-oss", ""},
    {"gpt-35", ""},
    {"gpt-", "openai"},
    {"chatgpt-", "openai"},
    {"ft:gpt-", "openai"},
    {"ft:o4-mini", "openai"},
    {"ft:babbage-002", "openai"},
    {"ft:davinci-002", "openai"},
    {"o1", "openai"},
    {"o3", "openai"},
    {"o4-", "openai"},
    {"text-embedding-3-", "openai"},
    {"text-embedding-ada-", "openai"},
    {"text-moderation-", "openai"},
    {"omni-moderation-", "openai"},
    {"computer-use-preview", "openai"},
    {"sora-2", "openai"},
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
    {"ai21.j", "bedrock"},
    {"amazon.", "bedrock"},
    {"anthropic.", "bedrock"},
    {"cohere.", "bedrock"},
    {"deepseek.", "bedrock"},
    {"google.", "bedrock"},
    {"meta.", "bedrock"},
    {"minimax.", "bedrock"},
    {"mistral.", "bedrock"},
    {"moonshot.", "bedrock"},
    {"moonshotai.", "bedrock"},
    {"nvidia.", "bedrock"},
    {"openai.", "bedrock"},
    {"qwen.", "bedrock"},
    {"stability.", "bedrock"},
    {"twelvelabs.", "bedrock"},
    {"writer.", "bedrock"},
    {"zai.", "bedrock"},
    {"jamba-", "ai21"},
}};

/// Bedrock's cross-region inference profiles name a model after a region.
constexpr std::array<std::string_view, 9> k_regions{"us.", "eu.", "apac.", "global.", "us-gov.",
                                                    "jp.", "au.", "in.",   "ca."};

/// Hosts from which LiteLLM tells the provider where neither the name nor an option does.
constexpr std::array<std::string_view, 14> k_telling_hosts{
    "api.ai21.com",     "api.cerebras.ai",          "api.deepinfra.com", "api.deepseek.com", "api.groq.com",
    "api.llama.com",    "api.minimax.io",           "api.mistral.ai",    "api.moonshot.ai",  "api.perplexity.ai",
    "api.sambanova.ai", "integrate.api.nvidia.com", "api.together.ai",   "api.together.xyz"};

std::string_view without_region(std::string_view model)
{
    auto const *const region =
        std::find_if(k_regions.begin(), k_regions.end(), [&](auto one) { return model.starts_with(one); });
    return region == k_regions.end() ? model : model.substr(region->size());
}

/// Names of Vertex AI ("…@001"), of Bedrock ("…-v1:0"), and those without a number that LiteLLM replaces by the newest
/// model.
bool is_ambiguous(std::string_view model)
{
    bool const numbered = model.find_first_of("0123456789") != std::string_view::npos;
    return model.find('@') != std::string_view::npos || (model.starts_with("claude-") && model.ends_with(":0")) ||
           (model.ends_with("-latest") && !numbered);
}

std::string of_bare_name(std::string_view model)
{
    if (is_ambiguous(model)) {
        return {};
    }
    auto const name = without_region(model);
    auto const *const found = std::find_if(k_prefixes.begin(), k_prefixes.end(),
                                           [&](Prefix const &one) { return name.starts_with(one.prefix); });
    bool const regional = name.size() != model.size();
    bool const sure = found != k_prefixes.end() && (!regional || found->provider == "bedrock");
    return sure ? std::string{found->provider} : std::string{};
}

/// Models of Cohere and Mistral at Azure are logged as OpenAI's; "azure/…" alone does not say which.
bool is_resold(std::string_view model)
{
    constexpr std::array<std::string_view, 8> resold{"command",   "mistral",   "codestral", "open-mi",
                                                     "ministral", "magistral", "devstral",  "pixtral"};
    constexpr std::string_view azure = "azure/";
    return model.starts_with(azure) && std::any_of(resold.begin(), resold.end(), [&](std::string_view name) {
               return model.substr(azure.size()).starts_with(name);
           });
}

bool tells_provider(std::string_view upstream)
{
    auto const host = upstream.substr(0, upstream.find(':'));
    return std::find(k_telling_hosts.begin(), k_telling_hosts.end(), host) != k_telling_hosts.end();
}

} // namespace

std::string provider_of_entry(std::string_view model, std::string_view custom, std::string_view upstream)
{
    if (!custom.empty()) {
        return litellm::normal_provider(custom);
    }
    auto const slash = model.find('/');
    if (slash == std::string_view::npos) {
        return tells_provider(upstream) ? std::string{} : of_bare_name(model);
    }
    return is_resold(model) ? std::string{} : litellm::normal_provider(model.substr(0, slash));
}

} // namespace misroute::k8s
