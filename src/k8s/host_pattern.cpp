// SPDX-License-Identifier: Apache-2.0
#include "k8s/host_pattern.hpp"

#include <algorithm>
#include <array>

namespace misroute::k8s {

namespace {

/// Regular expressions that any label of a hostname fits.
constexpr std::array<std::string_view, 9> k_any_label{
    ".+", ".*", "[^.]+", "[^\\.]+", "[a-z0-9-]+", "[a-z-0-9]+", "[a-zA-Z0-9-]+", "[A-Za-z0-9-]+", "[-a-z0-9]+"};

bool take(std::string_view &text, std::string_view prefix)
{
    bool const found = text.substr(0, prefix.size()) == prefix;
    text.remove_prefix(found ? prefix.size() : 0);
    return found;
}

/// "(.+)" and Traefik 2's "{name:.+}" and "{name}" around any of those.
bool take_any_label(std::string_view &text)
{
    auto const close = text.find_first_of(")}");
    bool const grouped = (text.substr(0, 1) == "(" || text.substr(0, 1) == "{") && close != std::string_view::npos;
    auto inner = grouped ? text.substr(1, close - 1) : text;
    if (grouped && text[0] == '{') {
        auto const colon = inner.find(':');
        inner = colon == std::string_view::npos ? ".+" : inner.substr(colon + 1);
    }
    for (auto const word : k_any_label) {
        auto rest = inner;
        if (take(rest, word) && (!grouped || rest.empty())) {
            text.remove_prefix(grouped ? close + 1 : word.size());
            return true;
        }
    }
    return false;
}

/// The text where all of it stands for itself. A dot without a backslash is meant as one.
std::optional<std::string> literal(std::string_view text)
{
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        bool const escaped = text[at] == '\\' && at + 1 < text.size();
        at += static_cast<std::size_t>(escaped);
        bool const stands =
            escaped ? text[at] == '.' || text[at] == '-' : plain.find(text[at]) != std::string_view::npos;
        if (!stands) {
            return std::nullopt;
        }
        result += text[at];
    }
    return result.empty() ? std::nullopt : std::optional{result};
}

} // namespace

bool matches_wildcard(std::string_view wildcard, std::string_view host)
{
    return wildcard.substr(0, 2) == "*." && host.size() >= wildcard.size() && host != wildcard &&
           host.substr(host.size() - wildcard.size() + 1) == wildcard.substr(1);
}

std::optional<std::string> host_of_pattern(std::string_view pattern)
{
    take(pattern, "(?i)");
    take(pattern, "^");
    if (!pattern.empty() && pattern.back() == '$') {
        pattern.remove_suffix(1);
    }
    bool const any = take_any_label(pattern);
    auto const rest = literal(pattern);
    if (any && (!rest || rest->front() != '.')) {
        return std::nullopt;
    }
    return any ? std::optional{"*" + *rest} : rest;
}

} // namespace misroute::k8s
