// SPDX-License-Identifier: Apache-2.0
#include "k8s/litellm_config.hpp"

#include "k8s/parse.hpp"
#include "misroute/model/litellm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace misroute::k8s {

namespace {

constexpr std::string_view k_environment_prefix = "os.environ/";

/// Keys of which any makes a text LiteLLM's configuration.
constexpr std::array<std::string_view, 5> k_sections{"model_list", "credential_list", "litellm_settings",
                                                     "general_settings", "environment_variables"};

/// Where LiteLLM goes when a deployment has no api_base, and the variables that change it, the first that is set.
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

/// A value from the environment.
struct Variable
{
    enum class State
    {
        unset,
        hidden, ///< set, or perhaps set, to something that the manifests do not show
        known,
    };

    State state = State::unset;
    std::string value;
};

Variable variable(Environment const &environment, std::string_view name)
{
    std::string const key{name};
    if (environment.hidden.contains(key)) {
        return {Variable::State::hidden, {}};
    }
    auto const found = environment.values.find(key);
    if (found != environment.values.end()) {
        return {Variable::State::known, found->second};
    }
    return {environment.more ? Variable::State::hidden : Variable::State::unset, {}};
}

/// AZURE_AI_API_BASE of azure_ai: LiteLLM reads the like for most of its other providers.
std::string base_variable(std::string_view provider)
{
    std::string name;
    for (char const letter : provider) {
        bool const small = letter >= 'a' && letter <= 'z';
        name.push_back(small ? static_cast<char>(letter - 'a' + 'A') : letter == '-' ? '_' : letter);
    }
    return name + "_API_BASE";
}

std::string default_upstream(std::string const &provider, Environment const &environment)
{
    auto const *const home =
        std::find_if(k_homes.begin(), k_homes.end(), [&](Home const &one) { return one.provider == provider; });
    if (home == k_homes.end()) {
        return litellm::upstream_of(variable(environment, base_variable(provider)).value);
    }
    for (auto const name : home->variables) {
        auto const found = variable(environment, name);
        if (found.state != Variable::State::unset) {
            return litellm::upstream_of(found.value);
        }
    }
    return std::string{home->upstream};
}

/// The text with its variables, or nothing when one is not known.
std::optional<std::string> resolved(std::string const &text, Environment const &environment)
{
    if (text.starts_with(k_environment_prefix)) {
        auto const found = variable(environment, std::string_view{text}.substr(k_environment_prefix.size()));
        return found.state == Variable::State::known ? std::optional{found.value} : std::nullopt;
    }
    return expanded(text, environment);
}

/// What the configurations set when LiteLLM starts, over what the container's environment says.
Environment with_variables(Environment environment, std::vector<ConfigFile> const &files)
{
    for (auto const &file : files) {
        for (auto const &[name, text] : file.variables) {
            if (auto value = resolved(text, environment)) {
                environment.hidden.erase(name);
                environment.values[name] = std::move(*value);
            } else {
                environment.hidden.insert(name);
            }
        }
    }
    return environment;
}

using Credentials = std::map<std::string, Credential>;

/// The entry with what its credential says filled in; false when the credential is named and not in the input.
bool fill(ModelEntry &entry, Credentials const &credentials)
{
    if (entry.credential.empty()) {
        return true;
    }
    auto const found = credentials.find(entry.credential);
    if (found == credentials.end()) {
        return !entry.api_base.empty();
    }
    entry.api_base = entry.api_base.empty() ? found->second.api_base : entry.api_base;
    entry.provider = entry.provider.empty() ? found->second.provider : entry.provider;
    return true;
}

/// What one entry leads to; both parts empty when nothing is known of it.
Expectation leads_to(ModelEntry entry, Credentials const &credentials, Environment const &environment)
{
    bool const filled = fill(entry, credentials);
    auto const custom = resolved(entry.provider, environment).value_or("");
    auto const model = resolved(entry.model, environment).value_or("");
    Expectation result;
    if (!entry.api_base.empty()) {
        result.upstream = litellm::upstream_of(resolved(entry.api_base, environment).value_or(""));
    }
    result.provider = provider_of_entry(model == "*" ? "" : model, custom, result.upstream);
    if (entry.api_base.empty() && filled) {
        result.upstream = default_upstream(result.provider, environment);
    }
    return result;
}

std::string entry_text(ModelEntry const &entry)
{
    if (entry.model == "*" && entry.provider.empty()) {
        return "model \"*\": whatever the client names";
    }
    return entry.model.empty() ? fmt::format("the entry \"{}\" of model_list", entry.name)
                               : fmt::format("model \"{}\"", entry.model);
}

std::string file_name(std::string const &path)
{
    return std::filesystem::path{path}.filename().string();
}

ModelEntry read_entry(Value const &item)
{
    auto const &params = item["litellm_params"];
    auto const &base = text_of(params["api_base"]);
    return {text_of(params["model"]), base.empty() ? text_of(params["base_url"]) : base,
            text_of(params["custom_llm_provider"]), text_of(params["litellm_credential_name"]),
            text_of(item["model_name"])};
}

} // namespace

