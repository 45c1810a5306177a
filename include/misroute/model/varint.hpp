// SPDX-License-Identifier: Apache-2.0
//
// Numbers as bytes, seven bits in each, the eighth says that more follow: most of what is counted is small. Small
// numbers of either sign take few: 0, -1, 1, -2, … become 0, 1, 2, 3, … (Protocol Buffers' varint and zigzag encoding).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace misroute {

void put_varint(std::string &bytes, std::int64_t value);

/// Takes a number off the front; nothing when there is none, and then how much was taken is not said.
std::optional<std::int64_t> take_varint(std::string_view &bytes);

} // namespace misroute
