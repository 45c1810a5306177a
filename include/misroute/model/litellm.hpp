// SPDX-License-Identifier: Apache-2.0
//
// How the columns of a LiteLLM spend-log row are read. Pure functions; the evidence for each rule is in
// docs/litellm-rows.md. Nothing here trusts its input: every string may have been chosen by a client.
#pragma once

#include "misroute/model/backend.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace misroute::litellm {

/// One name for the variants of a vendor ("text-completion-openai" → "openai"), lower case.
std::string normal_provider(std::string_view provider);

/// Who stands behind a provider's name. LiteLLM changed names between versions and books calls of one resource under
/// several (azure and azure_ai; openai, hosted_vllm and the other names for an OpenAI-compatible server): at one
/// upstream they are the same backend. At different ones, or where the upstream is blank, they are not.
std::string vendor_of(std::string_view provider);

/// Whether LiteLLM itself writes one for the other, by its version: azure and azure_ai (#5209, #38287, #38975). Other
/// spellings of one vendor are the operator's taste, and mean one server only where the host says so.
bool is_respelled(std::string_view left, std::string_view right);

/// Whether the word is a provider LiteLLM knows (LlmProviders and its JSON-defined providers).
bool is_provider(std::string_view word);

/// custom_llm_provider; else error_information.llm_provider; else the first segment of model when it is a provider.
std::string provider_of(std::string_view custom_llm_provider, std::string_view model);

/// What LiteLLM makes of litellm_params.model: the provider of its first segment, else the vendor of a bare name that
/// it knows by heart ("claude-…", "gpt-…"); empty when neither helps.
std::string provider_of_model(std::string_view model);

/// Host of a URL, lower case, with its port only when it is not the scheme's own; empty when there is none.
std::string upstream_of(std::string_view api_base);

/// Whether an upstream is one that `expected` means: `*` is a glob, and without a port any port will do. Both as
/// upstream_of() gives them.
bool upstream_matches(std::string_view expected, std::string_view upstream);

/// Whether two upstreams are hosts of one domain: bedrock-runtime.eu-west-1.amazonaws.com and
/// bedrock-runtime.us-east-1.amazonaws.com. The last two labels decide, or three below a country's second level
/// (example.co.uk); addresses have no domain.
bool same_domain(std::string_view left, std::string_view right);

/// model_group; when blank, model without one leading provider segment.
std::string model_group_of(std::string_view model_group, std::string_view model);

/// A hostname as issuer: lower case, without port and final dot.
std::string normal_host(std::string_view host);

/// The value of the tag "<name>: <value>" or "<name>:<value>". Of several with one name the last wins: LiteLLM
/// appends header and deployment tags after those that a client may send. Of several names the first given wins.
std::string tag_value(std::vector<std::string> const &tags, std::vector<std::string> const &names);

/// A key is shown as it stands only when it is a literal of LiteLLM's or a hash; anything else must be hashed.
bool is_key_hash(std::string_view key);
bool is_key_literal(std::string_view key);

/// Whether a deployment's id is a UUID: LiteLLM gives those to models that the database adds to every pod.
bool is_uuid(std::string_view id);

/// Provider names for suggestions and for is_provider().
std::vector<std::string> const &known_providers();

} // namespace misroute::litellm
