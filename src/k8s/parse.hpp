// SPDX-License-Identifier: Apache-2.0
//
// From the text of manifests to values: YAML streams and JSON, as kubectl, kustomize and helm print them. The only
// files of this stage that know a YAML or a JSON library. Any text is fine: what cannot be read is a problem with its
// line, and the documents after it are read all the same.
#pragma once

#include "k8s/tree_builder.hpp"
#include "k8s/value.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace misroute::k8s {

/// Problems of one text beyond this number are not told apart any more.
inline constexpr std::size_t k_most_problems = 100;

/// Hands every document of a YAML stream, every value of a sequence of JSON values, and every item of a List to `sink`.
std::vector<Problem> parse_documents(std::string_view text, Sink const &sink);

/// The first document of the text; nothing when there is none that can be read. For configuration inside a ConfigMap.
std::optional<Value> parse_one(std::string_view text);

/// One YAML document or stream; `line` is that of its first line. Throws Unreadable.
void parse_yaml(std::string_view text, int line, TreeBuilder &builder);

/// JSON values, one after the other. Throws Unreadable.
void parse_json(std::string_view text, int line, TreeBuilder &builder);

} // namespace misroute::k8s
