// SPDX-License-Identifier: Apache-2.0
//
// Strings from rows and manifests as parts of a YAML text that they cannot break out of.
#pragma once

#include <string>
#include <vector>

namespace misroute::yaml_text {

/// A scalar in double quotes, whatever it contains; what looks like a key is masked.
std::string quoted(std::string const &text);

/// As quoted(), but bare where YAML reads it as the text it is.
std::string scalar(std::string const &text);

/// For the inside of a comment: one line, no controls, keys masked.
std::string comment(std::string const &text);

/// A list under a key of an instance; an entry that looks like a key stands as a comment, for the mask in its place
/// would be a glob that takes other names too. Empty when there is no entry.
std::string list(std::string const &key, std::vector<std::string> const &entries);

} // namespace misroute::yaml_text
