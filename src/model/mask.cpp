// SPDX-License-Identifier: Apache-2.0
//
// Finding keys in text. What a key looks like stands in one table; a word that merely contains the beginning of one
// ("task-…", "pplx-70b-online") must stay readable.
#include "misroute/model/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace misroute::text {

namespace {

/// How far to look: no known key is longer before it shows what it is, and a megabyte of "ask-ask-…" must not take a
/// minute.
constexpr std::size_t k_looked_at = 64;

constexpr std::string_view k_mask = "***";

/// What must follow the beginning of a key.
struct Body
{
    std::size_t least;             ///< bytes up to what ends a key
    std::size_t run;               ///< of them letters, digits and joints in one piece
    bool digit;                    ///< with a digit among them: a word has none
    std::string_view joints = "_"; ///< what does not end the piece
};

/// Beginnings are compared without regard to case: hostnames and tags are stored in lower case.
struct Shape
{
    std::string_view begin;
    Body at_word; ///< where a word may begin
    Body inside;  ///< inside a word: never what could be one
};

constexpr Body k_odd{8, 0, false}; ///< a beginning that no word has
constexpr Body k_inside{12, 12, true};
constexpr Body k_long{16, 16, false, ""}; ///< a beginning that names of models or functions have too
constexpr Body k_inside_long{16, 16, true, ""};

// LiteLLM's virtual keys are "sk-" and 22 characters of URL-safe base64; master keys may be "sk-" and anything
// ("sk-1234" in LiteLLM's documentation). The others: the vendors' documentation of their own keys, GitHub's and
// GitLab's lists of token prefixes, AWS' "IAM identifiers", Slack's "Token types", RFC 7519 (a JSON object in base64
// begins with "eyJ") and RFC 6750 ("Bearer").
constexpr std::array k_shapes{
    Shape{"sk-", {1, 0, false}, k_inside},
    Shape{"sk_live_", k_odd, k_inside},
    Shape{"sk_test_", k_odd, k_inside},
    Shape{"rk_live_", k_odd, k_inside},
    Shape{"AIza", {30, 30, true, "_-."}, {30, 30, true, "_-."}},
    Shape{"gsk_", k_odd, k_inside},
    Shape{"xai-", k_long, k_inside_long},
    Shape{"ghp_", k_odd, k_inside},
    Shape{"gho_", k_odd, k_inside},
    Shape{"ghu_", k_odd, k_inside},
    Shape{"ghs_", k_odd, k_inside},
    Shape{"ghr_", k_odd, k_inside},
    Shape{"github_pat_", k_odd, k_inside},
    Shape{"glpat-", k_odd, k_inside},
    Shape{"hf_", k_long, k_inside_long},
    Shape{"hf_", k_long, {30, 30, false, ""}}, // 34 letters, often without a digit: no word is that long
    Shape{"pplx-", k_long, k_inside_long},
    Shape{"nvapi-", k_odd, k_inside},
    Shape{"AKIA", k_inside_long, k_inside_long},
    Shape{"ASIA", k_inside_long, k_inside_long},
    Shape{"xoxb-", k_odd, k_inside},
    Shape{"xoxa-", k_odd, k_inside},
    Shape{"xoxp-", k_odd, k_inside},
    Shape{"xoxr-", k_odd, k_inside},
    Shape{"xoxs-", k_odd, k_inside},
    Shape{"xapp-", k_odd, k_inside},
    Shape{"eyJ", {16, 16, true, "_-."}, {16, 16, true, "_-."}},
    Shape{"Bearer ", {8, 8, true, "_-."}, {16, 16, true, "_-."}},
    Shape{"Bearer+", {8, 8, true, "_-."}, {16, 16, true, "_-."}},
    Shape{"Bearer:", {8, 8, true, "_-."}, {16, 16, true, "_-."}},
};

bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

bool is_letter(char byte)
{
    return lower(byte) >= 'a' && lower(byte) <= 'z';
}

bool is_hex(char byte)
{
    return is_digit(byte) || (lower(byte) >= 'a' && lower(byte) <= 'f');
}

int value_of_hex(char byte)
{
    return is_digit(byte) ? byte - '0' : lower(byte) - 'a' + 10;
}

// What may stand in a key, generously: only what surely ends one ends it.
bool ends_key(char byte)
{
    constexpr std::string_view k_ends = " \t\n\v\f\r\"'`<>()[]{},;:&|\\";
    return k_ends.find(byte) != std::string_view::npos;
}

struct Character
{
    char byte;
    std::size_t size; ///< of what stands for it
};

/// The character that the text begins with; "%2D" is '-', and "%252D" too.
Character first_of(std::string_view text)
{
    std::size_t at = 0;
    while (text.substr(at).starts_with(at == 0 ? "%25" : "25") && text.size() > at + 4) {
        at += at == 0 ? 3 : 2;
    }
    auto const digits = at == 0 ? std::size_t{1} : at;
    if (text[0] != '%' || text.size() < digits + 2 || !is_hex(text[digits]) || !is_hex(text[digits + 1])) {
        return {text[0], 1};
    }
    return {static_cast<char>(value_of_hex(text[digits]) * 16 + value_of_hex(text[digits + 1])), digits + 2};
}

/// Bytes that the beginning of a key takes here, or 0.
std::size_t length_of(std::string_view begin, std::string_view text)
{
    std::size_t at = 0;
    for (auto const wanted : begin) {
        if (at >= text.size()) {
            return 0;
        }
        auto const next = first_of(text.substr(at));
        if (lower(next.byte) != lower(wanted)) {
            return 0;
        }
        at += next.size;
    }
    return at;
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

std::size_t key_bytes(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::find_if(text, ends_key) - text.begin());
}

/// What stands for a key that was masked before is one still: what ends before it must end there again.
bool fits(Body const &body, std::string_view rest)
{
    if (rest.starts_with(k_mask)) {
        return true;
    }
    auto const key = rest.substr(0, key_bytes(rest.substr(0, k_looked_at)));
    std::size_t run = 0;
    std::size_t longest = 0;
    bool digit = false;
    for (auto const byte : key) {
        auto const part = is_letter(byte) || is_digit(byte) || body.joints.find(byte) != std::string_view::npos;
        run = part ? run + 1 : 0;
        digit = part && (digit || is_digit(byte));
        longest = !body.digit || digit ? std::max(longest, run) : longest;
    }
    return key.size() >= body.least && longest >= body.run;
}

/// Bytes of the beginning of a key that stands at `at`; nothing when none does.
std::optional<std::size_t> key_at(std::string_view text, std::size_t at)
{
    auto const rest = text.substr(at);
    auto const first = lower(first_of(rest).byte);
    for (auto const &shape : k_shapes) {
        if (lower(shape.begin.front()) != first) {
            continue;
        }
        auto const length = length_of(shape.begin, rest);
        auto const body = rest.substr(length);
        if (length > 0 && fits(word_may_begin(text.substr(0, at)) ? shape.at_word : shape.inside, body)) {
            return length;
        }
    }
    return std::nullopt;
}

/// Bytes that the mask takes: up to what ends a key. A "Bearer" at their end, before a blank, begins the next one: the
/// name of "Bearer abc/Bearer abc" would be shown.
std::size_t masked_bytes(std::string_view text)
{
    constexpr std::size_t k_bearer = 6;
    auto const bytes = key_bytes(text);
    return bytes > k_bearer && key_at(text, bytes - k_bearer) ? bytes - k_bearer : bytes;
}

} // namespace

std::string masked(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    std::size_t at = 0;
    while (at < text.size()) {
        auto const begin = key_at(text, at);
        if (!begin) {
            out += text[at++];
            continue;
        }
        out.append(text.substr(at, *begin));
        at += *begin;
        if (key_at(text, at)) { // "Bearer sk-…": the second one tells more
            continue;
        }
        out.append(k_mask);
        at += masked_bytes(text.substr(at));
    }
    return out;
}

} // namespace misroute::text
