// SPDX-License-Identifier: Apache-2.0
//
// What every command is given: the clock and the wish to stop. Commands return an exit code or throw Error.
#pragma once

#include "misroute/model/error.hpp"
#include "misroute/model/time.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <span>
#include <stop_token>
#include <string_view>

namespace misroute::cli {

struct Context
{
    std::stop_token stop; ///< requested on SIGINT and SIGTERM
};

using Action = std::function<ExitCode(Context const &)>;

/// A row of the command table. `add` declares the options on the subcommand and returns what runs it; declaring does
/// no work.
struct Command
{
    std::string_view name;
    std::string_view help;
    std::string_view examples; ///< shown below the options
    Action (*add)(CLI::App &);
};

/// Every command, in the order of the documentation.
std::span<Command const> commands();

} // namespace misroute::cli
