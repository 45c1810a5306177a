// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_text.hpp"

#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <set>

namespace misroute::yaml_text {

namespace {

/// Bytes of the UTF-8 sequence that starts with `lead`.
std::size_t sequence_length(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/// The code point of one whole and valid sequence.
unsigned code_point(std::string const &sequence)
{
    auto const lead = static_cast<unsigned char>(sequence[0]);
    unsigned point = sequence.size() == 1 ? lead : lead & (0x7FU >> sequence.size());
    for (std::size_t index = 1; index < sequence.size(); ++index) {
        point = (point << 6U) | (static_cast<unsigned char>(sequence[index]) & 0x3FU);
    }
    return point;
}

} // namespace

std::string quoted(std::string const &text)
{
    std::string result = "\"";
    auto const valid = text::valid_utf8(text);
    for (std::size_t at = 0; at < valid.size();) {
        auto const sequence = valid.substr(at, sequence_length(static_cast<unsigned char>(valid[at])));
        at += sequence.size();
        if (sequence == "\"" || sequence == "\\") {
            result += "\\" + sequence;
        } else if (text::printable(sequence) == sequence) {
            result += sequence;
        } else {
            result += fmt::format("\\U{:08X}", code_point(sequence)); // also what would repaint a terminal
        }
    }
    return result + "\"";
}

std::string scalar(std::string const &text)
{
    bool const plain =
        !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._/-:") == std::string::npos;
    bool const word = plain && text[0] >= 'a' && text[0] <= 'z' && text.back() != ':';
    static std::set<std::string> const reserved{"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
    return word && !reserved.contains(text) ? text : quoted(text);
}

std::string comment(std::string const &text)
{
    return text::printable(text);
}

} // namespace misroute::yaml_text
