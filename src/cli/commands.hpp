// SPDX-License-Identifier: Apache-2.0
//
// The commands, one file each: src/cli/<name>.cpp. Its add_<name>() declares what the command takes and returns what
// runs it; declaring does no work.
#pragma once

#include "cli/arguments.hpp"
#include "cli/context.hpp"

#include <span>
#include <string_view>

namespace misroute::cli {

/// A row of the command table.
struct Command
{
    std::string_view name;
    std::string_view help;
    std::string_view examples; ///< one a line, indented by two blanks
    Action (*add)(Arguments);
};

/// Every command, in the order of the documentation.
std::span<Command const> commands();

Action add_scan(Arguments arguments);
Action add_trace(Arguments arguments);
Action add_check(Arguments arguments);
Action add_probe(Arguments arguments);
Action add_k8s(Arguments arguments);
Action add_incidents(Arguments arguments);
Action add_render(Arguments arguments);
Action add_init(Arguments arguments);
Action add_doctor(Arguments arguments);
Action add_config(Arguments arguments);
Action add_grants(Arguments arguments);
Action add_explain(Arguments arguments);
Action add_completion(Arguments arguments);
Action add_man(Arguments arguments);

} // namespace misroute::cli
