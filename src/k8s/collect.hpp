// SPDX-License-Identifier: Apache-2.0
//
// From texts to objects: reads every document of every text, and puts what lives in the cluster as several objects
// (Deployment, ReplicaSet, Pod) together as one workload.
#pragma once

#include "k8s/kustomization.hpp"
#include "k8s/objects.hpp"
#include "misroute/k8s.hpp"

#include <map>
#include <string>
#include <vector>

namespace misroute::k8s {

/// All that the input says.
struct Collected
{
    Objects objects;
    std::vector<Kustomization> kustomizations;
    Objects raw;                       ///< of files that a kustomization changes: nobody deploys them as they stand
    int raw_files = 0;                 ///< how many such files there are
    std::vector<std::string> problems; ///< "file:line: why"
    std::vector<std::string> unparsed; ///< texts of which nothing could be parsed
    std::map<std::string, int> unread; ///< objects of kinds that are not read, by "kind of group"
};

Collected collect(std::vector<ManifestText> const &texts);

/// Workloads that nothing else controls. Pods and ReplicaSets of a workload in the input are dropped; those whose
/// controller is not in the input stand for it, together. Sorted by namespace, name and kind.
std::vector<Pods> controllers(std::vector<Pods> const &pods);

} // namespace misroute::k8s
