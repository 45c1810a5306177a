// SPDX-License-Identifier: Apache-2.0
//
// What the kinds that lead hostnames to Services have in common, and the function that reads each. A kind has a file of
// its own; routes.cpp has the table of all.
#pragma once

#include "k8s/objects.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace misroute::k8s {

/// Stands for every hostname, where a rule names none.
inline constexpr char const *k_any_host = "*";

using RouteBackends = std::vector<RouteBackend>;

/// The parts that all backends of one object share.
RouteBackend route_backend_of(Value const &object);

/// The backend with a hostname (k_any_host where it is empty) that leads to a Service.
RouteBackend to_service(RouteBackend route_backend, std::string const &host, ObjectName service, Location location);

/// A reference with a namespace of its own, else the route's.
ObjectName referred(Value const &reference, std::string const &space);

/// A reference to a Service that gets requests at all.
bool is_live(Value const &reference);

/// "claude.ai" and "claude.ai.svc.cluster.local", as Istio and ExternalName write a Service; else the namespace is
/// `space`.
ObjectName service_of_host(std::string const &host, std::string const &space);

/// The items of a list of hostnames.
std::vector<std::string> hosts_of(Value const &list);

/// The names in a list with commas, as hostnames are written.
std::vector<std::string> listed(std::string_view text);

/// All texts below a value, in order: what a condition says, for comparison with another.
std::string words_of(Value const &value);

/// Readers of one object each; `file` is that of the object. Nothing is resolved: see resolved_routes().
RouteBackends read_ingress(Value const &object, std::string const &file);
RouteBackends read_gateway_route(Value const &object, std::string const &file);
RouteBackends read_traefik_route(Value const &object, std::string const &file);
RouteBackends read_virtual_service(Value const &object, std::string const &file);
RouteBackends read_openshift_route(Value const &object, std::string const &file);
RouteBackends read_http_proxy(Value const &object, std::string const &file);

} // namespace misroute::k8s
