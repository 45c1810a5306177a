// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace misroute {

/// A text cell for a spreadsheet (RFC 4180). Spreadsheets run a cell that begins like a formula, also behind blanks
/// and with the wide forms of its characters: an apostrophe in front makes it text. Quoted always, so that a reader
/// with another separator cannot find one inside a name. An empty text is an empty cell.
std::string csv_cell(std::string_view value);

} // namespace misroute
