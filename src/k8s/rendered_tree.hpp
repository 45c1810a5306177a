// SPDX-License-Identifier: Apache-2.0
//
// What rendering adds to the sources: whether a label really is missing where it matters, and where in the sources an
// object comes from.
#pragma once

#include "k8s/collect.hpp"
#include "misroute/model/cluster.hpp"

#include <set>
#include <string>
#include <vector>

namespace misroute::k8s {

/// The gaps that hold in what was rendered: of kustomizations in a rendered tree only those where a Service without the
/// label selects the pods of another instance. Gaps of trees that were not rendered are all kept.
std::vector<LabelGap> proven_gaps(std::vector<LabelGap> gaps, Cluster const &cluster,
                                  std::vector<RenderedTree> const &trees);

/// Gives rendered objects the location of the source whose kind is theirs and whose name is the longest in theirs; an
/// object without one that of the kustomization whose namePrefix it has, else of the root.
void restore_locations(Cluster &cluster, Objects const &sources, std::vector<RenderedTree> const &trees);

/// What of the trees was not examined, as sentences with the command that helps. `concerns` tells whether LiteLLM may
/// be in a folder: of other trees it is only a note.
struct TreeMessages
{
    std::vector<std::string> unexamined;
    std::vector<std::string> notes;
};

TreeMessages messages_of(std::vector<RenderedTree> const &trees, std::set<std::string> const &concerns);

/// `kubectl kustomize FOLDER | misroute k8s -`, for all of these folders.
std::string rendering_command(std::vector<std::string> const &folders);

} // namespace misroute::k8s
