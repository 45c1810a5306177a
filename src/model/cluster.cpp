// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/cluster.hpp"

#include <algorithm>
#include <array>

namespace misroute {

namespace {

constexpr std::string_view k_pod_name = "statefulset.kubernetes.io/pod-name";

constexpr std::array<std::string_view, 11> k_generated_labels{"apps.kubernetes.io/pod-index",
                                                              "batch.kubernetes.io/controller-uid",
                                                              "batch.kubernetes.io/job-completion-index",
                                                              "batch.kubernetes.io/job-name",
                                                              "controller-revision-hash",
                                                              "controller-uid",
                                                              "job-name",
                                                              "pod-template-generation",
                                                              "pod-template-hash",
                                                              "rollouts-pod-template-hash",
                                                              k_pod_name};

} // namespace

bool is_generated_label(std::string_view label)
{
    return std::find(k_generated_labels.begin(), k_generated_labels.end(), label) != k_generated_labels.end();
}

bool selects(Labels const &selector, Workload const &workload)
{
    return !selector.empty() && std::all_of(selector.begin(), selector.end(), [&workload](auto const &wanted) {
        auto const &[key, value] = wanted;
        if (key == k_pod_name) {
            return workload.kind == "StatefulSet" && value.rfind(workload.name.name + "-", 0) == 0;
        }
        auto const found = workload.pod_labels.find(key);
        return found == workload.pod_labels.end() ? is_generated_label(key) : found->second == value;
    });
}

void select_workloads(Cluster &cluster)
{
    std::multimap<std::string, std::size_t> by_space;
    for (std::size_t index = 0; index < cluster.workloads.size(); ++index) {
        by_space.emplace(cluster.workloads[index].name.space, index);
    }
    for (auto &service : cluster.services) {
        if (service.selectorless) {
            continue;
        }
        service.workloads.clear();
        auto const [first, last] = by_space.equal_range(service.name.space);
        for (auto entry = first; entry != last; ++entry) {
            if (selects(service.selector, cluster.workloads[entry->second])) {
                service.workloads.push_back(entry->second);
            }
        }
        std::sort(service.workloads.begin(), service.workloads.end());
    }
}

} // namespace misroute
