// SPDX-License-Identifier: Apache-2.0
#include "source/tags.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace misroute {

namespace {

/// A string literal of jsonpath, which is that of JSON.
std::string json_string(std::string_view text)
{
    // Letters as they are: a database of SQL_ASCII takes no escapes of others.
    return nlohmann::json(std::string{text}).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string escaped_for_regex(std::string_view text)
{
    std::string result;
    for (char const letter : text) {
        if (std::string_view{R"(\^$.|?*+()[]{})"}.find(letter) != std::string_view::npos) {
            result.push_back('\\');
        }
        result.push_back(letter);
    }
    return result;
}

std::string any_of(std::vector<std::string> const &conditions)
{
    std::string filter;
    for (auto const &condition : conditions) {
        filter += (filter.empty() ? "" : " || ") + condition;
    }
    return fmt::format("$[*] ? ({})", filter);
}

} // namespace

std::string tag_path(std::vector<std::string> const &names)
{
    std::vector<std::string> conditions;
    conditions.reserve(names.size());
    for (auto const &name : names) {
        conditions.push_back(fmt::format("@ starts with {}", json_string(name + ":")));
    }
    return any_of(conditions);
}

std::string mention_path(std::vector<std::string> const &names, std::string_view text)
{
    std::vector<std::string> conditions;
    conditions.reserve(names.size());
    for (auto const &name : names) {
        conditions.push_back(fmt::format(R"((@ starts with {} && @ like_regex {} flag "i"))", json_string(name + ":"),
                                         json_string(escaped_for_regex(text))));
    }
    return any_of(conditions);
}

std::string value_path(std::vector<std::string> const &names, std::string_view first_letter)
{
    std::vector<std::string> conditions;
    conditions.reserve(names.size());
    for (auto const &name : names) {
        conditions.push_back(fmt::format(
            "@ like_regex {}", json_string(fmt::format("^{}:[ \\t]*{}", escaped_for_regex(name), first_letter))));
    }
    return any_of(conditions);
}

namespace {

/// Whole elements at the end of an array whose beginning was cut off: a quote after `", ` can only begin one, since
/// inside of a string every quote follows a backslash.
nlohmann::json parse_end(std::string_view json)
{
    constexpr std::string_view k_between = "\", \"";
    nlohmann::json parsed(nlohmann::json::value_t::discarded);
    for (auto at = json.find(k_between); at != std::string_view::npos && parsed.is_discarded();
         at = json.find(k_between, at + 1)) {
        parsed = nlohmann::json::parse("[" + std::string{json.substr(at + k_between.size() - 1)}, nullptr, false);
    }
    return parsed;
}

} // namespace

std::vector<std::string> parse_tags(std::string_view json)
{
    std::vector<std::string> tags;
    auto parsed = nlohmann::json::parse(json, nullptr, false);
    if (parsed.is_discarded()) {
        parsed = parse_end(json);
    }
    if (parsed.is_array()) {
        for (auto const &element : parsed) {
            if (element.is_string()) {
                tags.push_back(element.get<std::string>());
            }
        }
    }
    return tags;
}

} // namespace misroute
