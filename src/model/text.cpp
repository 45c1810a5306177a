// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utf8proc.h>

namespace misroute::text {

namespace {

constexpr char32_t k_replacement = 0xFFFD;

/// More marks on one letter than any script uses; "zalgo" text stacks hundreds.
constexpr int k_marks_per_letter = 4;

void append(std::string &out, char32_t code_point)
{
    if (code_point < 0x80) {
        out += static_cast<char>(code_point);
        return;
    }
    std::array<utf8proc_uint8_t, 4> bytes{};
    auto const size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), bytes.data());
    std::for_each_n(bytes.begin(), size, [&](auto byte) { out += static_cast<char>(byte); });
}

// Calls visit(code point) for the whole text.
template <typename Visit>
void each(std::string_view text, Visit visit)
{
    while (!text.empty()) {
        auto const [code_point, bytes] = first_code_point(text);
        visit(code_point);
        text.remove_prefix(bytes);
    }
}

std::size_t columns_of(char32_t code_point)
{
    auto const columns = utf8proc_charwidth(static_cast<utf8proc_int32_t>(code_point));
    return columns > 0 ? static_cast<std::size_t>(columns) : 0;
}

// The characters our own sentences are made of, for terminals that have none of them.
std::string_view spelled_out(char32_t code_point)
{
    switch (code_point) {
    case U'\u2192':
        return "->";
    case U'\u2013':
    case U'\u2014':
    case U'\u00b7':
        return "-";
    case U'\u2026':
        return "...";
    case U'\u2265':
        return ">=";
    case U'\u2264':
        return "<=";
    case U'\u00d7':
        return "x";
    default:
        return "?";
    }
}

enum class Kind
{
    plain,
    blank,
    mark,   ///< takes no column, belongs to the letter before
    hidden, ///< controls a terminal, changes the direction, or cannot be seen
};

Kind kind_of(char32_t code_point)
{
    if (code_point >= 0x20 && code_point < 0x7f) {
        return Kind::plain;
    }
    constexpr char32_t k_zero_width_non_joiner = 0x200C;
    constexpr char32_t k_zero_width_joiner = 0x200D; // emoji and Indic scripts are written with it
    if (code_point == k_zero_width_non_joiner || code_point == k_zero_width_joiner) {
        return Kind::mark;
    }
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(code_point))) {
    case UTF8PROC_CATEGORY_CC:
        return code_point >= '\t' && code_point <= '\r' ? Kind::blank : Kind::hidden;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return Kind::blank;
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
        return Kind::hidden;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
        return Kind::mark;
    default:
        return Kind::plain;
    }
}

// What is shown of a text that is masked and valid already.
std::string shown(std::string_view text, Charset charset)
{
    std::string out;
    out.reserve(text.size());
    int marks = 0;
    each(text, [&](char32_t code_point) {
        auto const kind = kind_of(code_point);
        marks = kind == Kind::mark ? marks + 1 : 0;
        if (marks > k_marks_per_letter) {
            return;
        }
        if (kind == Kind::blank) {
            out += ' ';
        } else if (charset == Charset::ascii && (kind == Kind::hidden || code_point >= 0x80)) {
            out += spelled_out(code_point);
        } else {
            append(out, kind == Kind::hidden ? k_replacement : code_point);
        }
    });
    return out;
}

// Bytes of the longest beginning that fits into `columns`, marks after its last letter included.
std::size_t bytes_within(std::string_view text, std::size_t columns)
{
    std::size_t used = 0;
    std::size_t bytes = 0;
    while (bytes < text.size()) {
        auto const next = first_code_point(text.substr(bytes));
        used += columns_of(next.value);
        if (used > columns) {
            break;
        }
        bytes += next.bytes;
    }
    return bytes;
}

} // namespace

CodePoint first_code_point(std::string_view text)
{
    auto const first = static_cast<unsigned char>(text.front());
    if (first < 0x80) {
        return {.value = first, .bytes = 1};
    }
    std::array<utf8proc_uint8_t, 4> bytes{};
    auto const size = std::min(text.size(), bytes.size());
    std::copy_n(text.begin(), size, bytes.begin());
    utf8proc_int32_t code_point = -1;
    auto const read = utf8proc_iterate(bytes.data(), static_cast<utf8proc_ssize_t>(size), &code_point);
    if (read <= 0) {
        return {.value = k_replacement, .bytes = 1};
    }
    return {.value = static_cast<char32_t>(code_point), .bytes = static_cast<std::size_t>(read)};
}

std::string_view beginning(std::string_view text, std::size_t bytes)
{
    std::size_t end = 0;
    while (end < text.size()) {
        auto const next = first_code_point(text.substr(end)).bytes;
        if (end + next > bytes) {
            break;
        }
        end += next;
    }
    return text.substr(0, end);
}

std::string valid_utf8(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    each(text, [&](char32_t code_point) { append(out, code_point); });
    return out;
}

std::string machine(std::string_view text)
{
    return masked(valid_utf8(text));
}

std::string printable(std::string_view text, Charset charset)
{
    return shown(machine(text), charset);
}

std::vector<std::string> printable_lines(std::string_view text, Charset charset)
{
    std::vector<std::string> lines;
    auto const safe = machine(text);
    std::string_view rest = safe;
    while (true) {
        auto const end = rest.find('\n');
        std::string line;
        for (auto const byte : rest.substr(0, end)) {
            line += byte == '\t' ? "  " : std::string(1, byte);
        }
        lines.push_back(shown(line, charset));
        if (end == std::string_view::npos) {
            return lines;
        }
        rest.remove_prefix(end + 1);
    }
}

std::size_t width(std::string_view text)
{
    std::size_t columns = 0;
    each(text, [&](char32_t code_point) { columns += columns_of(code_point); });
    return columns;
}

std::string fit(std::string_view text, std::size_t columns, Charset charset)
{
    if (bytes_within(text, columns) == text.size()) {
        return std::string{text};
    }
    std::string_view const ellipsis = charset == Charset::ascii ? "..." : "\u2026";
    auto const taken = std::min(width(ellipsis), columns);
    std::string out{text.substr(0, bytes_within(text, columns - taken))};
    return out.append(ellipsis.substr(0, bytes_within(ellipsis, taken)));
}

std::string padded(std::string_view text, std::size_t columns)
{
    auto const taken = width(text);
    return std::string{text} + std::string(taken < columns ? columns - taken : 0, ' ');
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns)
{
    std::vector<std::string> lines;
    columns = std::max<std::size_t>(columns, 2); // a wide character needs two
    while (!text.empty()) {
        auto end = bytes_within(text, columns);
        if (end < text.size() && text[end] != ' ') {
            auto const blank = text.substr(0, end).rfind(' ');
            end = blank == std::string_view::npos || blank == 0 ? end : blank;
        }
        auto const line = text.substr(0, end);
        lines.emplace_back(line.substr(0, line.find_last_not_of(' ') + 1));
        text.remove_prefix(end);
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    }
    if (lines.empty()) {
        lines.emplace_back();
    }
    return lines;
}

std::string grouped(std::int64_t number)
{
    auto digits = std::to_string(number);
    auto const first = number < 0 ? 1 : 0;
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > first; at -= 3) {
        digits.insert(digits.begin() + at, ',');
    }
    return digits;
}

std::string counted(std::int64_t number, std::string_view singular, std::string_view plural)
{
    auto const one = number == 1 || number == -1;
    auto const word = one ? std::string{singular} : plural.empty() ? std::string{singular} + "s" : std::string{plural};
    return grouped(number) + " " + word;
}

} // namespace misroute::text
