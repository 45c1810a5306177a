// SPDX-License-Identifier: Apache-2.0
//
// What --help prints: wrapped to the terminal, what people need first at the top.
#pragma once

#include <memory>

namespace CLI { // NOLINT(readability-identifier-naming): CLI11's
class FormatterBase;
}

namespace misroute::cli {

std::shared_ptr<CLI::FormatterBase> help_formatter();

} // namespace misroute::cli
