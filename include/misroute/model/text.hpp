// SPDX-License-Identifier: Apache-2.0
//
// Making strings safe to show. Names come from clients, databases and manifests; whoever writes one to a terminal,
// a log or a report passes it through here. Widths are columns of a terminal, not bytes (UAX #11, by utf8proc).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::text {

/// What the medium can show.
enum class Charset
{
    utf8,
    ascii, ///< our own arrows and dashes are spelled out; anything else outside ASCII becomes '?'
};

struct CodePoint
{
    char32_t value;    ///< U+FFFD for a byte that is not UTF-8
    std::size_t bytes; ///< how many were read, at least 1
};

/// The first code point of a text that is not empty.
CodePoint first_code_point(std::string_view text);

/// The longest beginning of at most `bytes` bytes that ends between two characters.
std::string_view beginning(std::string_view text, std::size_t bytes);

/// The text with every byte that is not UTF-8 (overlong forms and surrogates too) replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

/// The text with what looks like a key masked: "sk-1234" → "sk-***", in any case and at any place where a word may
/// begin; inside a word ("task-…") only when what follows cannot be a word. Which shapes are known stands in mask.cpp;
/// percent-encoded ones are. Safe to apply twice.
std::string masked(std::string_view text);

/// For machine formats, which escape control characters in their own way: valid UTF-8 with keys masked.
std::string machine(std::string_view text);

/// For one line of text: as machine(), and no control, format or bidirectional character is left. White space of
/// any kind becomes one blank, other controls become U+FFFD ('?'), what cannot be seen its escape ("\u200b"). What a CI
/// system would obey ("##[error]", "::error::") gets a blank between its signs. Never contains a newline.
std::string printable(std::string_view text, Charset charset = Charset::utf8);

/// As printable(), for text of several lines such as a patch: newlines stay, a tab becomes two blanks.
std::vector<std::string> printable_lines(std::string_view text, Charset charset = Charset::utf8);

/// Columns that a printable text takes: wide characters two, combining ones none.
std::size_t width(std::string_view text);

/// The text cut to at most `columns`, its end replaced by an ellipsis ("…", or "..." in ASCII) when it was longer.
std::string fit(std::string_view text, std::size_t columns, Charset charset = Charset::utf8);

/// The text followed by blanks up to `columns`; unchanged when it is as wide or wider.
std::string padded(std::string_view text, std::size_t columns);

/// Lines of at most `columns`, broken at blanks; a word that is longer than a line is broken inside. None
/// but the first begins with "::", unless the text had a blank there.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

/// "38,672".
std::string grouped(std::int64_t number);

/// "1 request", "38,672 requests"; `plural` is needed only where adding an s does not do.
std::string counted(std::int64_t number, std::string_view singular, std::string_view plural = {});

} // namespace misroute::text
