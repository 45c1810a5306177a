// SPDX-License-Identifier: Apache-2.0
//
// What --help prints: wrapped to the terminal, what people need first at the top.
#pragma once

#include <memory>
#include <span>
#include <string_view>

namespace CLI { // NOLINT(readability-identifier-naming): CLI11's
class FormatterBase;
}

namespace misroute::cli {

std::shared_ptr<CLI::FormatterBase> help_formatter();

/// A row of the table of exit codes.
struct ExitCodeRow
{
    std::string_view code;
    std::string_view meaning;
};

std::span<ExitCodeRow const> exit_code_rows();

/// The sentence on environment variables.
std::string_view about_variables();

} // namespace misroute::cli
