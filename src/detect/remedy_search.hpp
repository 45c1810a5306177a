// SPDX-License-Identifier: Apache-2.0
//
// Looks for a change that ends a Service's reach into another instance: each candidate is applied to a copy of the
// cluster, and the copy is examined again. A change that is not proven is never printed.
#pragma once

#include "misroute/model/cluster.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace misroute {

/// A merge patch of labels: of a Service's selector, or of the labels of a workload's pods. Nothing is null: the label
/// goes.
struct LabelPatch
{
    bool pods = false;
    std::size_t index = 0; ///< in Cluster::services or Cluster::workloads
    std::map<std::string, std::optional<std::string>> labels;
};

/// Patches in the order in which they are applied: pods first.
using Change = std::vector<LabelPatch>;

/// The cluster with the change applied, and every selector followed again.
Cluster applied(Cluster cluster, Change const &change);

/// What a kustomization's entry does that gives a label to pods and to selectors that exist: to every object that has
/// the label in its metadata, in the namespace.
Change entry_change(Cluster const &cluster, std::string const &space, std::string const &key, std::string const &value);

/// The pods that a Service is meant to select: those of its instance that it selects now; else the workload of its
/// instance that has its name, or the only one.
std::vector<std::size_t> own_workloads(Cluster const &cluster, Service const &service);

/// The Service selects its own pods and nothing else (Jobs aside), no other Service loses or gains a workload, and
/// matchLabels hold. Services of `also` may lose workloads of other instances, too.
bool is_proven(Cluster const &before, Change const &change, std::size_t service);

/// The first proven change, in order of how little it changes: one label in the selector; one that replaces others; a
/// label for the pods and the selector. Labels that change with releases are never used.
std::optional<Change> find_change(Cluster const &cluster, std::size_t service);

/// Whether the label changes with each release: a version, a hash, a chart.
bool changes_with_releases(std::string const &key, std::string const &value);

} // namespace misroute
