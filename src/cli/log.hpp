// SPDX-License-Identifier: Apache-2.0
//
// What is said on stderr beside errors. The only way to spdlog. Every text is made safe for a terminal here.
#pragma once

#include <string_view>

namespace misroute::cli {

/// Sends the log to stderr: warnings, with -v what is done, with -q errors only.
void start_log(int verbose, bool quiet);

void warn(std::string_view sentence);
void inform(std::string_view sentence);

/// As inform(), for a text of several lines.
void inform_lines(std::string_view text);

} // namespace misroute::cli
