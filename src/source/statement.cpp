// SPDX-License-Identifier: Apache-2.0
#include "source/statement.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace misroute {

namespace {

bool is_name(char letter)
{
    return (letter >= 'a' && letter <= 'z') || letter == '_';
}

std::string quoted_with(char quote, std::string_view text)
{
    std::string result(1, quote);
    for (char const letter : text) {
        result.append(letter == quote ? 2 : 1, letter);
    }
    return result + quote;
}

std::string without_comments(std::string_view sql)
{
    std::string result;
    char quote = '\0';
    for (std::size_t at = 0; at < sql.size(); ++at) {
        if (quote == '\0' && sql.substr(at).starts_with("--")) {
            at = std::min(sql.find('\n', at), sql.size());
            while (result.ends_with(' ')) {
                result.pop_back();
            }
            if (result.empty() || result.ends_with('\n')) {
                continue; // nothing else stood on that line
            }
        } else if (quote == '\0' && (sql[at] == '\'' || sql[at] == '"')) {
            quote = sql[at];
        } else if (sql[at] == quote) {
            quote = '\0';
        }
        if (at < sql.size()) {
            result.push_back(sql[at]);
        }
    }
    return result;
}

} // namespace

std::string make_statement(std::string_view sql, SqlVariables const &variables)
{
    std::string const text = without_comments(sql);
    std::string result;
    char quote = '\0'; // what stands between quotes is a name or a literal, and stays as it is
    for (std::size_t at = 0; at < text.size();) {
        if (quote == '\0' && (text[at] == '\'' || text[at] == '"')) {
            quote = text[at];
        } else if (text[at] == quote) {
            quote = '\0';
        }
        bool const variable = quote == '\0' && text[at] == ':' && at + 1 < text.size() && is_name(text[at + 1]) &&
                              (at == 0 || text[at - 1] != ':');
        if (!variable) {
            result.push_back(text[at++]);
            continue;
        }
        std::size_t end = at + 1;
        while (end < text.size() && is_name(text[end])) {
            ++end;
        }
        auto const found = variables.find(std::string_view{text}.substr(at + 1, end - at - 1));
        if (found == variables.end()) {
            throw std::logic_error{fmt::format("no value for {} in a query", text.substr(at, end - at))};
        }
        result.append(make_statement(found->second, variables));
        at = end;
    }
    while (result.ends_with('\n')) {
        result.pop_back();
    }
    return result;
}

std::string quote_identifier(std::string_view name)
{
    return quoted_with('"', name);
}

std::string quote_literal(std::string_view text)
{
    bool const escapes = text.find('\\') != std::string_view::npos;
    auto literal = quoted_with('\'', text);
    if (!escapes) {
        return literal;
    }
    std::string doubled{"E"};
    for (char const letter : literal) {
        doubled.append(letter == '\\' ? 2 : 1, letter);
    }
    return doubled;
}

std::string to_array(std::vector<std::string> const &values)
{
    std::string result{"{"};
    for (auto const &value : values) {
        if (result.size() > 1) {
            result.push_back(',');
        }
        result.push_back('"');
        for (char const letter : value) {
            if (letter == '"' || letter == '\\') {
                result.push_back('\\');
            }
            result.push_back(letter);
        }
        result.push_back('"');
    }
    return result + "}";
}

} // namespace misroute
