// SPDX-License-Identifier: Apache-2.0
//
// From the words of a command line to a command that runs.
#pragma once

#include "cli/context.hpp"
#include "cli/outline.hpp"

#include <string>
#include <vector>

namespace misroute::cli {

/// Runs the command that `words` (without the program's name) ask for, or prints help. A word that is not known is
/// told with the nearest one that is. Throws Error as commands do.
ExitCode run_command_line(std::vector<std::string> words, Context const &context);

/// All that the command line takes.
Outline outline();

} // namespace misroute::cli
