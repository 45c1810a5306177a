// SPDX-License-Identifier: Apache-2.0
//
// Hostnames that lead to several instances alike: two Ingresses that name the same one, an HTTPRoute with the backends
// of two. Paths, headers, methods or entrances of their own tell requests apart; what is left is answered by either.
#pragma once

#include "k8s/objects.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::k8s {

/// A path as its prefix: "/", "/*", "/(.*)" and no path at all are the same, as "/v1" and "/v1/*" are.
std::string_view covered_path(std::string_view path);

/// A backend and the instance of its Service, not empty.
struct LedTo
{
    RouteBackend const *route_backend;
    std::string instance;
};

/// By hostname the instances, two at least, that the same of its requests may get to. Rules without a hostname are left
/// out: each load balancer may have one of its own.
std::map<std::string, std::set<std::string>> shared_hosts(std::vector<LedTo> const &all);

} // namespace misroute::k8s
