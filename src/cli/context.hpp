// SPDX-License-Identifier: Apache-2.0
//
// What every command is given: the wish to stop. Commands return an exit code or throw Error.
#pragma once

#include "misroute/model/error.hpp"

#include <functional>
#include <stop_token>

namespace misroute::cli {

struct Context
{
    std::stop_token stop; ///< requested on SIGINT and SIGTERM
};

using Action = std::function<ExitCode(Context const &)>;

} // namespace misroute::cli
