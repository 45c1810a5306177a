// SPDX-License-Identifier: Apache-2.0
//
// src/report/html/: the style and the script of every page, embedded.
#pragma once

#include <string_view>

namespace misroute::html::assets {

extern std::string_view const style;
extern std::string_view const script;

} // namespace misroute::html::assets
