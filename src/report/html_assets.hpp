// SPDX-License-Identifier: Apache-2.0
//
// src/report/html/: the style and the script of every page, embedded.
#pragma once

#include <string_view>

namespace misroute::html::assets {

// NOLINTBEGIN(readability-identifier-naming): each has the name of its file
extern std::string_view const style;
extern std::string_view const script;
// NOLINTEND(readability-identifier-naming)

} // namespace misroute::html::assets
