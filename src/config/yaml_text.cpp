// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_text.hpp"

#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <set>

namespace misroute::yaml_text {

std::string quoted(std::string const &text)
{
    std::string result = "\"";
    auto const valid = text::machine(text);
    for (std::size_t at = 0; at < valid.size();) {
        auto const next = text::first_code_point(std::string_view{valid}.substr(at));
        auto const sequence = valid.substr(at, next.bytes);
        at += next.bytes;
        if (sequence == "\"" || sequence == "\\") {
            result += "\\" + sequence;
        } else if (text::printable(sequence) == sequence) {
            result += sequence;
        } else {
            result += fmt::format("\\U{:08X}", static_cast<unsigned>(next.value)); // also what would repaint a terminal
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
    return word && !reserved.contains(text) && text::masked(text) == text ? text : quoted(text);
}

std::string comment(std::string const &text)
{
    return text::printable(text);
}

std::string list(std::string const &key, std::vector<std::string> const &entries)
{
    std::string written;
    std::string left_out;
    for (auto const &entry : entries) {
        if (text::masked(entry) == entry) {
            written += fmt::format("      - {}\n", scalar(entry));
        } else {
            left_out += fmt::format("    # not in {}, for it looks like a key: {}\n", key, comment(entry));
        }
    }
    return (written.empty() ? "" : fmt::format("    {}:\n", key) + written) + left_out;
}

} // namespace misroute::yaml_text
