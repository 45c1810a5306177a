// SPDX-License-Identifier: Apache-2.0
//
// A history of incidents as text.
#pragma once

#include "misroute/model/incident.hpp"
#include "misroute/report.hpp"

#include <span>
#include <string>
#include <string_view>

namespace misroute {

/// A row of the table of formats that `misroute incidents` can write.
struct HistoryFormat
{
    std::string_view name;
    std::string_view extension; ///< file ending that implies the format, with its dot
    std::string (*render)(IncidentHistory const &, RenderOptions const &);
};

std::span<HistoryFormat const> history_formats();

/// The format of that name, or nullptr.
HistoryFormat const *find_history_format(std::string_view name);

} // namespace misroute
