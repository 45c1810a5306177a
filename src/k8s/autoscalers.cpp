// SPDX-License-Identifier: Apache-2.0
#include "k8s/autoscalers.hpp"

#include <algorithm>

namespace misroute::k8s {

namespace {

/// More than the endpoints of any Service, and few enough that sums of it fit an int.
constexpr int k_any_number = 100'000;

/// KEDA's own default (maxReplicaCount).
constexpr int k_default_most = 100;

} // namespace

std::optional<Autoscaler> read_autoscaler(Value const &object)
{
    auto const &spec = object["spec"];
    auto const &target = spec["scaleTargetRef"];
    Autoscaler autoscaler;
    autoscaler.kind = text_of(target["kind"]).empty() ? "Deployment" : text_of(target["kind"]);
    autoscaler.target = {name_of(object).space, text_of(target["name"])};
    auto const &most = spec.find("maxReplicas") != nullptr ? spec["maxReplicas"] : spec["maxReplicaCount"];
    autoscaler.most = std::min(count_of(most).value_or(k_default_most), k_any_number);
    return autoscaler.target.name.empty() ? std::nullopt : std::optional{autoscaler};
}

void bound_pods(std::vector<Pods> &workloads, std::vector<Autoscaler> const &autoscalers)
{
    for (auto &pods : workloads) {
        auto &workload = pods.workload;
        auto const found = std::find_if(autoscalers.begin(), autoscalers.end(), [&](Autoscaler const &one) {
            return one.kind == workload.kind && one.target == workload.name;
        });
        if (found != autoscalers.end()) {
            // A rolling update starts a quarter more of however many there are (API reference).
            int const more = workload.surge > 0 ? std::max(workload.surge, (found->most + 3) / 4) : 0;
            workload.surge = std::max(workload.surge, found->most - workload.replicas + more);
        } else if (!pods.counted) {
            workload.surge = k_any_number;
        }
    }
}

} // namespace misroute::k8s
