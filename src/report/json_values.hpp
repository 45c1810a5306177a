// SPDX-License-Identifier: Apache-2.0
//
// How single values are written in the JSON documents: texts, times, money, shares. Shared by the report and trace.
#pragma once

#include "misroute/model/report.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// Keeps the keys in the order in which they are written, which is part of the format.
using Json = nlohmann::ordered_json;

/// A text as it is, valid UTF-8, with keys masked.
Json text_value(std::string_view text);

/// null when the text is empty: a name that is not known.
Json name_value(std::string_view text);

Json texts_value(std::vector<std::string> const &texts);

/// RFC 3339 in UTC with milliseconds.
Json time_value(Instant at);
Json window_value(Window const &window);

/// US dollars. Every number of nano-dollars below a million dollars is written exactly.
Json usd_value(std::int64_t nano);

/// As the documents have it: whatever is shown of a number begins with this, so that it is rounded the same at once and
/// after a journey through JSON.
double rounded(double number, int decimals);

/// Rounded to so many decimals; null when there is none or it is not finite.
Json number_value(std::optional<double> number, int decimals);

Json location_value(std::optional<Location> const &location);
Json dispatch_value(std::optional<Dispatch> const &dispatch);

/// The document as text. What a terminal might obey or what hides text (DEL, C1, bidirectional controls) is escaped,
/// as JSON itself does for the controls below U+0020.
std::string dump(Json const &json, int indent);

} // namespace misroute
