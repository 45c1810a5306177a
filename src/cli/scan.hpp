// SPDX-License-Identifier: Apache-2.0
//
// misroute scan: every issuer in a window, where its requests were answered, findings and ranked causes.
#pragma once

#include "cli/context.hpp"

namespace misroute::cli {

inline constexpr std::string_view k_scan_examples = R"(  misroute scan --db postgresql://misroute@db.internal/litellm
  misroute scan -c misroute.yaml --since 7d --fail-on warning
  misroute scan --source daily --since 365d
  kubectl kustomize deploy/ | misroute scan --manifests -
  misroute scan --since 2026-11-22T20:00:00Z --until 2026-11-22T21:00:00Z --by key --format json -o report.json)";

Action add_scan(CLI::App &app);

} // namespace misroute::cli
