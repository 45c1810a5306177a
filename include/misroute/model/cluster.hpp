// SPDX-License-Identifier: Apache-2.0
//
// What Kubernetes manifests or live objects say: which Service selects which pods, and which hostname leads there.
// Filled by k8s, read by detectors and reports; knows nothing of YAML.
#pragma once

#include "misroute/model/expectations.hpp"
#include "misroute/model/finding.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace misroute {

using Labels = std::map<std::string, std::string>;

/// "namespace/name".
struct ObjectName
{
    std::string space;
    std::string name;

    std::string text() const { return space.empty() ? name : space + "/" + name; }
    auto operator<=>(ObjectName const &) const = default;
};

/// Something that makes pods: Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, or a bare Pod.
struct Workload
{
    std::string kind;
    ObjectName name;
    Labels metadata_labels;
    Labels pod_labels; ///< what a Service selects by
    Labels match_labels;
    int replicas = 1;
    int surge = 0;                   ///< extra pods a rolling update may start
    std::string instance;            ///< or empty when it is no LiteLLM instance
    std::vector<Expectation> serves; ///< from its mounted LiteLLM configuration; empty when that is not in the input
    std::string config_map;          ///< name of that ConfigMap, or empty
    Location location;

    bool runs_to_completion() const { return kind == "Job" || kind == "CronJob"; }
};

struct Service
{
    ObjectName name;
    Labels metadata_labels;
    Labels selector;
    std::string instance;               ///< the instance it is meant for, or empty
    std::vector<std::size_t> workloads; ///< indices of the workloads whose pods it selects
    std::optional<int> endpoints;       ///< ready addresses, when the input has live objects
    bool sticky = false;                ///< sessionAffinity: ClientIP
    Location location;
};

/// A hostname that leads to a Service (Ingress rule or HTTPRoute).
struct Route
{
    std::string host;
    std::string kind; ///< "Ingress" or "HTTPRoute"
    ObjectName name;
    std::size_t service = 0;
    std::string instance; ///< the instance the hostname belongs to, or empty
    Location location;
};

/// A kustomization whose labels do not reach selectors: the guilty line of the incident.
struct LabelGap
{
    std::string label;
    std::string value;
    bool templates = false; ///< includeTemplates: true
    Location location;
};

struct Cluster
{
    std::vector<Workload> workloads;
    std::vector<Service> services;
    std::vector<Route> routes;
    std::vector<LabelGap> label_gaps;
    std::vector<std::string> problems; ///< documents that could not be read, "file:line: why"
    std::vector<std::string> notes;    ///< what was left out of the examination, and why; sentences
};

} // namespace misroute
