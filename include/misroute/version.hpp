// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace misroute {

/// The version of misroute, "0.1.0": the one of project() in CMakeLists.txt.
std::string_view version();

} // namespace misroute
