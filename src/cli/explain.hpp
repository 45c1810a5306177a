// SPDX-License-Identifier: Apache-2.0
//
// misroute explain: what a rule or a cause means, how it is found, what it is confused with, how to fix and silence it.
#pragma once

#include "cli/context.hpp"

namespace misroute::cli {

inline constexpr std::string_view k_explain_examples = R"(  misroute explain
  misroute explain provider-mismatch
  misroute explain service-selects-other-instances)";

Action add_explain(CLI::App &app);

} // namespace misroute::cli
