// SPDX-License-Identifier: Apache-2.0
//
// LiteLLM's own configuration, as a ConfigMap carries it: which provider and which upstream each model leads to.
#pragma once

#include "misroute/model/expectations.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::k8s {

/// An entry of `model_list`, in LiteLLM's words.
struct ModelEntry
{
    std::string model;    ///< litellm_params.model, "anthropic/*"
    std::string api_base; ///< litellm_params.api_base or base_url, as written; "os.environ/NAME" is resolved later
};

/// What the manifest says of a container's environment.
struct Environment
{
    std::map<std::string, std::string> values; ///< literal values
    std::set<std::string> hidden;              ///< set from a Secret, a ConfigMap or a field: the value is not known
};

/// The entries of `model_list`; nothing when the text is no LiteLLM configuration.
std::vector<ModelEntry> parse_model_list(std::string_view text);

/// What a LiteLLM with these entries serves, sorted, each once. A part that cannot be known is empty; an entry of which
/// nothing is known is left out.
std::vector<Expectation> serves(std::vector<ModelEntry> const &entries, Environment const &environment);

} // namespace misroute::k8s
