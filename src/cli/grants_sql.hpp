// SPDX-License-Identifier: Apache-2.0
//
// sql/grants.sql, embedded.
#pragma once

#include <string_view>

namespace misroute::cli::sql {

extern std::string_view const grants;

} // namespace misroute::cli::sql
