// SPDX-License-Identifier: Apache-2.0
//
// Reading a JSON document that may be anything: every step knows where it stands, and what is not as it should be is
// refused with that place ("/issuers/3/home: a whole number is expected").
#pragma once

#include "misroute/model/error.hpp"
#include "report/json_values.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// A value in a document, and the way to it. The document must outlive it.
class JsonReader
{
public:
    explicit JsonReader(Json const &json, std::string path = {}) : m_json{&json}, m_path{std::move(path)} {}

    /// A member that must be there; one that older versions did not write: nothing, also where it is null.
    JsonReader at(std::string const &key) const;
    std::optional<JsonReader> maybe(std::string const &key) const;

    std::string text() const;
    std::int64_t integer() const;
    std::int64_t count() const; ///< 0 to 10¹⁵, so that sums of counts cannot overflow
    double number() const;
    bool flag() const;
    Instant time() const;
    std::int64_t nano() const; ///< US dollars to nano-dollars
    std::vector<JsonReader> elements() const;
    std::vector<std::pair<std::string, JsonReader>> members() const;

    bool null() const { return m_json->is_null(); }
    std::string name() const { return null() ? std::string{} : text(); } ///< null is empty

    /// What `read` makes of every element.
    template <typename Read>
    auto each(Read read) const
    {
        std::vector<decltype(read(*this))> values;
        for (auto const &element : elements()) {
            values.push_back(read(element));
        }
        return values;
    }

    /// What `read` makes of it; nothing for null.
    template <typename Read>
    auto optional(Read read) const
    {
        return null() ? std::nullopt : std::optional{read(*this)};
    }

    /// The value of an enumeration whose words `parse` knows.
    template <typename Parse>
    auto word(Parse parse) const
    {
        auto const value = parse(text());
        if (!value) {
            fail("\"" + text() + "\" is a word that this version does not know");
        }
        return *value;
    }

    [[noreturn]] void fail(std::string const &why) const;

private:
    Json const *m_json;
    std::string m_path;
};

/// The value of an enumeration that counts from zero to `last`, by what to_string() calls it.
template <typename Value>
std::optional<Value> parse_word(std::string_view word, Value last)
{
    for (int number = 0; number <= static_cast<int>(last); ++number) {
        if (to_string(static_cast<Value>(number)) == word) {
            return static_cast<Value>(number);
        }
    }
    return std::nullopt;
}

} // namespace misroute
