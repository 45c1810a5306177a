// SPDX-License-Identifier: Apache-2.0
//
// What ends a Service's reach into another instance, as commands and patches, in the order that keeps it answering.
#pragma once

#include "misroute/model/cluster.hpp"
#include "misroute/model/finding.hpp"

#include <string>
#include <vector>

namespace misroute {

/// Whether any of the steps changes something.
bool has_patch(std::vector<Step> const &steps);

/// A patch that an earlier finding has already is referred to, not printed again.
std::vector<Finding> printed_once(std::vector<Finding> findings);

/// Steps for a Service whose `instance` is known. Pods first, then the Service: a selector that no pod meets yet leaves
/// it without endpoints. `matchLabels` of a Deployment cannot be changed (API reference, DeploymentSpec.selector), so
/// the steps keep away from it and say what `includeSelectors: true` would cost.
std::vector<Step> selector_remedy(Cluster const &cluster, Service const &service);

/// The same in general, where no manifest shows which Service it is. `kubectl` names the namespace and ends in a blank;
/// it and `workload` are quoted for a shell.
std::vector<Step> selector_remedy(std::string const &kubectl, std::string const &workload, std::string const &instance);

/// The entry of a kustomization that brings a label to pods and to the selectors that Services have, and to nothing
/// else: a Service without a selector keeps none.
std::string kustomize_entry(std::string const &key, std::string const &value);

/// The command that shows the ready addresses of a Service.
std::string endpoints_command(ObjectName const &service);

} // namespace misroute
