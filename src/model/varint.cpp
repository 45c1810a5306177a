// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/varint.hpp"

namespace misroute {

namespace {

constexpr unsigned k_bits = 7;
constexpr unsigned k_bits_of_word = 64;
constexpr unsigned char k_more = 0x80;

} // namespace

void put_varint(std::string &bytes, std::int64_t value)
{
    auto left = (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U);
    for (; left >= k_more; left >>= k_bits) {
        bytes.push_back(static_cast<char>(left | k_more));
    }
    bytes.push_back(static_cast<char>(left));
}

std::optional<std::int64_t> take_varint(std::string_view &bytes)
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; !bytes.empty() && shift < k_bits_of_word; shift += k_bits) {
        auto const byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & ~k_more) << shift;
        if ((byte & k_more) == 0) {
            return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1));
        }
    }
    return std::nullopt;
}

} // namespace misroute
