// SPDX-License-Identifier: Apache-2.0
//
// How traces are written: what `trace` and `render` share.
#pragma once

#include "report/trace_report.hpp"

#include <string>

namespace misroute::cli {

/// The format of that name, else the one that the ending of `file` implies, else the table. Throws Error when trace has
/// no format of that name.
TraceFormat const &trace_format_of(std::string const &name, std::string const &file);

} // namespace misroute::cli
