// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/text.hpp"

#include <fmt/format.h>

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
    mark,      ///< takes no column, belongs to the letter before
    control,   ///< controls a terminal, or means nothing
    invisible, ///< changes the direction, or cannot be seen: two names that differ by it would look alike
};

/// Letters and marks that show nothing (Unicode's Default_Ignorable_Code_Point beyond its format characters).
constexpr bool is_invisible(char32_t code_point)
{
    constexpr std::array<std::pair<char32_t, char32_t>, 9> k_ranges{{{0x034F, 0x034F},
                                                                     {0x115F, 0x1160},
                                                                     {0x17B4, 0x17B5},
                                                                     {0x180B, 0x180F},
                                                                     {0x2800, 0x2800},
                                                                     {0x3164, 0x3164},
                                                                     {0xFE00, 0xFE0F},
                                                                     {0xFFA0, 0xFFA0},
                                                                     {0xE0000, 0xE0FFF}}};
    return std::ranges::any_of(
        k_ranges, [&](auto const &range) { return range.first <= code_point && code_point <= range.second; });
}

Kind kind_of(char32_t code_point)
{
    if (code_point >= 0x20 && code_point < 0x7f) {
        return Kind::plain;
    }
    if (is_invisible(code_point)) {
        return Kind::invisible;
    }
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(code_point))) {
    case UTF8PROC_CATEGORY_CC:
        return code_point >= '\t' && code_point <= '\r' ? Kind::blank : Kind::control;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return Kind::blank;
    case UTF8PROC_CATEGORY_CF:
        return Kind::invisible;
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
        return Kind::control;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
        return Kind::mark;
    default:
        return Kind::plain;
    }
}

constexpr char32_t k_joiner = 0x200D;

/// Emoji are joined into one picture; between other letters the joiner shows nothing.
bool joins(char32_t before)
{
    constexpr char32_t k_pictures = 0x1F000;
    return before >= k_pictures && before < 0x20000;
}

bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/// Whether a CI system would take what begins here for a command: "##[error]" and "##vso[…]" anywhere in a line, and
/// "::error::" where one begins, as GitHub's runner does (actions/runner, ActionCommand). "::1" and "::ffff:10.0.0.1"
/// are addresses.
bool is_command(std::string_view rest, bool word_begins)
{
    constexpr std::size_t k_longest_name = 64; // of a command; no runner knows one half as long
    rest = rest.substr(0, k_longest_name);
    if (rest.starts_with("##")) {
        auto const bracket = rest.find('[');
        return bracket != std::string_view::npos &&
               std::all_of(rest.begin() + 2, rest.begin() + static_cast<std::ptrdiff_t>(bracket), is_letter);
    }
    if (!word_begins || !rest.starts_with("::") || rest.size() < 3 || !is_letter(rest[2])) {
        return false;
    }
    auto const name = rest.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_", 2);
    return name == std::string_view::npos || rest[name] != ':' || rest.substr(name).starts_with("::");
}

/// A blank between its two signs makes a command plain text.
std::string without_commands(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        out += text[at];
        if ((text[at] == '#' || text[at] == ':') && is_command(text.substr(at), at == 0 || text[at - 1] == ' ')) {
            out += ' ';
        }
    }
    return out;
}

// What is shown of a text that is masked and valid already.
std::string shown(std::string_view text, Charset charset)
{
    std::string out;
    out.reserve(text.size());
    int marks = 0;
    char32_t before = 0;
    each(text, [&](char32_t code_point) {
        auto const kind = code_point == k_joiner && joins(before) ? Kind::mark : kind_of(code_point);
        before = code_point;
        marks = kind == Kind::mark ? marks + 1 : 0;
        if (marks > k_marks_per_letter) {
            return;
        }
        if (kind == Kind::blank) {
            out += ' ';
        } else if (kind == Kind::invisible) {
            auto const number = static_cast<unsigned>(code_point);
            out += number > 0xFFFF ? fmt::format("\\U{:08x}", number) : fmt::format("\\u{:04x}", number);
        } else if (charset == Charset::ascii && (kind == Kind::control || code_point >= 0x80)) {
            out += spelled_out(code_point);
        } else {
            append(out, kind == Kind::control ? k_replacement : code_point);
        }
    });
    return without_commands(out);
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
        if (end > 1 && text.substr(end).starts_with("::") && text[end - 1] != ' ') {
            end -= static_cast<unsigned char>(text[end - 1]) < 0x80 ? 1U : 0U; // no line may begin with "::"
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
