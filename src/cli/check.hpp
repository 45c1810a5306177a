// SPDX-License-Identifier: Apache-2.0
//
// misroute check: waits until the traffic since a deploy decides whether anything goes astray, then passes, fails or
// says that it cannot tell.
#pragma once

#include "cli/context.hpp"

namespace misroute::cli {

inline constexpr std::string_view k_check_examples = R"(  misroute check --since 2026-11-22T20:00:00Z --wait 5m
  misroute check --since 1m --instance claude --exclude-share 0.33 --fail-fast
  kubectl -n litellm get deploy -o json | misroute check --since-rollout - --format junit -o junit.xml)";

Action add_check(CLI::App &app);

} // namespace misroute::cli
