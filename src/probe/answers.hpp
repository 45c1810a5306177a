// SPDX-License-Identifier: Apache-2.0
//
// What LiteLLM answers, as deployments. Pure, and safe for any input: whoever answers may not be LiteLLM at all.
#pragma once

#include "misroute/model/probe.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// The body of GET /v1/model/info: the pod's deployments by id, each once, in the order of their ids. A wildcard is
/// listed under many names but has one id. Nothing when the text is not such an answer.
std::optional<std::vector<Deployment>> read_model_info(std::string_view body, std::string const &instance_tag);

/// The deployment that answered a completion: the headers x-litellm-model-id and x-litellm-model-api-base (lower case
/// here). The provider is not among them. Nothing when neither is there.
std::optional<Deployment> read_completion(std::map<std::string, std::string> const &headers, std::string const &model);

} // namespace misroute
