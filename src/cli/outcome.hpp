// SPDX-License-Identifier: Apache-2.0
//
// What a report means for whoever started misroute: the exit code, and whether there is anything to say. Pure.
#pragma once

#include "misroute/model/error.hpp"
#include "misroute/model/report.hpp"

#include <optional>
#include <string>

namespace misroute::cli {

/// --fail-on, --exit-zero and --allow-inconclusive.
struct Tolerance
{
    std::optional<Severity> fail_on = Severity::error; ///< none: "never"
    bool exit_zero = false;
    bool inconclusive = false; ///< a check that cannot tell passes
};

/// "error", "warning", "info"; anything else is "never".
std::optional<Severity> severity_of(std::string const &fail_on);

/// Findings before inconclusive before clean.
ExitCode exit_code_of(Report const &report, Tolerance const &tolerance);

/// Whether a report with states has nothing that people have to be told of.
bool nothing_changed(Report const &report);

/// Whether -q may print nothing: something was examined, all of it, and there is no finding that is not suppressed,
/// however grave. What --fail-on and --exit-zero tolerate is still told.
bool nothing_to_say(Report const &report);

} // namespace misroute::cli
