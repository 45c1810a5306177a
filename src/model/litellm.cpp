// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/litellm.hpp"

#include "misroute/model/expectations.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace misroute::litellm {

namespace {

/// LiteLLM books one vendor under several names, by API style; for "who answered" they are one.
using Names = std::pair<std::string_view, std::string_view>;
constexpr std::array<Names, 13> k_variants{{
    {"aiohttp_openai", "openai"},
    {"anthropic_text", "anthropic"},
    {"azure_text", "azure"},
    {"bedrock_converse", "bedrock"},
    {"bedrock_mantle", "bedrock"},
    {"cohere_chat", "cohere"},
    {"ollama_chat", "ollama"},
    {"sagemaker_chat", "sagemaker"},
    {"sagemaker_nova", "sagemaker"},
    {"text-completion-codestral", "codestral"},
    {"text-completion-openai", "openai"},
    {"vertex_ai_beta", "vertex_ai"},
    {"watsonx_text", "watsonx"},
}};

/// Names that may mean one server, but only where its host says so too: whether a self-hosted server is configured as
/// openai or as hosted_vllm is a matter of taste.
constexpr std::array<Names, 9> k_vendors{{
    {"azure_ai", "azure"},
    {"codestral", "mistral"},
    {"custom_openai", "openai"},
    {"hosted_vllm", "openai"},
    {"litellm_proxy", "openai"},
    {"lm_studio", "openai"},
    {"llamafile", "openai"},
    {"openai_like", "openai"},
    {"vllm", "openai"},
}};

constexpr std::string_view k_respelled = "azure";

template <std::size_t Size>
std::string_view renamed(std::array<Names, Size> const &table, std::string_view name)
{
    auto const *const found =
        std::find_if(table.begin(), table.end(), [&](Names const &names) { return names.first == name; });
    return found == table.end() ? name : found->second;
}

constexpr std::array<std::string_view, 6> k_key_literals{"",
                                                         "None",
                                                         "litellm_proxy_master_key",
                                                         "litellm-internal-health-check",
                                                         "litellm-dashboard",
                                                         "litellm-proxy-master-key"};

// The names people meet; LiteLLM has more and gains some with every release, so an unknown word is never an error.
constexpr std::array<std::string_view, 87> k_providers{"ai21",
                                                       "aiml",
                                                       "anthropic",
                                                       "azure",
                                                       "azure_ai",
                                                       "baseten",
                                                       "bedrock",
                                                       "bytez",
                                                       "cerebras",
                                                       "chatgpt",
                                                       "clarifai",
                                                       "cloudflare",
                                                       "codestral",
                                                       "cohere",
                                                       "cometapi",
                                                       "compactifai",
                                                       "custom_openai",
                                                       "dashscope",
                                                       "databricks",
                                                       "datarobot",
                                                       "deepgram",
                                                       "deepinfra",
                                                       "deepseek",
                                                       "elevenlabs",
                                                       "empower",
                                                       "featherless_ai",
                                                       "fireworks_ai",
                                                       "friendliai",
                                                       "galadriel",
                                                       "gemini",
                                                       "github",
                                                       "github_copilot",
                                                       "gigachat",
                                                       "gradient_ai",
                                                       "groq",
                                                       "heroku",
                                                       "hosted_vllm",
                                                       "huggingface",
                                                       "hyperbolic",
                                                       "infinity",
                                                       "jina_ai",
                                                       "lambda_ai",
                                                       "lemonade",
                                                       "litellm_proxy",
                                                       "llamafile",
                                                       "lm_studio",
                                                       "maritalk",
                                                       "meta_llama",
                                                       "minimax",
                                                       "mistral",
                                                       "moonshot",
                                                       "morph",
                                                       "nebius",
                                                       "nlp_cloud",
                                                       "novita",
                                                       "nscale",
                                                       "nvidia_nim",
                                                       "oci",
                                                       "ollama",
                                                       "oobabooga",
                                                       "openai",
                                                       "openai_like",
                                                       "openrouter",
                                                       "ovhcloud",
                                                       "perplexity",
                                                       "petals",
                                                       "predibase",
                                                       "publicai",
                                                       "recraft",
                                                       "replicate",
                                                       "sagemaker",
                                                       "sambanova",
                                                       "snowflake",
                                                       "together_ai",
                                                       "topaz",
                                                       "triton",
                                                       "v0",
                                                       "vercel_ai_gateway",
                                                       "vertex_ai",
                                                       "vllm",
                                                       "volcengine",
                                                       "voyage",
                                                       "wandb",
                                                       "watsonx",
                                                       "xai",
                                                       "xinference",
                                                       "zai"};

char lower_char(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

std::string lower(std::string_view text)
{
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(), lower_char);
    return result;
}

std::string_view trimmed(std::string_view text)
{
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix)
{
    return text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(),
                                                      [](char a, char b) { return lower_char(a) == lower_char(b); });
}

