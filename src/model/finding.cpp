// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace misroute {

std::string_view to_string(FindingState state)
{
    constexpr std::array<std::string_view, 5> k_words{"new", "worse", "ongoing", "ended", "reminded"};
    return k_words.at(static_cast<std::size_t>(state));
}

bool is_told(Finding const &finding)
{
    return !finding.suppressed && finding.state && *finding.state != FindingState::ongoing;
}

std::string Location::text() const
{
    return line > 0 ? fmt::format("{}:{}", file, line) : file;
}

std::string Step::lines() const
{
    bool const carried = !patch.empty() && command.find(patch) != std::string::npos;
    std::string result;
    for (auto const *const part : {&text, &patch, &command}) {
        if (!part->empty() && !(carried && part == &patch)) {
            result += (result.empty() ? "" : "\n") + *part;
        }
    }
    return result;
}

std::vector<std::string> lines_of(std::vector<Step> const &steps)
{
    std::vector<std::string> lines;
    std::ranges::transform(steps, std::back_inserter(lines), &Step::lines);
    return lines;
}

std::string fingerprint_of(Finding const &finding)
{
    constexpr std::uint64_t k_offset_basis = 0xcbf29ce484222325U;
    constexpr std::uint64_t k_prime = 0x100000001b3U;
    std::uint64_t hash = k_offset_basis;
    for (std::string_view const part : {to_string(finding.rule), std::string_view{finding.issuer},
                                        std::string_view{finding.instance}, std::string_view{finding.object}}) {
        for (char const byte : part) {
            hash = (hash ^ static_cast<unsigned char>(byte)) * k_prime;
        }
        hash = (hash ^ 0xffU) * k_prime; // a byte no UTF-8 text has: "ab","c" and "a","bc" differ
    }
    return fmt::format("{:016x}", hash);
}

} // namespace misroute