std::optional<std::string> expanded(std::string_view text, Environment const &environment)
{
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        bool const opens = text[at] == '$' && at + 1 < text.size() && (text[at + 1] == '(' || text[at + 1] == '{');
        auto const end = opens ? text.find(text[at + 1] == '(' ? ')' : '}', at) : std::string_view::npos;
        if (end == std::string_view::npos) {
            result += text[at];
            continue;
        }
        auto const found = variable(environment, text.substr(at + 2, end - at - 2));
        if (found.state != Variable::State::known) {
            return std::nullopt;
        }
        result += found.value;
        at = end;
    }
    return result;
}

std::optional<ConfigFile> parse_config(std::string const &file, std::string_view text)
{
    bool const speaks_of_it = std::any_of(k_sections.begin(), k_sections.end(), [&](std::string_view section) {
        return text.find(section) != std::string_view::npos;
    });
    if (!speaks_of_it) {
        return std::nullopt;
    }
    auto const config = parse_one(text);
    ConfigFile result;
    result.file = file;
    if (!config || !config->is_map()) {
        result.unreadable = true;
        return result;
    }
    for (auto const &item : (*config)["model_list"].items) {
        result.models.push_back(read_entry(item));
    }
    for (auto const &item : (*config)["credential_list"].items) {
        auto const &values = item["credential_values"];
        auto const &base = text_of(values["api_base"]);
        result.credentials[text_of(item["credential_name"])] = {
            base.empty() ? text_of(values["base_url"]) : base, text_of(item["credential_info"]["custom_llm_provider"])};
    }
    for (auto const &[name, value] : (*config)["environment_variables"].members) {
        result.variables.emplace_back(name, text_of(value));
    }
    for (auto const &item : (*config)["include"].items) {
        result.includes.push_back(text_of(item));
    }
    return result;
}

Served served_by(std::vector<ConfigFile> const &files, Environment const &container)
{
    auto const environment = with_variables(container, files);
    Credentials credentials;
    std::set<std::string> names;
    for (auto const &file : files) {
        names.insert(file_name(file.file));
        credentials.insert(file.credentials.begin(), file.credentials.end());
    }
    std::set<Expectation> backends;
    std::set<std::string> unread;
    for (auto const &file : files) {
        if (file.unreadable) {
            unread.insert(fmt::format("the file \"{}\", which is no YAML", file.file));
        }
        for (auto const &include : file.includes) {
            if (!names.contains(file_name(include))) {
                unread.insert(fmt::format("the file \"{}\" that the configuration includes", include));
            }
        }
        for (auto const &entry : file.models) {
            auto const backend = leads_to(entry, credentials, environment);
            if (backend == Expectation{}) {
                unread.insert(entry_text(entry));
            } else {
                backends.insert(backend);
            }
        }
    }
    return {{backends.begin(), backends.end()}, {unread.begin(), unread.end()}};
}

} // namespace misroute::k8s
