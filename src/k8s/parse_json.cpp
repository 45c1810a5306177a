// SPDX-License-Identifier: Apache-2.0
#include "k8s/parse.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <iterator>
#include <string>

namespace misroute::k8s {

namespace {

using nlohmann::json;

/// How far the text has been read. The library's events carry no lines, so the iterators below count them.
struct Cursor
{
    char const *at = nullptr;
    int line = 1;
};

/// Reads through a cursor that all copies of it share; the end has none.
class CountingIterator
{
public:
    // NOLINTBEGIN(readability-identifier-naming): the names that std::iterator_traits looks for
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = char const *;
    using reference = char const &;
    // NOLINTEND(readability-identifier-naming)

    explicit CountingIterator(Cursor &cursor) : m_cursor{&cursor} {}
    explicit CountingIterator(char const *end) : m_end{end} {}

    reference operator*() const { return *m_cursor->at; }

    CountingIterator &operator++()
    {
        m_cursor->line += *m_cursor->at == '\n' ? 1 : 0;
        ++m_cursor->at;
        return *this;
    }

    bool operator==(CountingIterator const &other) const { return position() == other.position(); }

private:
    char const *position() const { return m_cursor == nullptr ? m_end : m_cursor->at; }

    Cursor *m_cursor = nullptr;
    char const *m_end = nullptr;
};

/// Passes the library's events on.
class JsonHandler : public nlohmann::json_sax<json>
{
public:
    JsonHandler(TreeBuilder &builder, Cursor const &cursor) : m_builder{builder}, m_cursor{cursor} {}

    bool null() override { return place(Value::Kind::null, {}); }
    bool boolean(bool value) override { return place(Value::Kind::scalar, value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override { return place(Value::Kind::scalar, std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return place(Value::Kind::scalar, std::to_string(value)); }
    bool number_float(number_float_t, string_t const &text) override { return place(Value::Kind::scalar, text); }
    bool string(string_t &text) override { return place(Value::Kind::scalar, std::move(text)); }
    bool binary(binary_t &) override { return false; }

    bool start_object(std::size_t) override { return start(Value::Kind::map); }
    bool start_array(std::size_t) override { return start(Value::Kind::list); }
    bool end_object() override { return end(); }
    bool end_array() override { return end(); }

    bool key(string_t &name) override
    {
        m_builder.key(std::move(name), m_cursor.line);
        return true;
    }

    bool parse_error(std::size_t, std::string const &, nlohmann::detail::exception const &) override { return false; }

private:
    bool place(Value::Kind kind, std::string text)
    {
        Value value;
        value.kind = kind;
        value.line = m_cursor.line;
        value.text = std::move(text);
        m_builder.place(std::move(value));
        return true;
    }

    bool start(Value::Kind kind)
    {
        m_builder.start(kind, m_cursor.line);
        return true;
    }

    bool end()
    {
        m_builder.end();
        return true;
    }

    TreeBuilder &m_builder;
    Cursor const &m_cursor;
};

void skip_blanks(Cursor &cursor, char const *end)
{
    for (; cursor.at != end && std::string_view{" \t\r\n"}.find(*cursor.at) != std::string_view::npos; ++cursor.at) {
        cursor.line += *cursor.at == '\n' ? 1 : 0;
    }
}

} // namespace

void parse_json(std::string_view text, int line, TreeBuilder &builder)
{
    char const *const end = text.data() + text.size();
    Cursor cursor{text.data(), line};
    JsonHandler handler{builder, cursor};
    for (skip_blanks(cursor, end); cursor.at != end; skip_blanks(cursor, end)) {
        if (!json::sax_parse(CountingIterator{cursor}, CountingIterator{end}, &handler, json::input_format_t::json,
                             false)) {
            throw Unreadable{cursor.line,
                             cursor.at == end ? "it ends in the middle of a value" : "it is no valid JSON"};
        }
        builder.finish();
    }
}

} // namespace misroute::k8s
