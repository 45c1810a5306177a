// SPDX-License-Identifier: Apache-2.0
//
// From a report to text. A format is a function from the report to a string; writing it somewhere is the command's
// business. Every format survives hostile strings: what is printed is safe for the medium it is printed to.
#pragma once

#include "misroute/model/report.hpp"

#include <span>
#include <string>
#include <string_view>

namespace misroute {

struct RenderOptions
{
    int width = 100;      ///< columns of the terminal
    bool color = false;   ///< ANSI colours
    bool unicode = true;  ///< ✗ ─ █, else plain ASCII
    int exit_code = 0;    ///< what the process will exit with; some formats say it
    bool verbose = false; ///< show what is otherwise folded (clean issuers beyond a few, info findings' remedies)
};

/// A row of the format table.
struct Format
{
    std::string_view name;
    std::string_view extension; ///< file ending that implies the format, with its dot; empty when none does
    std::string_view help;
    std::string (*render)(Report const &, RenderOptions const &);
};

std::span<Format const> formats();

/// The format of that name, or nullptr.
Format const *find_format(std::string_view name);

} // namespace misroute
