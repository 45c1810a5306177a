// SPDX-License-Identifier: Apache-2.0
//
// From manifests or live objects to a Cluster: which Service selects whose pods. No cluster is asked and no credential
// is needed: what `kubectl get … -o json`, `kubectl kustomize` or `helm template` print is all the input there is.
#pragma once

#include "misroute/model/cluster.hpp"
#include "misroute/model/expectations.hpp"
#include "misroute/model/time.hpp"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// A text of manifests and the name it has in messages and locations.
struct ManifestText
{
    std::string name;
    std::string text;
    std::string rendered_from{}; ///< the folder of the kustomization that this is the rendering of, or empty
    std::string failure{};       ///< why that folder could not be rendered; then there is no text
};

/// What a kustomization renders to, or why it does not.
struct Rendering
{
    std::string output;
    std::string failure;
};

/// Renders the kustomization of a folder.
using Renderer = std::function<Rendering(std::string const &folder)>;

/// The name of standard input in messages and locations.
inline constexpr char const *k_standard_input = "<stdin>";

/// Reads files, and folders with everything below them that ends in .yaml, .yml or .json (hidden folders are left out);
/// "-" stands for `standard_input`. A path given twice is read once. Throws Error when a path cannot be read.
std::vector<ManifestText> read_manifests(std::vector<std::string> const &paths, std::string const &standard_input);

/// `kubectl kustomize` or `kustomize build`, whichever stands first in `path` (as PATH has it; relative folders of it
/// are not searched); one that says so when there is neither. The program gets no network and no plugins, 30 seconds
/// for one folder and two minutes for all, and is ended on `stop`.
Renderer kustomize_renderer(std::string_view path, std::stop_token stop);

/// Adds the renderings of the kustomizations that no other one of the input names and that change what they list, or
/// generate more; not of those whose objects stand in the input already, as they do when the rendering is piped in.
std::vector<ManifestText> rendered(std::vector<ManifestText> texts, Renderer const &renderer);

/// Puts the objects of all texts together. Never throws for what a text contains: documents that cannot be read are in
/// Cluster::problems. Of an object that stands in several texts the last one counts. The order of the result depends on
/// the objects alone.
///
/// Kustomization sources (kustomization.yaml and what it lists) say why, not what: they fill `label_gaps`, and the
/// objects they transform are not examined, because nobody deploys them as they stand. What they were rendered to is,
/// and its objects have the location of their sources.
Cluster load_cluster(std::vector<ManifestText> const &texts, Expectations const &expected);

/// When the newest roll-out of these Deployments (`kubectl get deploy -o json`, also StatefulSets and DaemonSets) was:
/// the latest of their Progressing conditions and `kubectl.kubernetes.io/restartedAt` annotations, in UTC. Nothing when
/// no object carries either.
std::optional<Instant> newest_rollout(std::vector<ManifestText> const &texts);

} // namespace misroute
