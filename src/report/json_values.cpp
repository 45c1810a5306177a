// SPDX-License-Identifier: Apache-2.0
#include "report/json_values.hpp"

#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace misroute {

namespace {

// Valid in JSON, but it would act on a terminal or turn the direction of a text.
bool must_be_escaped(char32_t code_point)
{
    auto const within = [=](char32_t first, char32_t last) { return first <= code_point && code_point <= last; };
    return within(0x7f, 0x9f) || code_point == 0x061c || within(0x200e, 0x200f) || within(0x2028, 0x202e) ||
           within(0x2066, 0x2069);
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

double rounded(double number, int decimals)
{
    auto const scale = std::pow(10.0, decimals);
    return std::round(number * scale) / scale + 0.0; // + 0.0 makes -0.0 zero
}

Json number_value(std::optional<double> number, int decimals)
{
    if (!number) {
        return nullptr;
    }
    auto const value = rounded(*number, decimals);
    return std::isfinite(value) ? Json(value) : Json(nullptr);
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
    auto const dumped = json.dump(indent, ' ', false, Json::error_handler_t::replace);
    std::string out;
    out.reserve(dumped.size());
    for (std::string_view rest = dumped; !rest.empty();) {
        auto const [code_point, bytes] = text::first_code_point(rest);
        auto const before = dumped.size() - rest.size();
        // CI systems obey "##[error]" and "##vso[…]" anywhere in what is printed.
        bool const second_hash = code_point == U'#' && before > 0 && dumped[before - 1] == '#';
        if (second_hash || must_be_escaped(code_point)) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(code_point));
        } else {
            out += rest.substr(0, bytes);
        }
        rest.remove_prefix(bytes);
    }
    return out;
}

} // namespace misroute
