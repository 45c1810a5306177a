// SPDX-License-Identifier: Apache-2.0
//
// misroute k8s: manifests or live objects in, Services that select another instance's pods out. Asks no cluster.
#pragma once

#include "cli/context.hpp"

#include <string>
#include <vector>

namespace misroute::cli {

inline constexpr std::string_view k_k8s_examples = R"(  kubectl kustomize deploy/ | misroute k8s -
  misroute k8s rendered.yaml deploy/ --fail-on warning
  kubectl get deploy,sts,rs,job,pod,svc,endpointslices,ing,cm -n litellm -o json | misroute k8s -c misroute.yaml -)";

Action add_k8s(CLI::App &app);

/// All of standard input when "-" is among the paths, else nothing. Throws Error on a terminal, where nothing comes.
std::string standard_input(std::vector<std::string> const &paths);

} // namespace misroute::cli