/// A port at the end of host:port; an address in brackets may hold colons of its own.
std::size_t port_position(std::string_view host)
{
    auto const bracket = host.rfind(']');
    auto const colon = host.rfind(':');
    bool const in_address = bracket != std::string_view::npos && colon != std::string_view::npos && colon < bracket;
    bool const bare_address = bracket == std::string_view::npos && host.find(':') != colon;
    return in_address || bare_address ? std::string_view::npos : colon;
}

/// The labels that an owner registers; empty for a single label and for an address.
std::string_view domain_of(std::string_view host)
{
    constexpr std::size_t k_second_level = 3; // "co" of "co.uk", and "com" of "com.au"
    constexpr std::array<std::string_view, 4> k_private{"svc", "local", "internal", "lan"}; // nobody registers these
    auto const top = host.rfind('.');
    bool const own = top != std::string_view::npos &&
                     std::find(k_private.begin(), k_private.end(), host.substr(top + 1)) != k_private.end();
    if (own || top == std::string_view::npos || top == 0 ||
        host.find_first_not_of("0123456789.") == std::string_view::npos || host.find(':') != std::string_view::npos) {
        return {};
    }
    auto second = host.rfind('.', top - 1);
    if (second == std::string_view::npos) {
        return host;
    }
    bool const country = host.size() - top - 1 == 2 && top - second - 1 <= k_second_level;
    auto const third = country && second > 0 ? host.rfind('.', second - 1) : std::string_view::npos;
    second = country ? third : second;
    return second == std::string_view::npos ? host : host.substr(second + 1);
}

std::string_view first_segment(std::string_view model)
{
    auto const slash = model.find('/');
    return slash == std::string_view::npos ? std::string_view{} : model.substr(0, slash);
}

} // namespace

std::vector<std::string> const &known_providers()
{
    static std::vector<std::string> const names{k_providers.begin(), k_providers.end()};
    return names;
}

std::string normal_provider(std::string_view provider)
{
    return std::string{renamed(k_variants, lower(trimmed(provider)))};
}

std::string vendor_of(std::string_view provider)
{
    return std::string{renamed(k_vendors, normal_provider(provider))};
}

bool is_respelled(std::string_view left, std::string_view right)
{
    return vendor_of(left) == k_respelled && vendor_of(right) == k_respelled;
}

bool is_provider(std::string_view word)
{
    auto const &names = known_providers();
    return std::find(names.begin(), names.end(), normal_provider(word)) != names.end();
}

std::string provider_of(std::string_view custom_llm_provider, std::string_view model)
{
    if (auto name = normal_provider(custom_llm_provider); !name.empty()) {
        return name;
    }
    auto const segment = first_segment(model);
    return is_provider(segment) ? normal_provider(segment) : std::string{};
}

std::string provider_of_model(std::string_view model)
{
    auto const slash = model.find('/');
    auto const segment = model.substr(0, slash);
    if (is_provider(segment)) {
        return normal_provider(segment);
    }
    bool const bare = slash == std::string_view::npos;
    return bare && model.starts_with("claude-") ? "anthropic" : bare && model.starts_with("gpt-") ? "openai" : "";
}

namespace {

/// user:password@ must not travel into a report. A password may hold a "/" that nobody encoded: what stands before it
/// is then no port; the "@" may be encoded itself.
std::string_view without_userinfo(std::string_view rest)
{
    auto const authority = rest.substr(0, rest.find_first_of("/?#"));
    auto const colon = authority.find(':');
    auto const port = colon == std::string_view::npos ? std::string_view{} : authority.substr(colon + 1);
    bool const is_port = authority.starts_with('[') || port.find_first_not_of("0123456789") == std::string_view::npos;
    for (auto const searched : {authority, is_port ? authority : rest}) {
        for (std::string_view const sign : {"@", "%40", "%2540"}) {
            bool const encoded_before_a_path = sign != "@" && !is_port && searched.size() < rest.size();
            auto const at = encoded_before_a_path ? std::string_view::npos : searched.rfind(sign);
            if (at != std::string_view::npos) {
                return without_userinfo(rest.substr(at + sign.size()));
            }
        }
    }
    return rest;
}

} // namespace

