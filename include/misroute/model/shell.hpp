// SPDX-License-Identifier: Apache-2.0
//
// Names in commands that people will paste into a terminal.
#pragma once

#include <string>
#include <string_view>

namespace misroute::shell {

/// The text as one word of a POSIX shell: as it is when it has only signs that mean nothing to a shell, else between
/// single quotes (POSIX.1-2017, Shell Command Language, 2.2.2).
std::string word(std::string_view text);

} // namespace misroute::shell
