// SPDX-License-Identifier: Apache-2.0
#include "report/csv_cell.hpp"

#include "misroute/model/text.hpp"

#include <algorithm>

namespace misroute {

std::string csv_cell(std::string_view value)
{
    if (value.empty()) {
        return {};
    }
    auto words = text::printable(value);
    auto const visible = std::string_view{words}.substr(std::min(words.find_first_not_of(' '), words.size()));
    for (std::string_view const start : {"=", "+", "-", "@", "＝", "＋", "－", "＠"}) {
        if (visible.starts_with(start)) {
            words.insert(0, "'");
            break;
        }
    }
    std::string result = "\"";
    for (char const byte : words) {
        result += byte == '"' ? "\"\"" : std::string{byte};
    }
    return result + "\"";
}

} // namespace misroute
