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
#include <string_view>
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

/// Something that makes pods: Deployment, StatefulSet, DaemonSet, ReplicaSet, Rollout, DeploymentConfig, Job, … or a
/// bare Pod.
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
    bool open = false;               ///< it also serves what could not be read
    std::vector<std::string> unread; ///< what that is, in words
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
    bool selectorless = false;          ///< own endpoints or another name (ExternalName): no selector to examine
    Location location;
};

/// A hostname that leads to a Service.
struct Route
{
    std::string host;
    std::string path; ///< or empty
    std::string kind; ///< "Ingress", "HTTPRoute", "VirtualService", …
    ObjectName name;
    std::size_t service = 0;
    std::string instance; ///< the instance the hostname belongs to, or empty
    Labels subset;        ///< labels of the pods that it narrows the Service to (Istio)
    Location location;
};

/// A hostname that no configuration gives to an instance, and of which the same requests are led to several.
struct SharedHost
{
    std::string host;
    std::vector<std::string> instances; ///< sorted
    std::vector<std::size_t> routes;    ///< indices of routes that lead to them, one for each at least
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
    std::vector<SharedHost> shared_hosts;
    std::vector<LabelGap> label_gaps;
    std::vector<std::string> problems;   ///< documents that could not be read, "file:line: why"
    std::vector<std::string> notes;      ///< what to know beside the findings; sentences
    std::vector<std::string> unexamined; ///< what could not be examined, and why; sentences
    std::vector<std::string> unparsed;   ///< texts of which nothing could be parsed, by name

    /// Everything that matters was read and examined.
    bool complete() const { return problems.empty() && unexamined.empty(); }
};

/// Whether only a controller can put the label on a pod; no template has it.
bool is_generated_label(std::string_view label);

/// Whether a Service with this selector sends requests to the workload's pods, if both are in one namespace. Labels
/// that only a controller can put on a pod are taken to fit. An empty selector selects nothing.
bool selects(Labels const &selector, Workload const &workload);

/// Fills Service::workloads of every Service that has a selector.
void select_workloads(Cluster &cluster);

} // namespace misroute
