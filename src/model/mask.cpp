// SPDX-License-Identifier: Apache-2.0
//
// Finding keys in text. LiteLLM's virtual keys are "sk-" and 22 characters of URL-safe base64; master keys may be
// "sk-" and anything ("sk-1234" in LiteLLM's own documentation). A word that merely contains "sk-" must stay readable.
#include "misroute/model/text.hpp"

#include <algorithm>

namespace misroute::text {

namespace {

/// A key without a gap that holds this many letters and digits is no word: the hash in a pod's name has ten.
constexpr std::size_t k_no_word = 12;

/// How far to look for that: no known key is longer, and a megabyte of "ask-ask-…" must not take a minute.
constexpr std::size_t k_looked_at = 64;

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

// What may stand in a key, generously: only what surely ends one ends it.
bool ends_key(char byte)
{
    constexpr std::string_view k_ends = " \t\n\v\f\r\"'`<>()[]{},;:&|\\";
    return k_ends.find(byte) != std::string_view::npos;
}

bool starts_key(std::string_view text)
{
    return text.size() > 3 && (text[0] == 's' || text[0] == 'S') && (text[1] == 'k' || text[1] == 'K') &&
           text[2] == '-' && !ends_key(text[3]);
}

// Whether a word may begin after `before`: not after a letter or digit, unless those are an escape ("%20", "\n").
bool word_may_begin(std::string_view before)
{
    if (before.empty() || !(is_letter(before.back()) || is_digit(before.back()))) {
        return true;
    }
    auto const size = before.size();
    auto const percent = size >= 3 && before[size - 3] == '%' && is_hex(before[size - 2]) && is_hex(before[size - 1]);
    auto const backslash = size >= 2 && before[size - 2] == '\\';
    return percent || backslash;
}

bool is_no_word(std::string_view key)
{
    std::size_t run = 0;
    bool digit = false;
    for (auto const byte : key.substr(0, static_cast<std::size_t>(std::ranges::find_if(key, ends_key) - key.begin()))) {
        auto const part = is_letter(byte) || is_digit(byte) || byte == '_';
        run = part ? run + 1 : 0;
        digit = part && (digit || is_digit(byte));
        if (run >= k_no_word && digit) {
            return true;
        }
    }
    return false;
}

} // namespace

std::string masked(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    std::size_t at = 0;
    while (at < text.size()) {
        auto const rest = text.substr(at);
        if (!starts_key(rest)) {
            out += text[at++];
            continue;
        }
        out.append(rest.substr(0, 3));
        at += 3;
        if (word_may_begin(text.substr(0, at - 3)) || is_no_word(rest.substr(3, k_looked_at))) {
            out.append("***");
            at += static_cast<std::size_t>(std::find_if(rest.begin() + 3, rest.end(), ends_key) - rest.begin()) - 3;
        }
    }
    return out;
}

} // namespace misroute::text
