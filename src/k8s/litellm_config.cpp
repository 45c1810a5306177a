// SPDX-License-Identifier: Apache-2.0
#include "k8s/litellm_config.hpp"

#include "k8s/parse.hpp"
#include "misroute/model/litellm.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace misroute::k8s {

namespace {

constexpr std::string_view k_environment_prefix = "os.environ/";

/// Where LiteLLM goes when a deployment has no api_base, and the variables that change it.
struct Home
{
    std::string_view provider;
    std::string_view upstream;
    std::array<std::string_view, 2> variables;
};

constexpr std::array<Home, 2> k_homes{{
    {"anthropic", "api.anthropic.com", {"ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"}},
    {"openai", "api.openai.com", {"OPENAI_BASE_URL", "OPENAI_API_BASE"}},
}};

/// The value of a variable; an empty text when it is set to something the manifests do not show.
std::optional<std::string> variable(Environment const &environment, std::string_view name)
{
    std::string const key{name};
    if (environment.hidden.contains(key)) {
        return std::string{};
    }
    auto const found = environment.values.find(key);
    return found == environment.values.end() ? std::nullopt : std::optional{found->second};
}

std::string default_upstream(std::string const &provider, Environment const &environment)
{
    auto const *const home =
        std::find_if(k_homes.begin(), k_homes.end(), [&](Home const &one) { return one.provider == provider; });
    if (home == k_homes.end()) {
        return {};
    }
    for (auto const name : home->variables) {
        if (auto const value = variable(environment, name)) {
            return litellm::upstream_of(*value);
        }
    }
    return std::string{home->upstream};
}

std::string upstream_of_entry(ModelEntry const &entry, std::string const &provider, Environment const &environment)
{
    if (entry.api_base.empty()) {
        return default_upstream(provider, environment);
    }
    if (entry.api_base.rfind(k_environment_prefix, 0) == 0) {
        return litellm::upstream_of(
            variable(environment, entry.api_base.substr(k_environment_prefix.size())).value_or(""));
    }
    return litellm::upstream_of(entry.api_base);
}

} // namespace

std::vector<ModelEntry> parse_model_list(std::string_view text)
{
    if (text.find("model_list") == std::string_view::npos) {
        return {};
    }
    auto const config = parse_one(text);
    std::vector<ModelEntry> entries;
    for (auto const &item : config ? (*config)["model_list"].items : std::vector<Value>{}) {
        auto const &params = item["litellm_params"];
        auto const &base = text_of(params["api_base"]);
        entries.push_back({text_of(params["model"]), base.empty() ? text_of(params["base_url"]) : base});
    }
    return entries;
}

std::vector<Expectation> serves(std::vector<ModelEntry> const &entries, Environment const &environment)
{
    std::set<Expectation> served;
    for (auto const &entry : entries) {
        auto const provider = litellm::provider_of_model(entry.model);
        Expectation const expectation{provider, upstream_of_entry(entry, provider, environment)};
        if (expectation != Expectation{}) {
            served.insert(expectation);
        }
    }
    return {served.begin(), served.end()};
}

} // namespace misroute::k8s
