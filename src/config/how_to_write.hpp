// SPDX-License-Identifier: Apache-2.0
//
// The hint of every error about a configuration that is not there.
#pragma once

#include <string_view>

namespace misroute {

inline constexpr std::string_view k_how_to_write =
    "misroute init writes one; \"misroute explain configuration\" shows every key";

} // namespace misroute
