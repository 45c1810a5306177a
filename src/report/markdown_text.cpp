// SPDX-License-Identifier: Apache-2.0
#include "report/markdown_text.hpp"

#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute::markdown {

namespace {

/// GitHub makes a link of a word of hex digits from this length on when a commit begins with it.
constexpr std::size_t k_shortest_commit = 7;

bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

bool is_hex(char byte)
{
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

bool all(std::string_view text, bool (*is)(char))
{
    return std::all_of(text.begin(), text.end(), is);
}

/// "38,672", "0.21", "62": no ticket number and no list item.
bool is_number(std::string_view word)
{
    bool const digits_at_ends = !word.empty() && is_digit(word.front()) && is_digit(word.back());
    return digits_at_ends && all(word, [](char byte) { return is_digit(byte) || byte == ',' || byte == '.'; });
}

/// "answered", "round-robin", "instance's": letters with single joints in between.
bool is_plain_word(std::string_view word)
{
    bool joint = true;
    for (char const byte : word) {
        bool const joins = byte == '-' || byte == '\'';
        if ((joins && joint) || !(joins || is_letter(byte))) {
            return false;
        }
        joint = joins;
    }
    return !joint && (word.size() < k_shortest_commit || !all(word, is_hex));
}

std::size_t longest_run_of_backticks(std::string_view text)
{
    std::size_t longest = 0;
    std::size_t run = 0;
    for (char const byte : text) {
        run = byte == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

std::string span(std::string_view text)
{
    if (text.find_first_not_of(' ') == std::string_view::npos) {
        return "(empty)";
    }
    std::string const fence(longest_run_of_backticks(text) + 1, '`');
    bool const touches = text.front() == '`' || text.back() == '`' || (text.front() == ' ' && text.back() == ' ');
    std::string_view const pad = touches ? " " : "";
    return fmt::format("{}{}{}{}{}", fence, pad, text, pad, fence);
}

/// Punctuation around a word that means nothing to Markdown where it stands.
struct Word
{
    std::string_view before;
    std::string_view core;
    std::string_view after;
};

Word taken_apart(std::string_view word)
{
    auto const core_begin = std::min(word.find_first_not_of('('), word.size());
    auto const core_end = std::max(word.find_last_not_of(".,;:)%") + 1, core_begin);
    return {word.substr(0, core_begin), word.substr(core_begin, core_end - core_begin), word.substr(core_end)};
}

/// Where a word stands: a number with a full stop begins a list only in front.
enum class Place
{
    front,
    inside,
};

std::string safe_word(std::string_view word, Place place)
{
    auto const [before, core, after] = taken_apart(word);
    bool const list_item = place == Place::front && is_number(word.substr(0, 1)) && !after.empty();
    if (core.empty() && word.starts_with('%')) { // "62 %", "(62 %);"
        return std::string{word};
    }
    if (core.empty() || list_item) {
        return span(word);
    }
    bool const plain = is_plain_word(core) || is_number(core);
    return fmt::format("{}{}{}", before, plain ? std::string{core} : span(core), after);
}

std::vector<std::string_view> words_of(std::string_view line)
{
    std::vector<std::string_view> words;
    for (std::size_t at = 0; at < line.size();) {
        auto const end = std::min(line.find(' ', at), line.size());
        if (end > at) {
            words.push_back(line.substr(at, end - at));
        }
        at = end + 1;
    }
    return words;
}

} // namespace

std::string code(std::string_view name)
{
    return span(one_line(name));
}

std::string cell_code(std::string_view name)
{
    auto text = code(name);
    for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
        // A table reads "\|" as a bar, but readers differ on "\\|": a bar after a backslash is drawn broken.
        bool const behind_backslash = at > 0 && text[at - 1] == '\\';
        text.replace(at, 1, behind_backslash ? "¦" : "\\|");
    }
    return text;
}

std::string prose(std::string_view sentence)
{
    auto const line = one_line(sentence, k_sentence_columns);
    auto const words = words_of(line);
    std::vector<std::string> result;
    result.reserve(words.size());
    for (auto const &word : words) {
        result.push_back(safe_word(word, result.empty() ? Place::front : Place::inside));
    }
    return fmt::format("{}", fmt::join(result, " "));
}

std::string fenced(std::string_view text, std::size_t indent)
{
    auto const lines = block(text);
    std::size_t longest = 2;
    for (auto const &line : lines) {
        longest = std::max(longest, longest_run_of_backticks(line));
    }
    std::string const fence(longest + 1, '`');
    std::string const blanks(indent, ' ');
    std::string result = blanks + fence + "\n";
    for (auto const &line : lines) {
        result += (line.empty() ? "" : blanks + line) + "\n";
    }
    return result + blanks + fence + "\n";
}

} // namespace misroute::markdown
