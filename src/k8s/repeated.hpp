// SPDX-License-Identifier: Apache-2.0
//
// One name with two different objects: what two overlays or charts print that leave the namespace to kubectl or Helm.
#pragma once

#include "k8s/objects.hpp"

#include <string>
#include <vector>

namespace misroute::k8s {

Statement statement_of(Pods const &pods);
Statement statement_of(Configuration const &configuration);

/// Of an Ingress, a VirtualService, …, by its backends.
Statement statement_of_route(Value const &object, std::vector<RouteBackend> const &route_backends,
                             Location const &location);

/// Of a Service, without its selector, and of what routes refer to (Gateway, DestinationRule, ReferenceGrant).
Statement statement_of_service(Value const &object, std::vector<RouteBackend> const &hosts, Location const &location);
Statement statement_of_context(Value const &object, Location const &location);

/// Two objects of one name that say different things, the earlier one first.
struct Repeated
{
    Statement first;
    Statement second;
};

/// Those among `later`, and between them and `earlier`.
std::vector<Repeated> repeated(std::vector<Statement> const &earlier, std::vector<Statement> const &later);

} // namespace misroute::k8s
