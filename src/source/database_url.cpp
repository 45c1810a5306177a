// SPDX-License-Identifier: Apache-2.0
#include "source/database_url.hpp"

#include <algorithm>
#include <array>

namespace misroute {

namespace {

// Prisma's documentation, "PostgreSQL connector: connection URL": these steer its own pool and cache.
constexpr std::array<std::string_view, 7> k_only_for_prisma{
    "connection_limit",     "pool_timeout",           "pgbouncer",  "socket_timeout",
    "statement_cache_size", "single_use_connections", "sslidentity"};

std::string unescaped(std::string_view text)
{
    constexpr std::string_view k_hex = "0123456789abcdef";
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        auto const high = at + 2 < text.size() ? k_hex.find(static_cast<char>(text[at + 1] | 0x20)) : std::string::npos;
        auto const low = at + 2 < text.size() ? k_hex.find(static_cast<char>(text[at + 2] | 0x20)) : std::string::npos;
        if (text[at] == '%' && high != std::string::npos && low != std::string::npos) {
            result.push_back(static_cast<char>(high * 16 + low));
            at += 2;
        } else {
            result.push_back(text[at]);
        }
    }
    return result;
}

std::string translated(std::string_view name, std::string_view value)
{
    if (name == "sslcert") {
        return "sslrootcert=" + std::string{value}; // Prisma's sslcert is the authority's certificate
    }
    if (name == "sslaccept") {
        return value == "strict" ? "sslmode=verify-full" : "";
    }
    return std::string{name} + "=" + std::string{value};
}

} // namespace

DatabaseUrl parse_database_url(std::string_view url)
{
    bool const is_uri = url.starts_with("postgresql://") || url.starts_with("postgres://");
    auto const question = url.find('?');
    if (!is_uri || question == std::string_view::npos) {
        return {std::string{url}, {}};
    }
    DatabaseUrl result{std::string{url.substr(0, question)}, {}};
    char separator = '?';
    std::string_view rest = url.substr(question + 1);
    while (!rest.empty()) {
        auto const parameter = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(parameter.size() + 1, rest.size()));
        auto const name = parameter.substr(0, parameter.find('='));
        auto const value = parameter.substr(std::min(name.size() + 1, parameter.size()));
        if (name == "schema") {
            result.schema = unescaped(value);
            continue;
        }
        bool const dropped = name.empty() || std::find(k_only_for_prisma.begin(), k_only_for_prisma.end(), name) !=
                                                 k_only_for_prisma.end();
        if (auto const kept = dropped ? std::string{} : translated(name, value); !kept.empty()) {
            result.conninfo += separator + kept;
            separator = '&';
        }
    }
    return result;
}

} // namespace misroute
