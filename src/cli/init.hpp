// SPDX-License-Identifier: Apache-2.0
//
// misroute init: a commented misroute.yaml from manifests, or from what clean traffic shows, so that nobody has to
// write the first one by hand.
#pragma once

#include "cli/context.hpp"

namespace misroute::cli {

inline constexpr std::string_view k_init_examples =
    R"(  kubectl kustomize deploy/ | misroute init --manifests - > misroute.yaml
  misroute init --manifests rendered.yaml -o misroute.yaml
  misroute init --db "$DATABASE_URL" --since 7d -o misroute.yaml)";

Action add_init(CLI::App &app);

} // namespace misroute::cli
