// SPDX-License-Identifier: Apache-2.0
//
// docs/config.schema.json, embedded.
#pragma once

#include <string_view>

namespace misroute::cli::schemas {

extern std::string_view const config;

} // namespace misroute::cli::schemas
