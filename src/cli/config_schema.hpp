// SPDX-License-Identifier: Apache-2.0
//
// docs/config.schema.json, embedded.
#pragma once

#include <string_view>

namespace misroute::cli::schemas {

// NOLINTBEGIN(readability-identifier-naming): each has the name of its file
extern std::string_view const config;
// NOLINTEND(readability-identifier-naming)

} // namespace misroute::cli::schemas
