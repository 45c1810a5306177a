// SPDX-License-Identifier: Apache-2.0
#include "k8s/assembly.hpp"
#include "k8s/collect.hpp"
#include "k8s/rendered_tree.hpp"
#include "misroute/k8s.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace misroute {

namespace {

using namespace k8s;

/// What the raw files say that labels depend on.
RawMaterial sources_of(Collected const &collected)
{
    RawMaterial result;
    for (auto const *objects : {&collected.objects, &collected.raw}) {
        for (auto const &pods : objects->pods) {
            if (pods.runs_litellm) {
                result.litellm.insert(pods.workload.location.file);
            }
        }
        for (auto const &service : objects->services) {
            for (auto const &label : service.selector) {
                result.selected.emplace(service.location.file, label.first);
            }
        }
    }
    return result;
}

/// Folders of kustomizations that may deploy LiteLLM: by a file of theirs, or by what the input does not show.
std::set<std::string> concerned_folders(Collected const &collected, std::vector<SourceText> const &texts,
                                        RawMaterial const &material)
{
    std::set<std::string> folders;
    auto const &all = collected.kustomizations;
    for (auto const &tree : collected.trees) {
        bool const unknown = std::any_of(all.begin(), all.end(), [&](Kustomization const &one) {
            return (one.generates || !one.remote.empty()) && tree.paths.contains(normal_path(one.folder));
        });
        auto const root = std::find_if(all.begin(), all.end(), [&](Kustomization const &one) {
            return normal_path(one.folder) == normal_path(tree.folder);
        });
        if (unknown || root == all.end() || may_run_litellm(*root, all, texts, material)) {
            folders.insert(tree.folder);
        }
    }
    return folders;
}

} // namespace

Cluster load_cluster(std::vector<ManifestText> const &texts, Expectations const &expected)
{
    auto collected = collect(texts);
    std::vector<SourceText> sources;
    for (auto const &text : texts) {
        if (text.rendered_from.empty()) {
            sources.push_back({text.name, text.text});
        }
    }
    auto const material = sources_of(collected);
    auto gaps = label_gaps(collected.kustomizations, sources, material);
    auto const trees = collected.trees;
    auto const raw = trees.empty() ? Objects{} : collected.raw;
    auto const messages = messages_of(trees, concerned_folders(collected, sources, material));
    auto cluster = Assembly{std::move(collected), expected}.assemble();
    cluster.label_gaps = proven_gaps(std::move(gaps), cluster, trees);
    restore_locations(cluster, raw, trees);
    std::ranges::copy(messages.unexamined, std::back_inserter(cluster.unexamined));
    std::ranges::copy(messages.notes, std::back_inserter(cluster.notes));
    return cluster;
}

} // namespace misroute
