// SPDX-License-Identifier: Apache-2.0
//
// From texts to objects: reads every document of every text, and puts what lives in the cluster as several objects
// (Deployment, ReplicaSet, Pod) together as one workload.
#pragma once

#include "k8s/kustomization.hpp"
#include "k8s/objects.hpp"
#include "misroute/k8s.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace misroute::k8s {

/// A kustomization that was rendered, or should have been.
struct RenderedTree
{
    std::string file;                            ///< that of the kustomization, which its objects have as location
    std::string folder;                          ///< its folder
    std::set<std::string> paths;                 ///< what it is made of
    std::string failure;                         ///< why it was not rendered, or empty
    std::map<std::string, std::string> prefixes; ///< `namePrefix` of its kustomizations, and the file of each
    std::string left_out; ///< an object of it that an earlier tree has differently; then none of it is used
};

/// All that the input says.
struct Collected
{
    Objects objects;
    std::vector<Kustomization> kustomizations;
    std::vector<RenderedTree> trees;
    Objects raw;                       ///< of files that a kustomization changes: nobody deploys them as they stand
    std::set<std::string> raw_files;   ///< such files, but for those of `trees`
    std::vector<std::string> problems; ///< "file:line: why"
    std::vector<std::string> unparsed; ///< texts of which nothing could be parsed
    std::map<std::string, int> unread; ///< objects of kinds that are not read, by "kind of group"
};

Collected collect(std::vector<ManifestText> const &texts);

/// Workloads that nothing else controls. Pods and ReplicaSets of a workload in the input are dropped; those whose
/// controller is not in the input stand for it, together. Sorted by namespace, name and kind.
std::vector<Pods> controllers(std::vector<Pods> const &pods);

/// The controller of a pod; the Deployment where the name of its ReplicaSet says which that is.
Owner controller_of(Pods const &pods);

} // namespace misroute::k8s
