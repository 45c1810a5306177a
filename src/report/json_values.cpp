// SPDX-License-Identifier: Apache-2.0
#include "report/json_values.hpp"

#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace misroute {

namespace {

// The code point when the two or three bytes at `at` are one that must be escaped, else 0.
unsigned hidden_at(std::string const &text, std::size_t at)
{
    auto const byte = [&](std::size_t offset) -> unsigned {
        return at + offset < text.size() ? static_cast<unsigned char>(text[at + offset]) : 0U;
    };
    if (byte(0) == 0x7f) {
        return 0x7f;
    }
    if (byte(0) == 0xc2 && byte(1) < 0xa0) {
        return byte(1);
    }
    if (byte(0) == 0xd8 && byte(1) == 0x9c) {
        return 0x061c;
    }
    if (byte(0) != 0xe2) {
        return 0;
    }
    auto const code_point = 0x2000U + ((byte(1) & 0x3fU) << 6U) + (byte(2) & 0x3fU);
    auto const hidden = (code_point >= 0x200e && code_point <= 0x200f) ||
                        (code_point >= 0x2028 && code_point <= 0x202e) ||
                        (code_point >= 0x2066 && code_point <= 0x2069);
    return hidden ? code_point : 0;
}

std::size_t bytes_of(unsigned code_point)
{
    return code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : 3;
}

} // namespace

Json text_value(std::string_view text)
{
    return text::machine(text);
}

Json name_value(std::string_view text)
{
    return text.empty() ? Json(nullptr) : text_value(text);
}

Json texts_value(std::vector<std::string> const &texts)
{
    auto array = Json::array();
    for (auto const &text : texts) {
        array.push_back(text_value(text));
    }
    return array;
}

Json time_value(Instant at)
{
    return to_rfc3339(at);
}

Json window_value(Window const &window)
{
    return {{"since", time_value(window.since)}, {"until", time_value(window.until)}};
}

Json usd_value(std::int64_t nano)
{
    // One correctly rounded division: the shortest digits that read back as this number are the decimal ones.
    return static_cast<double>(nano) / 1e9;
}

Json number_value(std::optional<double> number, int decimals)
{
    if (!number) {
        return nullptr;
    }
    auto const scale = std::pow(10.0, decimals);
    auto const rounded = std::round(*number * scale) / scale + 0.0; // + 0.0 makes -0.0 zero
    return std::isfinite(rounded) ? Json(rounded) : Json(nullptr);
}

Json location_value(std::optional<Location> const &location)
{
    if (!location) {
        return nullptr;
    }
    return {{"file", text_value(location->file)}, {"line", location->line}};
}

Json dispatch_value(std::optional<Dispatch> const &dispatch)
{
    if (!dispatch) {
        return nullptr;
    }
    Json json{{"pattern", to_string(dispatch->pattern)},
              {"backends", dispatch->backends ? Json(*dispatch->backends) : Json(nullptr)},
              {"confidence", dispatch->certain ? "is" : "compatible"},
              {"z", number_value(dispatch->z, 2)},
              {"order", text_value(dispatch->order)},
              {"backends_interval", nullptr}};
    if (auto const &interval = dispatch->backends_interval) {
        json["backends_interval"] = {{"estimate", number_value(interval->estimate, 2)},
                                     {"low", number_value(interval->low, 2)},
                                     {"high", number_value(interval->high, 2)}};
    }
    return json;
}

std::string dump(Json const &json, int indent)
{
    auto const text = json.dump(indent, ' ', false, Json::error_handler_t::replace);
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (auto const hidden = hidden_at(text, at); hidden != 0) {
            out += fmt::format("\\u{:04x}", hidden);
            at += bytes_of(hidden);
        } else if (text[at] == '#' && at > 0 && text[at - 1] == '#') {
            out += "\\u0023"; // CI systems obey "##[error]" and "##vso[…]" anywhere in what is printed
            at += 1;
        } else {
            out += text[at++];
        }
    }
    return out;
}

} // namespace misroute
