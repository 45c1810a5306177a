// SPDX-License-Identifier: Apache-2.0
//
// LiteLLM's own configuration, as a ConfigMap carries it: which provider and which upstream each model leads to. What
// cannot be known stays open: nothing is assumed that traffic could later be held against.
#pragma once

#include "misroute/model/expectations.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace misroute::k8s {

/// An entry of `model_list`, in LiteLLM's words.
struct ModelEntry
{
    std::string model;      ///< litellm_params.model, "anthropic/*"
    std::string api_base;   ///< litellm_params.api_base or base_url, as written; "os.environ/NAME" is resolved later
    std::string provider;   ///< litellm_params.custom_llm_provider
    std::string credential; ///< litellm_params.litellm_credential_name
    std::string name;       ///< model_name
};

/// An entry of `credential_list`. Keys in it are never read.
struct Credential
{
    std::string api_base;
    std::string provider;
};

/// One file of LiteLLM's configuration.
struct ConfigFile
{
    std::string file;
    std::vector<ModelEntry> models;
    std::map<std::string, Credential> credentials;
    std::vector<std::string> includes;                          ///< other files, as written
    std::vector<std::pair<std::string, std::string>> variables; ///< environment_variables, as written
    bool unreadable = false;                                    ///< it speaks of a model list, and is no YAML
};

/// What the manifest says of a container's environment.
struct Environment
{
    std::map<std::string, std::string> values; ///< literal values
    std::set<std::string> hidden;              ///< set from a Secret, a ConfigMap or a field: the value is not known
    bool more = false;                         ///< a Secret or a ConfigMap that is not in the input sets others
};

/// What a LiteLLM serves, and what of it could not be read.
struct Served
{
    std::vector<Expectation> backends; ///< sorted, each once; a part that cannot be known is empty
    std::vector<std::string> unread;   ///< in words; such an instance serves more than `backends`
};

/// Nothing when the text is no LiteLLM configuration.
std::optional<ConfigFile> parse_config(std::string const &file, std::string_view text);

/// `$(NAME)` and `${NAME}` replaced; nothing where a value is not known.
std::optional<std::string> expanded(std::string_view text, Environment const &environment);

/// What a LiteLLM with these files serves.
Served served_by(std::vector<ConfigFile> const &files, Environment const &container);

/// The provider that LiteLLM takes for a model: `custom` outranks the first segment, and that a bare name which
/// LiteLLM's public map (model_prices_and_context_window.json) has for one vendor alone. An unknown first segment is a
/// provider of its own. Empty when it is not sure, as for a bare name at an `upstream` that tells LiteLLM the provider.
std::string provider_of_entry(std::string_view model, std::string_view custom, std::string_view upstream);

} // namespace misroute::k8s
