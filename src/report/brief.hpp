// SPDX-License-Identifier: Apache-2.0
//
// A report in five lines, for a mail's subject, a message, a glance.
#pragma once

#include "misroute/report.hpp"

#include <string>
#include <vector>

namespace misroute {

/// Verdict with the share, since when, cost, cause, the first command; fewer where there is nothing astray. Cleaned and
/// masked, each one line.
std::vector<std::string> brief_lines(Report const &report, Zone const &zone);

std::string render_brief(Report const &report, RenderOptions const &options);

} // namespace misroute