namespace {

/// Letters of any script, digits, and what patterns and templates are written with.
bool may_name_host(char letter)
{
    constexpr std::string_view k_others = "-._~:[]*{}$";
    bool const letter_of_another_script = static_cast<unsigned char>(letter) >= 0x80;
    return letter_of_another_script || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || k_others.find(letter) != std::string_view::npos;
}

} // namespace

std::string upstream_of(std::string_view api_base)
{
    std::string_view rest = trimmed(api_base);
    std::string_view default_port = "443";
    if (auto const scheme = rest.find("://"); scheme != std::string_view::npos) {
        default_port =
            (starts_with_ignoring_case(rest, "http://") || starts_with_ignoring_case(rest, "ws://")) ? "80" : "443";
        rest.remove_prefix(scheme + 3);
    }
    std::string_view host = without_userinfo(rest);
    // What no name of a host has ends it: ";key=…", ",key=…" and "%3Fkey=…" are as secret as "?key=…".
    auto const length = std::find_if_not(host.begin(), host.end(), may_name_host) - host.begin();
    host = host.substr(0, static_cast<std::size_t>(length));
    if (auto const colon = port_position(host); colon != std::string_view::npos) {
        auto const port = host.substr(colon + 1);
        if (port.empty() || port == default_port) {
            host = host.substr(0, colon);
        }
    }
    while (host.ends_with('.')) {
        host.remove_suffix(1);
    }
    return lower(host);
}

bool upstream_matches(std::string_view expected, std::string_view upstream)
{
    auto const expected_port = port_position(expected);
    if (expected_port != std::string_view::npos) {
        auto const port = port_position(upstream);
        return port != std::string_view::npos && expected.substr(expected_port) == upstream.substr(port) &&
               glob_match(expected.substr(0, expected_port), upstream.substr(0, port));
    }
    return glob_match(expected, upstream.substr(0, port_position(upstream)));
}

bool same_domain(std::string_view left, std::string_view right)
{
    auto const domain = domain_of(left.substr(0, port_position(left)));
    return !domain.empty() && domain == domain_of(right.substr(0, port_position(right)));
}

std::string model_group_of(std::string_view model_group, std::string_view model)
{
    if (!model_group.empty()) {
        return std::string{model_group};
    }
    auto const segment = first_segment(model);
    return std::string{is_provider(segment) ? model.substr(segment.size() + 1) : model};
}

std::string normal_host(std::string_view host)
{
    host = trimmed(host);
    if (auto const comma = host.find(','); comma != std::string_view::npos) {
        host = trimmed(host.substr(0, comma)); // x-forwarded-host lists every hop, the client's first
    }
    for (std::size_t before = host.size() + 1;
         host.size() < before;) { // until nothing is left to take away: "a.:443 ."
        before = host.size();
        host = trimmed(host.substr(0, port_position(host)));
        host.remove_suffix(host.ends_with('.') ? 1 : 0);
    }
    return lower(host);
}

std::string tag_value(std::vector<std::string> const &tags, std::vector<std::string> const &names)
{
    for (auto const &name : names) {
        auto const prefix = name + ":";
        auto const found = std::find_if(tags.rbegin(), tags.rend(), [&](std::string const &tag) {
            return tag.starts_with(prefix) && !trimmed(std::string_view{tag}.substr(prefix.size())).empty();
        });
        if (found != tags.rend()) {
            return std::string{trimmed(std::string_view{*found}.substr(prefix.size()))};
        }
    }
    return {};
}

bool is_key_hash(std::string_view key)
{
    return key.size() == 64 && key.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_uuid(std::string_view id)
{
    constexpr std::string_view k_shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    return id.size() == k_shape.size() &&
           std::equal(id.begin(), id.end(), k_shape.begin(), [](char letter, char shape) {
               return shape == '-' ? letter == '-'
                                   : std::string_view{"0123456789abcdefABCDEF"}.find(letter) != std::string_view::npos;
           });
}

bool is_key_literal(std::string_view key)
{
    return std::find(k_key_literals.begin(), k_key_literals.end(), key) != k_key_literals.end();
}

} // namespace misroute::litellm
