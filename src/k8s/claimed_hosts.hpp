// SPDX-License-Identifier: Apache-2.0
//
// Configured hostnames that no rule names: a wildcard leads them on, or a rule for every hostname may.
#pragma once

#include "k8s/objects.hpp"
#include "misroute/model/expectations.hpp"

#include <map>
#include <string>
#include <vector>

namespace misroute::k8s {

/// A backend more for each configured hostname without a rule of its own, of the longest wildcard that it fits. The
/// wildcard of an Ingress or an HTTPProxy stands for one label, that of others for any number.
std::vector<RouteBackend> claimed_hosts(std::vector<RouteBackend> const &route_backends, Expectations const &expected);

/// The configured hostnames that no rule and no wildcard names, and the instance of each.
std::map<std::string, std::size_t> unclaimed_hosts(std::vector<RouteBackend> const &route_backends,
                                                   Expectations const &expected);

} // namespace misroute::k8s
