// SPDX-License-Identifier: Apache-2.0
#include "k8s/instance_labels.hpp"

#include <algorithm>

namespace misroute::k8s {

namespace {

/// Labels that tell variants, parts or releases of one instance apart, or nothing at all about instances.
constexpr std::array<std::string_view, 31> k_variant_labels{"app.kubernetes.io/component",
                                                            "app.kubernetes.io/managed-by",
                                                            "app.kubernetes.io/version",
                                                            "build",
                                                            "canary",
                                                            "chart",
                                                            "checksum",
                                                            "color",
                                                            "colour",
                                                            "commit",
                                                            "component",
                                                            "git-sha",
                                                            "git-commit",
                                                            "helm.sh/chart",
                                                            "heritage",
                                                            "image",
                                                            "layer",
                                                            "lane",
                                                            "pod-template-hash",
                                                            "release-track",
                                                            "revision",
                                                            "role",
                                                            "sha",
                                                            "slot",
                                                            "stage",
                                                            "tag",
                                                            "tier",
                                                            "track",
                                                            "variant",
                                                            "version",
                                                            "workload"};

constexpr std::array<std::string_view, 8> k_variant_words{"active", "baseline", "blue",    "canary",
                                                          "green",  "preview",  "primary", "stable"};

template <typename Words>
bool contains(Words const &words, std::string_view word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_version(std::string_view word)
{
    return word.size() > 1 && word[0] == 'v' && word.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

} // namespace

bool is_instance_label(std::string_view key)
{
    return contains(k_instance_labels, key);
}

bool is_variant_label(std::string_view key)
{
    return contains(k_variant_labels, key);
}

bool is_variant_word(std::string_view word)
{
    return contains(k_variant_words, word);
}

std::string without_variant(std::string const &name)
{
    auto const dash = name.rfind('-');
    if (dash == std::string::npos || dash == 0) {
        return name;
    }
    auto const word = std::string_view{name}.substr(dash + 1);
    return is_variant_word(word) || is_version(word) ? name.substr(0, dash) : name;
}

std::optional<std::string> instance_value(Labels const &labels, std::string const &key)
{
    auto const found = labels.find(key);
    if (found == labels.end() || found->second.empty()) {
        return std::nullopt;
    }
    return without_variant(found->second);
}

bool is_related(std::string_view left, std::string_view right)
{
    if (left.size() < right.size()) {
        std::swap(left, right);
    }
    for (auto at = left.find(right); at != std::string_view::npos && !right.empty(); at = left.find(right, at + 1)) {
        auto const end = at + right.size();
        if ((at == 0 || left[at - 1] == '-') && (end == left.size() || left[end] == '-')) {
            return true;
        }
    }
    return false;
}

} // namespace misroute::k8s
