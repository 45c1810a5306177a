// SPDX-License-Identifier: Apache-2.0
//
// misroute trace: one issuer's requests in order, each with its verdict, and the pattern of dispatch.
#pragma once

#include "cli/context.hpp"

namespace misroute::cli {

inline constexpr std::string_view k_trace_examples = R"(  misroute trace host:claude.goodvision.tech
  misroute trace claude.goodvision.tech --around 2026-11-22T20:28:54Z
  misroute trace key:jms-test --since 7d --limit 0 --format csv -o jms-test.csv)";

Action add_trace(CLI::App &app);

} // namespace misroute::cli
