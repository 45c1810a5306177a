// SPDX-License-Identifier: Apache-2.0
#include "k8s/rendered_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace misroute::k8s {

namespace {

namespace fs = std::filesystem;

RenderedTree const *tree_at(Location const &location, std::vector<RenderedTree> const &trees)
{
    auto const found = std::find_if(trees.begin(), trees.end(), [&](RenderedTree const &tree) {
        return tree.failure.empty() && tree.file == location.file;
    });
    return found == trees.end() ? nullptr : &*found;
}

/// The label is missing where it matters: the Service sends requests to another instance, and does not select by it.
bool lacks(Service const &service, std::string const &label, Cluster const &cluster)
{
    bool const foreign = std::any_of(service.workloads.begin(), service.workloads.end(), [&](std::size_t index) {
        auto const &instance = cluster.workloads[index].instance;
        return !instance.empty() && instance != service.instance;
    });
    return foreign && !service.selector.contains(label);
}

bool holds_in(RenderedTree const &tree, LabelGap const &gap, Cluster const &cluster)
{
    return std::any_of(cluster.services.begin(), cluster.services.end(), [&](Service const &service) {
        return service.location.file == tree.file && lacks(service, gap.label, cluster);
    });
}

/// The better of two sources for an object of this name, by how much of the name they have.
struct Origin
{
    std::string_view name;
    Location const *location = nullptr;

    void offer(std::string const &rendered, std::string const &source, Location const &at)
    {
        if (rendered.find(source) != std::string::npos && source.size() > name.size()) {
            name = source;
            location = &at;
        }
    }
};

/// The kustomization that names the object so, else the root.
std::string const &file_for(std::string const &name, RenderedTree const &tree)
{
    auto const found = std::find_if(tree.prefixes.begin(), tree.prefixes.end(),
                                    [&](auto const &prefix) { return name.starts_with(prefix.first); });
    return found == tree.prefixes.end() ? tree.file : found->second;
}

void restore(Location &location, std::string const &name, RenderedTree const &tree, Origin const &origin)
{
    location = origin.location != nullptr ? *origin.location : Location{file_for(name, tree), 1};
}

bool belongs(Location const &location, RenderedTree const &tree)
{
    return tree.paths.contains(normal_path(location.file));
}

/// Names and locations are those of the object itself and of each of `candidates` that `offered` hands on.
template <class Object, class Candidate, class Offered>
void restore_all(std::vector<RenderedTree> const &trees, std::vector<Object> &all,
                 std::vector<Candidate> const &candidates, Offered const &offered)
{
    for (auto &one : all) {
        auto const *const tree = tree_at(one.location, trees);
        if (tree == nullptr) {
            continue;
        }
        Origin origin;
        for (auto const &candidate : candidates) {
            auto const *const source = offered(candidate, one);
            if (source != nullptr && belongs(source->location, *tree)) {
                origin.offer(one.name.name, source->name.name, source->location);
            }
        }
        restore(one.location, one.name.name, *tree, origin);
    }
}

std::string shell_path(std::string const &path)
{
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-+@:,=";
    if (!path.empty() && path.find_first_not_of(plain) == std::string::npos && path.front() != '-') {
        return path;
    }
    std::string quoted = path.starts_with('-') ? "'./" : "'";
    for (char const letter : path) {
        quoted += letter == '\'' ? std::string{"'\\''"} : std::string{letter};
    }
    return quoted + "'";
}

} // namespace

std::vector<LabelGap> proven_gaps(std::vector<LabelGap> gaps, Cluster const &cluster,
                                  std::vector<RenderedTree> const &trees)
{
    std::erase_if(gaps, [&](LabelGap const &gap) {
        auto const folder = normal_path(fs::path{gap.location.file}.parent_path().string());
        bool rendered = false;
        for (auto const &tree : trees) {
            bool const part = tree.failure.empty() && tree.left_out.empty() && tree.paths.contains(folder);
            if (part && holds_in(tree, gap, cluster)) {
                return false;
            }
            rendered = rendered || part;
        }
        return rendered;
    });
    return gaps;
}

void restore_locations(Cluster &cluster, Objects const &sources, std::vector<RenderedTree> const &trees)
{
    restore_all(trees, cluster.workloads, sources.pods, [](Pods const &pods, Workload const &one) {
        return pods.workload.kind == one.kind ? &pods.workload : nullptr;
    });
    restore_all(trees, cluster.services, sources.services,
                [](Service const &service, Service const & /*one*/) { return &service; });
    restore_all(trees, cluster.routes, sources.route_backends, [](RouteBackend const &backend, Route const &one) {
        return backend.route.kind == one.kind ? &backend.route : nullptr;
    });
}

std::string rendering_command(std::vector<std::string> const &folders)
{
    if (folders.size() == 1) {
        return fmt::format("kubectl kustomize {} | misroute k8s -", shell_path(folders.front()));
    }
    std::string all;
    for (auto const &folder : folders) {
        all += fmt::format("{}kubectl kustomize {}", all.empty() ? "" : "; echo ---; ", shell_path(folder));
    }
    return fmt::format("({}) | misroute k8s -", all);
}

TreeMessages messages_of(std::vector<RenderedTree> const &trees, std::set<std::string> const &concerns)
{
    TreeMessages messages;
    std::string first;
    for (auto const &tree : trees) {
        if (!tree.failure.empty()) {
            auto &into = concerns.contains(tree.folder) ? messages.unexamined : messages.notes;
            into.push_back(fmt::format("{} was not rendered: {}. Pipe it in from where that works: `{}`", tree.file,
                                       tree.failure, rendering_command({tree.folder})));
        } else if (!tree.left_out.empty()) {
            messages.unexamined.push_back(
                fmt::format("{} was not examined: it renders another {} than {} does, so both cannot stand in one "
                            "namespace. Examine it by itself: `{}`",
                            tree.file, tree.left_out, first, rendering_command({tree.folder})));
        } else if (first.empty()) {
            first = tree.file;
        }
    }
    return messages;
}

} // namespace misroute::k8s
