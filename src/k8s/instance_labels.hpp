// SPDX-License-Identifier: Apache-2.0
//
// What labels and names say about instances: which labels name one, which tell its variants, parts or releases apart,
// and which names go together.
#pragma once

#include "misroute/model/cluster.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace misroute::k8s {

/// The labels that say it outright: Kubernetes' recommended one, and the short form of many kustomizations.
inline constexpr std::array<std::string_view, 2> k_instance_labels{"app.kubernetes.io/instance", "instance"};

bool is_instance_label(std::string_view key);

/// A label that tells variants, parts or releases of one instance apart, or nothing at all about instances.
bool is_variant_label(std::string_view key);

/// "canary", "blue", …: a variant, as a label's value or the last word of a name.
bool is_variant_word(std::string_view word);

/// "litellm" of "litellm-canary" and "litellm-v2": releases of one instance side by side.
std::string without_variant(std::string const &name);

/// The label's value without_variant(); nothing where the label is missing or empty.
std::optional<std::string> instance_value(Labels const &labels, std::string const &key);

/// One is a part of the other, between dashes: "claude" and "claude-litellm".
bool is_related(std::string_view left, std::string_view right);

} // namespace misroute::k8s
