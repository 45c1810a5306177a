// SPDX-License-Identifier: Apache-2.0
#include "k8s/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace misroute::k8s {

namespace {

/// Beyond this size a text that begins like JSON and is none is not tried as YAML.
constexpr std::size_t k_largest_second_try = 1'000'000;

/// A document of a stream, with the number of its first line.
struct Chunk
{
    std::string_view text;
    int line = 1;
};

std::string_view without_byte_order_mark(std::string_view text)
{
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    return text.substr(0, mark.size()) == mark ? text.substr(mark.size()) : text;
}

std::string_view line_at(std::string_view text, std::size_t begin)
{
    auto const end = text.find('\n', begin);
    return text.substr(begin, end == std::string_view::npos ? end : end - begin);
}

/// "---" at the start of a line ends a document wherever it stands: no YAML scalar and no JSON value may contain it.
bool is_marker(std::string_view line)
{
    return line.substr(0, 3) == "---" && (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

/// Only blanks, comments and directives: nothing to read.
bool is_blank(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        auto const line = line_at(text, at);
        auto const first = line.find_first_not_of(" \t\r");
        if (first != std::string_view::npos && line[first] != '#' && line[0] != '%') {
            return false;
        }
        at += line.size() + 1;
    }
    return true;
}

bool looks_like_json(std::string_view text)
{
    auto const first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

void refuse_control_bytes(Chunk const &chunk)
{
    int line = chunk.line;
    for (char const letter : chunk.text) {
        auto const byte = static_cast<unsigned char>(letter);
        if (byte < 0x20 && letter != '\n' && letter != '\t' && letter != '\r') {
            throw Unreadable{line, "it has control bytes: this is no text"};
        }
        line += letter == '\n' ? 1 : 0;
    }
}

void parse_chunk(Chunk const &chunk, TreeBuilder &builder)
{
    refuse_control_bytes(chunk);
    if (!looks_like_json(chunk.text)) {
        parse_yaml(chunk.text, chunk.line, builder);
        return;
    }
    auto const before = builder.handed_on();
    try {
        parse_json(chunk.text, chunk.line, builder);
    } catch (Unreadable const &) {
        if (builder.handed_on() != before || chunk.text.size() > k_largest_second_try) {
            throw;
        }
        builder.reset();
        parse_yaml(chunk.text, chunk.line, builder);
    }
}

std::string reason(Chunk const &chunk, Unreadable const &unreadable)
{
    bool const template_source = chunk.text.find("{{") != std::string_view::npos;
    return fmt::format("this document cannot be read: {}{}", unreadable.what(),
                       template_source ? " (it looks like a Helm template: pipe in what `helm template` prints)" : "");
}

/// Calls `visit` for every document of the stream.
template <typename Visit>
void split(std::string_view text, Visit visit)
{
    Chunk chunk{text, 1};
    std::size_t begin = 0;
    int line = 1;
    for (std::size_t at = 0; at < text.size(); ++line) {
        auto const current = line_at(text, at);
        if (is_marker(current)) {
            chunk.text = text.substr(begin, at - begin);
            visit(chunk);
            begin = at + 3;
            chunk.line = line;
        }
        at += current.size() + 1;
    }
    chunk.text = text.substr(begin);
    visit(chunk);
}

} // namespace

std::vector<Problem> parse_documents(std::string_view text, Sink const &sink)
{
    std::vector<Problem> problems;
    split(without_byte_order_mark(text), [&](Chunk const &chunk) {
        if (problems.size() > k_most_problems || is_blank(chunk.text)) {
            return;
        }
        TreeBuilder builder{sink};
        try {
            parse_chunk(chunk, builder);
        } catch (Unreadable const &unreadable) {
            builder.problems().push_back({unreadable.line, reason(chunk, unreadable)});
        }
        std::move(builder.problems().begin(), builder.problems().end(), std::back_inserter(problems));
    });
    if (problems.size() > k_most_problems) {
        auto const last = problems[k_most_problems].line;
        problems.resize(k_most_problems);
        problems.push_back({last, "so many problems: the rest of this text was not read"});
    }
    return problems;
}

std::optional<Value> parse_one(std::string_view text)
{
    std::optional<Value> first;
    parse_documents(text, [&first](Value &&value) {
        if (!first) {
            first = std::move(value);
        }
    });
    return first;
}

} // namespace misroute::k8s
