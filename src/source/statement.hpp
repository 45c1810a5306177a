// SPDX-License-Identifier: Apache-2.0
//
// From a file of sql/ to a statement: psql's `:name` variables are replaced by identifiers and expressions of ours,
// never by a value from a user or a row. Values are bound.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

using SqlVariables = std::map<std::string, std::string, std::less<>>;

/// Replaces every `:name` outside of `::casts`; comments are dropped. Replacements may hold variables
/// themselves. Throws std::logic_error for a name without a value.
std::string make_statement(std::string_view sql, SqlVariables const &variables);

/// "Lite""LLM" with quotes: a quoted identifier.
std::string quote_identifier(std::string_view name);

/// A string literal, for the few places where a name of the configuration is part of a GROUP BY expression.
std::string quote_literal(std::string_view text);

/// A text[] literal for binding.
std::string to_array(std::vector<std::string> const &values);

} // namespace misroute
