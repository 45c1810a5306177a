// SPDX-License-Identifier: Apache-2.0
#include "report/json_reader.hpp"

#include "misroute/model/text.hpp"

#include <cmath>

namespace misroute {

namespace {

constexpr std::size_t k_word_columns = 60;
constexpr std::int64_t k_most_requests = 1'000'000'000'000'000;
constexpr double k_most_dollars = 9e9; // as nano-dollars it still fits

std::string escaped(std::string const &key)
{
    std::string result; // RFC 6901
    for (char const sign : key) {
        result += sign == '~' ? "~0" : sign == '/' ? "~1" : std::string{sign};
    }
    return result;
}

} // namespace

void JsonReader::fail(std::string const &why) const
{
    throw Error{text::fit(text::printable(m_path.empty() ? "/" : m_path), 2 * k_word_columns) + ": " +
                    text::fit(text::printable(why), 3 * k_word_columns),
                {},
                "give what misroute wrote with --format json"};
}

JsonReader JsonReader::at(std::string const &key) const
{
    if (!m_json->is_object()) {
        fail("an object is expected");
    }
    auto const found = m_json->find(key);
    if (found == m_json->end()) {
        fail("\"" + key + "\" is missing");
    }
    return JsonReader{*found, m_path + "/" + key};
}

std::optional<JsonReader> JsonReader::maybe(std::string const &key) const
{
    if (!m_json->is_object()) {
        fail("an object is expected");
    }
    auto const found = m_json->find(key);
    return found == m_json->end() || found->is_null() ? std::nullopt
                                                      : std::optional{JsonReader{*found, m_path + "/" + key}};
}

std::string JsonReader::text() const
{
    if (!m_json->is_string()) {
        fail("a text is expected");
    }
    return m_json->get<std::string>();
}

std::int64_t JsonReader::integer() const
{
    bool const fits = m_json->is_number_unsigned()
                          ? m_json->get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX)
                          : m_json->is_number_integer();
    if (!fits) {
        fail("a whole number is expected");
    }
    return m_json->get<std::int64_t>();
}

std::int64_t JsonReader::count() const
{
    auto const value = integer();
    if (value < 0 || value > k_most_requests) {
        fail("a number of requests or tokens is expected");
    }
    return value;
}

double JsonReader::number() const
{
    if (!m_json->is_number()) {
        fail("a number is expected");
    }
    return m_json->get<double>();
}

bool JsonReader::flag() const
{
    if (!m_json->is_boolean()) {
        fail("true or false is expected");
    }
    return m_json->get<bool>();
}

Instant JsonReader::time() const
{
    auto const written = text();
    auto const instant = written.ends_with('Z') ? parse_instant(written, Instant{}) : std::nullopt;
    if (!instant) {
        fail("a time such as 2026-11-22T20:28:15.000Z is expected");
    }
    return *instant;
}

std::int64_t JsonReader::nano() const
{
    auto const dollars = number();
    if (std::abs(dollars) > k_most_dollars) {
        fail("an amount of dollars is expected");
    }
    return std::llround(dollars * 1e9);
}

std::vector<JsonReader> JsonReader::elements() const
{
    if (!m_json->is_array()) {
        fail("an array is expected");
    }
    std::vector<JsonReader> all;
    all.reserve(m_json->size());
    for (std::size_t index = 0; index < m_json->size(); ++index) {
        all.emplace_back((*m_json)[index], m_path + "/" + std::to_string(index));
    }
    return all;
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::members() const
{
    if (!m_json->is_object()) {
        fail("an object is expected");
    }
    std::vector<std::pair<std::string, JsonReader>> all;
    for (auto const &item : m_json->items()) {
        all.emplace_back(item.key(), JsonReader{item.value(), m_path + "/" + escaped(item.key())});
    }
    return all;
}

} // namespace misroute
