// SPDX-License-Identifier: Apache-2.0
//
// Hostile text in Markdown. CommonMark reads markup nearly everywhere, and GitHub turns plain text into more of it
// afterwards (mentions, issue numbers, commit hashes, e-mail and web addresses), where a backslash does not help. So
// nothing is escaped: a word stands as it is only when it can mean nothing but itself, any other becomes a code span,
// in which neither CommonMark nor GitHub looks for anything.
#pragma once

#include <string>
#include <string_view>

namespace misroute::markdown {

/// A name as a code span whose fence no run of backticks in it can close; "(empty)" for an empty one. A vertical bar
/// is escaped the way GitHub's tables want it, so it may stand in a cell.
std::string cell_code(std::string_view name);

/// The same outside a table.
std::string code(std::string_view name);

/// A sentence: plain words stay, all else becomes code. Not to be used in a table.
std::string prose(std::string_view sentence);

/// A fenced code block, each line behind `indent` blanks so that it may belong to a list item; ends with a newline.
std::string fenced(std::string_view text, std::size_t indent);

} // namespace misroute::markdown
