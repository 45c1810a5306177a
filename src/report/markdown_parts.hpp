// SPDX-License-Identifier: Apache-2.0
//
// Sections of the Markdown report. A section is a whole: the report is cut between sections, never inside one.
#pragma once

#include "misroute/model/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace misroute::markdown {

using Sections = std::vector<std::string>;

/// Rows of one table; a fleet with more issuers is better read in another format.
inline constexpr std::size_t k_table_rows = 100;

/// `head` and at most k_table_rows rows, then a line that says how many are left out.
std::string table(std::string_view head, std::vector<std::string> const &rows);

/// "`openai` at `kellycloudai.com`", for a cell.
std::string backend_cell(std::string const &provider, std::string const &upstream);

/// A section for each finding that is not suppressed, then one for all that are.
void add_findings(Sections &sections, Report const &report, Zone const &zone);

/// A section for each cause, the best first.
void add_causes(Sections &sections, Report const &report);

} // namespace misroute::markdown
