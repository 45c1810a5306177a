// SPDX-License-Identifier: Apache-2.0
//
// How histories are written: what `incidents` and `render` share.
#pragma once

#include "misroute/model/error.hpp"
#include "report/incidents.hpp"

#include <string>

namespace misroute::cli {

/// The format of that name, else the one that the ending of `file` implies, else the table. Throws Error when incidents
/// has no format of that name.
HistoryFormat const &history_format_of(std::string const &name, std::string const &file);

/// Writes it; 3 when a part of the window could not be read, or nothing in it could be judged.
ExitCode deliver(IncidentHistory const &history, HistoryFormat const &format, std::string const &file,
                 Zone const &zone);

} // namespace misroute::cli
