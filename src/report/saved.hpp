// SPDX-License-Identifier: Apache-2.0
//
// A saved JSON document read back: whatever was kept can be shown later, in any format. Keys that a newer version added
// are no error; they are named, because what is rendered of such a document lacks them.
#pragma once

#include "detect/traced.hpp"
#include "misroute/model/incident.hpp"
#include "report/trace_report.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace misroute {

/// What `misroute trace --format json` wrote.
struct SavedTrace
{
    TraceHeader header;
    std::vector<TraceRow> rows; ///< oldest first
    TraceSummary summary;
};

struct Saved
{
    std::variant<Report, SavedTrace, IncidentHistory> document;
    std::vector<std::string> left_out; ///< what this version does not know of it: "/issuers/*/colour", a rule's name
};

/// Reads misroute.report/1, misroute.trace/1 or misroute.incidents/1. Throws Error with the line and column, or the
/// path in the document, of what is wrong; its context is `name`.
Saved read_saved(std::string_view text, std::string const &name);

/// The whole of a saved trace, in a format of `misroute trace`.
std::string render(SavedTrace const &trace, TraceFormat const &format, RenderOptions const &options);

} // namespace misroute
