// SPDX-License-Identifier: Apache-2.0
//
// What a Service's selector leads to, counted in pods: the prediction that traffic is compared with.
#pragma once

#include "misroute/model/cluster.hpp"
#include "misroute/model/expectations.hpp"

#include <string>
#include <vector>

namespace misroute {

/// An instance behind a hostname.
struct ReachedInstance
{
    std::string instance; ///< empty for pods that run no LiteLLM
    int replicas = 0;
    double share = 0; ///< of all pods behind the hostname; 0…1
};

/// The instances whose pods a Service selects, by name, weighted by replicas: kube-proxy chooses a backend at random
/// and ingress controllers take turns, so both give every pod the same share. Jobs are left out: their pods come and
/// go.
std::vector<ReachedInstance> reached_by(Cluster const &cluster, Service const &service);

/// The Service of a hostname, with the workloads alone that the route's subset leaves.
Service narrowed(Cluster const &cluster, Route const &route);

/// The same for a hostname: `routes[].reaches` of the report.
std::vector<ReachedInstance> reached_by(Cluster const &cluster, Route const &route);

/// Whether a workload is another instance's, as seen from an object meant for `instance`. Says no where either is not
/// known, or where the names may come from different vocabularies: one from the configuration, one from labels.
bool is_foreign(Cluster const &cluster, Expectations const &expected, std::string const &instance,
                Workload const &workload);

/// The instances whose pods a Service selects although it, or the hostname that leads to it, is meant for `instance`.
std::vector<std::string> foreign_instances(Cluster const &cluster, Expectations const &expected,
                                           std::string const &instance, Service const &service);

/// LiteLLM runs behind the Service.
bool concerns_litellm(Cluster const &cluster, Service const &service);

} // namespace misroute
