// SPDX-License-Identifier: Apache-2.0
//
// sql/grants.sql, embedded.
#pragma once

#include <string_view>

namespace misroute::cli::sql {

// NOLINTBEGIN(readability-identifier-naming): each has the name of its file
extern std::string_view const grants;
// NOLINTEND(readability-identifier-naming)

} // namespace misroute::cli::sql
