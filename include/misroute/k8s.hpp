// SPDX-License-Identifier: Apache-2.0
//
// From manifests or live objects to a Cluster: which Service selects whose pods. No cluster is asked and no credential
// is needed: what `kubectl get … -o json`, `kubectl kustomize` or `helm template` print is all the input there is.
#pragma once

#include "misroute/model/cluster.hpp"
#include "misroute/model/expectations.hpp"
#include "misroute/model/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace misroute {

/// A text of manifests and the name it has in messages and locations.
struct ManifestText
{
    std::string name;
    std::string text;
};

/// The name of standard input in messages and locations.
inline constexpr char const *k_standard_input = "<stdin>";

/// Reads files, and folders with everything below them that ends in .yaml, .yml or .json (hidden folders are left out);
/// "-" stands for `standard_input`. A path given twice is read once. Throws Error when a path cannot be read.
std::vector<ManifestText> read_manifests(std::vector<std::string> const &paths, std::string const &standard_input);

/// Puts the objects of all texts together. Never throws for what a text contains: documents that cannot be read are in
/// Cluster::problems. Of an object that stands in several texts the last one counts. The order of the result depends on
/// the objects alone.
///
/// Kustomization sources (kustomization.yaml and what it lists) say why, not what: they fill `label_gaps`, and the
/// objects they transform are not examined, because nobody deploys them as they stand.
Cluster load_cluster(std::vector<ManifestText> const &texts, Expectations const &expected);

/// When the newest roll-out of these Deployments (`kubectl get deploy -o json`, also StatefulSets and DaemonSets) was:
/// the latest of their Progressing conditions and `kubectl.kubernetes.io/restartedAt` annotations, in UTC. Nothing when
/// no object carries either.
std::optional<Instant> newest_rollout(std::vector<ManifestText> const &texts);

} // namespace misroute
