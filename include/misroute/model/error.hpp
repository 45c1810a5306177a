// SPDX-License-Identifier: Apache-2.0
//
// How misroute ends. One exception type carries what a person needs: what went wrong, where, and what to do next.
// Expected absence is a value (std::optional), never an exception.
#pragma once

#include <stdexcept>
#include <string>

namespace misroute {

/// Exit codes are part of the contract. When several hold, `failure` wins, then `findings`, then `inconclusive`.
enum class ExitCode
{
    clean = 0,        ///< examined, and nothing at or above --fail-on
    findings = 1,     ///< at least one finding at or above --fail-on
    failure = 2,      ///< usage, configuration, connection, query, parse or write error
    inconclusive = 3, ///< nothing examined, too little, or incomplete
    interrupted = 130,
    terminated = 143,
};

/// The command cannot go on. `what()` names the thing that failed; the other parts may be empty.
struct Error : std::runtime_error
{
    /// `where`: file:line, SQL file, server. `advice`: one sentence in the imperative. Never a password, never a raw
    /// key.
    explicit Error(std::string const &message, std::string where = {}, std::string advice = {})
        : std::runtime_error{message},
          context{std::move(where)},
          hint{std::move(advice)}
    {
    }

    std::string context;
    std::string hint;
};

} // namespace misroute
