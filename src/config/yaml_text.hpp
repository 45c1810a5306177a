// SPDX-License-Identifier: Apache-2.0
//
// Strings from rows and manifests as parts of a YAML text that they cannot break out of.
#pragma once

#include <string>

namespace misroute::yaml_text {

/// A scalar in double quotes, whatever it contains.
std::string quoted(std::string const &text);

/// Bare where YAML reads it as the text it is.
std::string scalar(std::string const &text);

/// For the inside of a comment: one line, no controls, keys masked.
std::string comment(std::string const &text);

} // namespace misroute::yaml_text
