// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_shares.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace misroute {

std::vector<ReachedInstance> reached_by(Cluster const &cluster, Service const &service)
{
    std::map<std::string, int> replicas;
    int all = 0;
    for (auto const index : service.workloads) {
        if (index >= cluster.workloads.size()) {
            continue;
        }
        auto const &workload = cluster.workloads[index];
        if (!workload.runs_to_completion() && workload.replicas > 0) {
            replicas[workload.instance] += workload.replicas;
            all += workload.replicas;
        }
    }
    std::vector<ReachedInstance> reached;
    reached.reserve(replicas.size());
    for (auto const &[instance, count] : replicas) {
        reached.push_back({instance, count, static_cast<double>(count) / all});
    }
    return reached;
}

Service narrowed(Cluster const &cluster, Route const &route)
{
    auto service = cluster.services[route.service];
    if (!route.subset.empty()) {
        std::erase_if(service.workloads,
                      [&](std::size_t index) { return !selects(route.subset, cluster.workloads[index]); });
    }
    return service;
}

std::vector<ReachedInstance> reached_by(Cluster const &cluster, Route const &route)
{
    return route.service < cluster.services.size() ? reached_by(cluster, narrowed(cluster, route))
                                                   : std::vector<ReachedInstance>{};
}

bool is_foreign(Cluster const &cluster, Expectations const &expected, std::string const &instance,
                Workload const &workload)
{
    if (instance.empty() || workload.instance.empty() || workload.instance == instance) {
        return false;
    }
    return expected.by_name(workload.instance).has_value() ||
           std::any_of(cluster.workloads.begin(), cluster.workloads.end(),
                       [&](Workload const &other) { return other.instance == instance; });
}

std::vector<std::string> foreign_instances(Cluster const &cluster, Expectations const &expected,
                                           std::string const &instance, Service const &service)
{
    std::set<std::string> foreign;
    for (auto const index : service.workloads) {
        auto const &workload = cluster.workloads[index];
        if (is_foreign(cluster, expected, instance, workload)) {
            foreign.insert(workload.instance);
        }
    }
    return {foreign.begin(), foreign.end()};
}

bool concerns_litellm(Cluster const &cluster, Service const &service)
{
    return std::any_of(service.workloads.begin(), service.workloads.end(),
                       [&cluster](std::size_t index) { return !cluster.workloads[index].instance.empty(); });
}

} // namespace misroute
