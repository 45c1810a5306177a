// SPDX-License-Identifier: Apache-2.0
//
// Kubernetes objects as the input has them, one by one, before they are put together: names are still names, nothing
// is resolved. Field names are those of the Kubernetes API reference, v1.32.
#pragma once

#include "k8s/litellm_config.hpp"
#include "k8s/value.hpp"
#include "misroute/model/cluster.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace misroute::k8s {

/// A ConfigMap that a container sees as files.
struct Mount
{
    std::string config_map;
    std::string path; ///< mountPath; with a subPath it is the file itself
};

/// The controller in metadata.ownerReferences.
struct Owner
{
    std::string kind;
    std::string name;

    bool none() const { return name.empty(); }
};

/// A workload, a ReplicaSet or a Pod, with what is needed to tell whether and which LiteLLM it runs.
struct Pods
{
    Workload workload; ///< instance, serves and config_map are still empty
    Owner owner;
    std::vector<Mount> mounts;
    Environment environment;
    std::string config_path;   ///< the file `--config` names, or empty
    bool runs_litellm = false; ///< by image or command
};

/// A ConfigMap that holds a LiteLLM configuration.
struct Configuration
{
    ObjectName name;
    std::vector<ModelEntry> models;
};

/// The ready addresses of a Service, by an identity that is the same in every slice.
struct Addresses
{
    ObjectName service;
    std::set<std::string> ready;
};

/// One backend of one hostname.
struct RouteBackend
{
    Route route; ///< service and instance are still empty
    Labels metadata_labels;
    ObjectName service;
};

/// Everything of the input that matters, in the order it was read.
struct Objects
{
    std::vector<Pods> pods;
    std::vector<Service> services;
    std::vector<Configuration> configurations;
    std::vector<Addresses> slices;    ///< of EndpointSlices
    std::vector<Addresses> endpoints; ///< of the older Endpoints
    std::vector<RouteBackend> route_backends;
    std::set<std::string> config_maps; ///< "namespace/name" of every ConfigMap, with LiteLLM's configuration or not
};

/// Whether `kind` makes pods.
bool is_workload(std::string const &kind);

/// Name and namespace from metadata.
ObjectName name_of(Value const &object);

/// A map of texts, such as labels; members that are no scalars are left out.
Labels labels_of(Value const &map);

/// Nothing for a fragment without a pod template (a patch), and for a Pod that has ended or is ending.
std::optional<Pods> read_pods(Value const &object, Location const &location);

/// Nothing for a Service that selects no pods: ExternalName, or without a selector.
std::optional<Service> read_service(Value const &object, Location const &location);

/// Whether a Service with this selector sends requests to the workload's pods, if both are in one namespace. Labels
/// that only a controller can put on a pod are taken to fit: no template has them.
bool selects(Labels const &selector, Workload const &workload);

std::optional<Addresses> read_endpoint_slice(Value const &object);
Addresses read_endpoints(Value const &object);
std::vector<RouteBackend> read_ingress(Value const &object, std::string const &file);
std::vector<RouteBackend> read_http_route(Value const &object, std::string const &file);
Configuration read_config_map(Value const &object);

} // namespace misroute::k8s
