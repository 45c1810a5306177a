// SPDX-License-Identifier: Apache-2.0
//
// SHA-256, in hex, of what needs a name that nobody can forge.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace misroute {

/// Of one text: what sha256sum prints.
std::string sha256(std::string_view text);

/// Of several texts with their lengths: ("a", "b") is not ("ab", "").
std::string hash_of(std::initializer_list<std::string_view> texts);

} // namespace misroute
