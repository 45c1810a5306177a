// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace misroute {

/// yaml-cpp answers a token that can begin nothing, such as a stray comma, with an empty document, and then reads the
/// same token again, until no memory is left. Throws YAML::ParserException at such a one, and wherever else the text is
/// no YAML.
void expect_progress(std::string const &yaml);

} // namespace misroute
