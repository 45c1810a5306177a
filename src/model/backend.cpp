// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/backend.hpp"

#include "misroute/model/litellm.hpp"

#include <algorithm>

namespace misroute {

namespace {

constexpr std::array<std::string_view, 7> k_issuer_kinds{"host", "key", "team", "user", "end-user", "ip", "tag"};
constexpr std::array<std::string_view, 5> k_row_classes{"home", "foreign", "unknown", "excluded", "unassigned"};
constexpr std::array<std::string_view, k_exclusion_reasons> k_reasons{
    "",    "cache-hit", "failure", "health-check", "fallback", "internal-call", "auto-router", "pass-through",
    "mcp", "a2a",       "batch",   "other-call"};

template <typename Enum, std::size_t Size>
std::optional<Enum> parse(std::array<std::string_view, Size> const &words, std::string_view word)
{
    auto const *const found = std::find(words.begin(), words.end(), word);
    if (word.empty() || found == words.end()) {
        return std::nullopt;
    }
    return static_cast<Enum>(found - words.begin());
}

} // namespace

std::string_view to_string(IssuerKind kind)
{
    return k_issuer_kinds.at(static_cast<std::size_t>(kind));
}
std::string_view to_string(RowClass row_class)
{
    return k_row_classes.at(static_cast<std::size_t>(row_class));
}
std::string_view to_string(ExclusionReason reason)
{
    return k_reasons.at(static_cast<std::size_t>(reason));
}

std::optional<IssuerKind> parse_issuer_kind(std::string_view word)
{
    return parse<IssuerKind>(k_issuer_kinds, word);
}

std::optional<ExclusionReason> parse_exclusion_reason(std::string_view word)
{
    return parse<ExclusionReason>(k_reasons, word);
}

std::string Issuer::text() const
{
    return std::string{to_string(kind)} + ":" + name;
}

std::string Backend::text() const
{
    if (provider.empty() && upstream.empty()) {
        return stamp.empty() ? "an unknown backend" : "instance " + stamp;
    }
    if (upstream.empty()) {
        return provider;
    }
    return (provider.empty() ? "an unknown provider" : provider) + " at " + upstream;
}

bool differ(Backend const &left, Backend const &right)
{
    auto const known_apart = [](std::string const &a, std::string const &b) {
        return !a.empty() && !b.empty() && a != b;
    };
    bool const one_upstream = !left.upstream.empty() && left.upstream == right.upstream;
    bool const one_vendor = one_upstream && litellm::vendor_of(left.provider) == litellm::vendor_of(right.provider);
    bool const guessed = left.guessed || right.guessed;
    return (!one_vendor && !guessed && known_apart(left.provider, right.provider)) ||
           known_apart(left.upstream, right.upstream) || known_apart(left.stamp, right.stamp);
}

} // namespace misroute
