// SPDX-License-Identifier: Apache-2.0
//
// How many pods there may be beyond the replicas that a manifest states, or where it states none.
#pragma once

#include "k8s/objects.hpp"

#include <optional>
#include <vector>

namespace misroute::k8s {

/// Of a HorizontalPodAutoscaler or KEDA's ScaledObject; nothing of one without a target.
std::optional<Autoscaler> read_autoscaler(Value const &object);

/// Adds to `surge` what an autoscaler may start, and more than any Service has where nobody says how many there are.
void bound_pods(std::vector<Pods> &workloads, std::vector<Autoscaler> const &autoscalers);

} // namespace misroute::k8s
