// SPDX-License-Identifier: Apache-2.0
//
// The queries of sql/, embedded at build time. Each file says what it binds and what it returns.
#pragma once

#include <string_view>

namespace misroute::sql {

// NOLINTBEGIN(readability-identifier-naming): each has the name of its file
extern std::string_view const citus;
extern std::string_view const citus_settings;
extern std::string_view const columns;
extern std::string_view const config_params;
extern std::string_view const configured_keys;
extern std::string_view const daily;
extern std::string_view const database_models;
extern std::string_view const health;
extern std::string_view const identity;
extern std::string_view const key_aliases;
extern std::string_view const leaves;
extern std::string_view const load;
extern std::string_view const marker;
extern std::string_view const ahead;
extern std::string_view const oldest;
extern std::string_view const reason;
extern std::string_view const relations;
extern std::string_view const rows;
extern std::string_view const session;
extern std::string_view const tally;
extern std::string_view const worker_lock_timeout;
// NOLINTEND(readability-identifier-naming)

} // namespace misroute::sql
