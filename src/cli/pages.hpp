// SPDX-License-Identifier: Apache-2.0
//
// The pages of docs/rules and docs/causes and docs/configuration.md, embedded: what `misroute explain` prints is what
// the documentation says.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace misroute::cli::embedded {

struct Page
{
    std::string_view name; ///< of the rule or cause, or "configuration"
    std::string_view text; ///< Markdown
};

std::span<Page const> pages();

} // namespace misroute::cli::embedded
