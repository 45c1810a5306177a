// SPDX-License-Identifier: Apache-2.0
//
// misroute probe: asks the hostnames themselves which pods are behind them, when there is no traffic to look at yet.
#pragma once

#include "cli/context.hpp"

namespace misroute::cli {

inline constexpr std::string_view k_probe_examples = R"(  MISROUTE_KEY=sk-… misroute probe
  misroute probe https://claude.goodvision.tech --requests 20 --key-file /run/secrets/litellm-key
  misroute probe http://claude.goodvision.tech:8080 --resolve claude.goodvision.tech:8080:10.0.0.7
  misroute probe --completion claude-opus-4-6 --format junit -o junit.xml)";

Action add_probe(CLI::App &app);

} // namespace misroute::cli
