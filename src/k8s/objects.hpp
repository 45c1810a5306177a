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

/// A variable whose value stands in a ConfigMap; with an empty key all of them, each after the prefix (envFrom).
struct FromConfigMap
{
    std::string variable;
    std::string config_map;
    std::string key;
    std::string prefix;
};

/// A workload, a ReplicaSet or a Pod, with what is needed to tell whether and which LiteLLM it runs.
struct Pods
{
    Workload workload; ///< instance, serves and config_map are still empty
    Owner owner;
    std::vector<Mount> mounts;
    Environment environment;
    std::vector<FromConfigMap> from_config_maps;
    std::set<std::string> secrets; ///< Secrets, or entries of them, that set variables; its service account
    std::set<std::string> images;
    std::optional<int> stated_replicas;   ///< where the object says how many
    std::vector<ModelEntry> command_line; ///< `--model`
    std::string config_path;              ///< the file `--config` names, or empty
    bool runs_litellm = false;            ///< by image or command
    std::size_t configurations = 0;       ///< how many different ones its LiteLLM containers are started with
    bool counted = true;                  ///< the object says how many pods there are
    std::string address;                  ///< of a live Pod, or empty
};

/// A ConfigMap: LiteLLM's configuration where it holds one, and values short enough to be a variable.
struct Configuration
{
    ObjectName name;
    std::vector<ConfigFile> files;
    std::map<std::string, std::string> values;
    std::set<std::string> variables; ///< that its files take from the environment, as "os.environ/NAME"
    Location location;

    bool has_models() const;
};

/// The ready addresses of a Service, by an identity that is the same in every slice.
struct Addresses
{
    ObjectName service;
    std::set<std::string> ready;
    std::set<ObjectName> pods;     ///< those of `ready` that name a pod
    std::set<std::string> unnamed; ///< the addresses of the others
};

/// Something that changes the replicas of a workload.
struct Autoscaler
{
    std::string kind;
    ObjectName target;
    int most = 1;
};

/// A Gateway in parentRefs, and which of its listeners are meant: all where neither is named.
struct ParentRef
{
    ObjectName gateway;
    std::string section;
    std::string port;
};

/// One backend of one hostname.
struct RouteBackend
{
    Route route; ///< service and instance are still empty
    Labels metadata_labels;
    ObjectName service;
    std::string subset;             ///< of the Service, named in a DestinationRule
    std::vector<ParentRef> parents; ///< Gateways, whose listeners limit the hostnames or have them
    ObjectName delegate;            ///< another HTTPProxy or VirtualService that has the backends, instead of `service`
    bool child = false;             ///< one without hostname: only others lead to it
    std::string unread_host;        ///< a rule for hostnames that is not understood, or empty
    std::string conditions;         ///< what else than hostname and path a request has to have: headers, a method, …
    std::set<std::string> entrances; ///< Ingress class, Gateways or entry points; empty: not known
};

/// A listener of a Gateway.
struct Listener
{
    std::string name;
    std::string host; ///< or empty: every one
    std::string port;
};

/// What routes refer to, beside Services.
struct RouteContext
{
    std::multimap<ObjectName, Listener> listeners;                ///< by Gateway
    std::map<std::pair<ObjectName, std::string>, Labels> subsets; ///< of a DestinationRule, by Service and name
    std::set<std::pair<std::string, ObjectName>> grants;          ///< from namespace, to Service; name "" is every one
};

/// What an object says, as far as it matters: two of one name and content are one object.
struct Statement
{
    std::string object; ///< "Deployment litellm/claude"
    Location location;
    std::string content;
    std::optional<int> replicas; ///< where they are stated
    bool adds = false;           ///< to an earlier one of that name, instead of taking its place
};

/// Everything of the input that matters, in the order it was read.
struct Objects
{
    std::vector<Pods> pods;
    std::vector<Service> services;
    std::vector<Configuration> configurations;
    std::vector<Addresses> slices;    ///< of EndpointSlices
    std::vector<Addresses> endpoints; ///< of the older Endpoints
    std::vector<Autoscaler> autoscalers;
    std::vector<RouteBackend> route_backends;
    RouteContext context;
    std::map<std::string, std::string> external_names; ///< of Services of that type, by "namespace/name"
    std::vector<Statement> statements;                 ///< of every object
};

/// Whether `kind` makes pods.
bool is_workload(std::string const &kind);

/// Name and namespace from metadata.
ObjectName name_of(Value const &object);

/// A map of texts, such as labels; members that are no scalars are left out.
Labels labels_of(Value const &map);

/// Nothing for a fragment without a pod template (a patch), and for a Pod that has ended or is ending.
std::optional<Pods> read_pods(Value const &object, Location const &location);

/// A Service without a selector, or of type ExternalName, is `selectorless`.
Service read_service(Value const &object, Location const &location);

/// Hostnames that a controller gives a Service by annotation (external-dns).
std::vector<RouteBackend> read_service_hosts(Value const &object, std::string const &file);

std::optional<Addresses> read_endpoint_slice(Value const &object);
Addresses read_endpoints(Value const &object);

/// Whether objects of this kind and API group lead hostnames to Services.
bool is_route(std::string_view kind, std::string_view group);

/// The backends of a route of any kind that is_route() knows. Nothing is resolved: see resolved_routes().
std::vector<RouteBackend> read_route(Value const &object, std::string const &file);

/// Gateway, DestinationRule or ReferenceGrant; anything else changes nothing.
void read_route_context(Value const &object, RouteContext &context);

/// The same with hostnames from Gateways, backends of other HTTPProxies and labels of subsets filled in. What is wrong
/// with them is added to `notes` and `unexamined`.
struct ResolvedRoutes
{
    std::vector<RouteBackend> route_backends;
    std::vector<std::string> notes;
    std::vector<std::string> unexamined;
};

ResolvedRoutes resolved_routes(std::vector<RouteBackend> route_backends, RouteContext const &context);

Configuration read_config_map(Value const &object, Location const &location);

} // namespace misroute::k8s
