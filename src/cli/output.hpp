// SPDX-License-Identifier: Apache-2.0
//
// From a report to stdout, files and the exit code.
#pragma once

#include "cli/options.hpp"
#include "misroute/model/report.hpp"

#include <functional>
#include <string>

namespace misroute::cli {

/// Renders the report in every format asked for and writes it; returns the exit code.
ExitCode deliver(Report const &exact, OutputFlags const &flags, Zone const &zone);

/// The same for several reports of one fleet, in the formats that can put them side by side; of their exit codes the
/// gravest.
ExitCode deliver(std::vector<Report> const &reports, OutputFlags const &flags);

/// The one format asked for: its name, or the ending of the file; nothing where neither says one. And the file, empty
/// for stdout. Throws Error when there are several.
struct OneOutput
{
    std::string format;
    std::string file;
};
OneOutput one_output(OutputFlags const &flags);

/// Runs a command. Where its format on stdout is Nagios', an Error is told on stdout too, and is UNKNOWN (3) as every
/// plugin's failure has to be; else it is thrown on.
ExitCode reporting(OutputFlags const &flags, std::function<ExitCode()> const &run);

/// Writes a text to stdout and makes sure it arrived; false when nobody reads it: a pipe or a descriptor that is
/// closed, which is no error. Throws Error on a full disk.
bool write_stdout(std::string const &text);

/// Writes a file through a temporary one beside it, so that nobody ever sees half of it. Throws Error.
void write_file(std::string const &file, std::string const &text);

/// Throws Error when a format is unknown, with the nearest one. Commands call it before they do any work.
void check_formats(OutputFlags const &flags);

} // namespace misroute::cli
