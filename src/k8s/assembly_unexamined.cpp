// SPDX-License-Identifier: Apache-2.0
#include "k8s/assembly.hpp"
#include "k8s/rendered_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace misroute::k8s {

namespace {

Location const &location_of(Pods const &pods)
{
    return pods.workload.location;
}

Location const &location_of(Service const &service)
{
    return service.location;
}

} // namespace

/// The kustomizations to render so that no file is examined as it stands; a few of them, where they are many.
std::vector<std::string> Assembly::raw_roots() const
{
    constexpr std::size_t most = 4;
    std::vector<std::string> folders;
    for (auto const &root : roots_of(m_collected.kustomizations)) {
        auto const tree = tree_of(m_collected.kustomizations, root.folder);
        bool const concerned = std::any_of(m_collected.raw_files.begin(), m_collected.raw_files.end(),
                                           [&](std::string const &file) { return tree.contains(normal_path(file)); });
        if (concerned && folders.size() < most) {
            folders.push_back(root.folder.empty() ? "." : root.folder);
        }
    }
    return folders.empty() ? std::vector<std::string>{"FOLDER"} : folders;
}

/// Every workload and Service of the files that a kustomization changes stands rendered in the input, too.
void Assembly::name_raw_material()
{
    std::set<std::string> missing;
    auto const told = [this](auto const &one) { return m_collected.raw_files.contains(location_of(one).file); };
    auto const find = [&](auto const &wanted, auto const &present, auto const &name_of_one) {
        for (auto const &one : wanted) {
            auto const &name = name_of_one(one).name;
            if (!told(one)) {
                continue;
            }
            bool const found = std::any_of(present.begin(), present.end(), [&](auto const &other) {
                return name_of_one(other).name.find(name) != std::string::npos;
            });
            if (!found) {
                missing.insert(name);
            }
        }
    };
    find(m_collected.raw.pods, m_pods, [](Pods const &pods) -> ObjectName const & { return pods.workload.name; });
    find(m_collected.raw.services, m_cluster.services,
         [](Service const &service) -> ObjectName const & { return service.name; });
    auto const files = m_collected.raw_files.size();
    if (files == 0) {
        return;
    }
    auto text = fmt::format("{} {} that a kustomization changes {} not examined as {} stand{}: pipe in what it renders "
                            "to: `{}`",
                            files, files == 1 ? "file" : "files", files == 1 ? "was" : "were",
                            files == 1 ? "it" : "they", files == 1 ? "s" : "", rendering_command(raw_roots()));
    (missing.empty() ? m_cluster.notes : m_cluster.unexamined).push_back(std::move(text));
}

void Assembly::name_unexamined()
{
    name_raw_material();
    for (auto const &[kind, count] : m_collected.unread) {
        m_cluster.unexamined.push_back(
            fmt::format("{} {} not read: render {} and pipe the objects in, or give those that "
                        "are live",
                        count == 1 ? "one " + kind : fmt::format("{} objects {}", count, kind),
                        count == 1 ? "is" : "are", count == 1 ? "it" : "them"));
    }
    for (auto const &pods : m_pods) {
        if (pods.configurations > 1) {
            m_cluster.unexamined.push_back(fmt::format(
                "{} {} runs {} LiteLLM containers in each pod, each with a configuration of its own: only the "
                "first was examined, and not which of them a Service reaches",
                pods.workload.kind, pods.workload.name.text(), pods.configurations));
        }
    }
    auto const &workloads = m_cluster.workloads;
    auto const runs = [](Workload const &workload) { return !workload.instance.empty(); };
    bool const any = std::any_of(workloads.begin(), workloads.end(), runs);
    bool const selected =
        std::any_of(m_cluster.services.begin(), m_cluster.services.end(), [&](Service const &service) {
            return std::any_of(service.workloads.begin(), service.workloads.end(),
                               [&](std::size_t index) { return runs(workloads[index]); });
        });
    if (workloads.empty() && !m_cluster.services.empty()) {
        m_cluster.unexamined.emplace_back("no workload in the input: whose pods the Services select is not known");
    } else if (!workloads.empty() && !any) {
        m_cluster.unexamined.emplace_back("no LiteLLM in the input, as far as images, commands and ConfigMaps say: "
                                          "name its workload in misroute.yaml "
                                          "where it runs under another name");
    } else if (any && m_cluster.services.empty()) {
        m_cluster.unexamined.emplace_back("no Service in the input: who reaches LiteLLM's pods is not known");
    } else if (any && !selected) {
        m_cluster.unexamined.emplace_back("no Service in the input selects LiteLLM's pods");
    }
}

} // namespace misroute::k8s
