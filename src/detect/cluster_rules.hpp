// SPDX-License-Identifier: Apache-2.0
//
// The rules that speak about a cluster: whose pods a Service selects, measured against whose it is meant for. Each
// returns its findings without fingerprint, and nothing when the facts have no cluster. docs/rules has a page for each.
//
// Only Services that have to do with LiteLLM are looked at: databases and caches beside it are nobody's concern here.
#pragma once

#include "misroute/detect.hpp"

namespace misroute {

/// The cluster of the facts; an empty one where they have none.
Cluster const &cluster_of(Facts const &facts);

/// Error: a selector reaches the pods of another instance.
std::vector<Finding> service_selects_other_instance(Facts const &facts);

/// Warning: one selector reaches several workloads, and nothing says which of them are meant; or LiteLLM's pods and
/// others'.
std::vector<Finding> service_selects_many_workloads(Facts const &facts);

/// Services of several instances with one selector: error where hostnames lead to them, else warning.
std::vector<Finding> identical_selectors(Facts const &facts);

/// Error: more ready addresses than the instance has pods. Needs live objects.
std::vector<Finding> endpoints_exceed_replicas(Facts const &facts);

/// Error: hostname, Service, selector and pods lead to another instance than the hostname's.
std::vector<Finding> host_reaches_other_instance(Facts const &facts);

/// Warning: a kustomization gives a label that differs between instances to everything but selectors.
std::vector<Finding> label_not_in_selector(Facts const &facts);

/// Warning: pods of a Job, which serve nothing, are behind a Service while they run.
std::vector<Finding> job_pods_selected(Facts const &facts);

/// Warning: a Service that a hostname leads to selects nothing.
std::vector<Finding> no_endpoints(Facts const &facts);

} // namespace misroute
