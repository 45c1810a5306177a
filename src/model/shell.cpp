// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/shell.hpp"

namespace misroute::shell {

std::string word(std::string_view text)
{
    constexpr std::string_view k_plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/@";
    if (!text.empty() && text.find_first_not_of(k_plain) == std::string_view::npos) {
        return std::string{text};
    }
    std::string quoted = "'";
    for (auto const letter : text) {
        quoted += letter == '\'' ? std::string{"'\\''"} : std::string(1, letter);
    }
    return quoted + "'";
}

} // namespace misroute::shell
