// SPDX-License-Identifier: Apache-2.0
#include "detect/remedy_search.hpp"

#include "detect/cluster_words.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace misroute {

namespace {

using Label = std::pair<std::string, std::string>;

/// Words in the key of a label that another release changes.
constexpr std::array<std::string_view, 13> k_release_words{"version", "sha",      "hash",      "chart",     "checksum",
                                                           "commit",  "build",    "revision",  "timestamp", "date",
                                                           "image",   "heritage", "managed-by"};

/// Labels for pods, in the order in which they are tried.
constexpr std::array<std::string_view, 3> k_new_keys{"app.kubernetes.io/instance", "instance", "litellm-instance"};

bool is_hexadecimal(std::string const &text)
{
    bool const digits = text.find_first_not_of("0123456789abcdef") == std::string::npos;
    return digits && text.size() >= 7 && text.find_first_of("0123456789") != std::string::npos;
}

Labels patched(Labels labels, LabelPatch const &patch)
{
    for (auto const &[key, value] : patch.labels) {
        if (value) {
            labels[key] = *value;
        } else {
            labels.erase(key);
        }
    }
    return labels;
}

bool holds(Labels const &wanted, Labels const &labels)
{
    return std::all_of(wanted.begin(), wanted.end(), [&](Label const &label) {
        auto const found = labels.find(label.first);
        return found != labels.end() && found->second == label.second;
    });
}

/// What the Service selects beside Jobs, whose pods come and go.
std::vector<std::size_t> lasting(Cluster const &cluster, Service const &service)
{
    auto workloads = service.workloads;
    std::erase_if(workloads, [&](std::size_t index) { return cluster.workloads[index].runs_to_completion(); });
    return workloads;
}

bool is_usable(Label const &label)
{
    return is_plain(label.first) && is_plain(label.second) && !changes_with_releases(label.first, label.second);
}

/// Labels that all of these workloads have, the well-known ones first.
std::vector<Label> common_labels(Cluster const &cluster, std::vector<std::size_t> const &own, Labels Workload::*labels)
{
    std::vector<Label> result;
    for (auto const &label : cluster.workloads[own.front()].*labels) {
        if (is_usable(label) && std::all_of(own.begin(), own.end(), [&](std::size_t index) {
                return holds({label}, cluster.workloads[index].*labels);
            })) {
            result.emplace_back(label);
        }
    }
    std::stable_sort(result.begin(), result.end(), [](Label const &left, Label const &right) {
        auto const rank = [](Label const &label) {
            return std::find(k_new_keys.begin(), k_new_keys.end(), label.first) - k_new_keys.begin();
        };
        return rank(left) < rank(right);
    });
    return result;
}

/// The selector with the label, and without what the own pods do not have.
LabelPatch selector_patch(Cluster const &cluster, std::size_t service, Workload const &own, Label const &label)
{
    LabelPatch patch{false, service, {{label.first, label.second}}};
    for (auto const &wanted : cluster.services[service].selector) {
        if (!is_generated_label(wanted.first) && !holds({wanted}, own.pod_labels) && wanted.first != label.first) {
            patch.labels[wanted.first] = std::nullopt;
        }
    }
    return patch;
}

/// The change that gives the pods the label first.
Change with_pods(Cluster const &cluster, std::size_t service, std::vector<std::size_t> const &own, Label const &label)
{
    Change change;
    for (auto const index : own) {
        change.push_back({true, index, {{label.first, label.second}}});
    }
    change.push_back(selector_patch(cluster, service, cluster.workloads[own.front()], label));
    return change;
}

std::vector<Change> candidates(Cluster const &cluster, std::size_t service, std::vector<std::size_t> const &own)
{
    std::vector<Change> result;
    auto const &first = cluster.workloads[own.front()];
    for (auto const &label : common_labels(cluster, own, &Workload::pod_labels)) {
        result.push_back({selector_patch(cluster, service, first, label)});
    }
    for (auto const &label : common_labels(cluster, own, &Workload::metadata_labels)) {
        result.push_back(with_pods(cluster, service, own, label));
    }
    auto value = cluster.services[service].instance;
    std::replace(value.begin(), value.end(), '/', '-');
    for (auto const key : k_new_keys) {
        if (is_plain(value)) {
            result.push_back(with_pods(cluster, service, own, {std::string{key}, value}));
        }
    }
    return result;
}

/// Templates of these kinds are rolled out; labels of a bare Pod, a ReplicaSet or a Job reach no pod that runs.
bool can_be_rolled_out(Workload const &workload)
{
    constexpr std::array<std::string_view, 6> kinds{"Deployment", "StatefulSet",      "DaemonSet",
                                                    "Rollout",    "DeploymentConfig", "CloneSet"};
    return std::find(kinds.begin(), kinds.end(), workload.kind) != kinds.end();
}

bool pods_hold(Cluster const &before, Cluster const &after, Change const &change)
{
    return std::all_of(change.begin(), change.end(), [&](LabelPatch const &patch) {
        if (!patch.pods) {
            return true;
        }
        auto const &old = before.workloads[patch.index];
        bool const changes = std::any_of(patch.labels.begin(), patch.labels.end(), [&](auto const &label) {
            // Another value of a label that pods have may mean something elsewhere.
            return old.pod_labels.contains(label.first) && old.pod_labels.at(label.first) != label.second;
        });
        return !changes && can_be_rolled_out(old) && holds(old.match_labels, after.workloads[patch.index].pod_labels);
    });
}

} // namespace

bool changes_with_releases(std::string const &key, std::string const &value)
{
    bool const named_so = std::any_of(k_release_words.begin(), k_release_words.end(),
                                      [&](std::string_view word) { return key.find(word) != std::string::npos; });
    return named_so || is_generated_label(key) || is_hexadecimal(value);
}

Cluster applied(Cluster cluster, Change const &change)
{
    for (auto const &patch : change) {
        auto &labels = patch.pods ? cluster.workloads[patch.index].pod_labels : cluster.services[patch.index].selector;
        labels = patched(labels, patch);
    }
    select_workloads(cluster);
    return cluster;
}

Change entry_change(Cluster const &cluster, std::string const &space, std::string const &key, std::string const &value)
{
    Change change;
    auto const concerned = [&](auto const &object) {
        return object.name.space == space && holds({{key, value}}, object.metadata_labels);
    };
    for (std::size_t index = 0; index < cluster.workloads.size(); ++index) {
        if (concerned(cluster.workloads[index])) {
            change.push_back({true, index, {{key, value}}});
        }
    }
    for (std::size_t index = 0; index < cluster.services.size(); ++index) {
        if (concerned(cluster.services[index]) && !cluster.services[index].selectorless) {
            change.push_back({false, index, {{key, value}}});
        }
    }
    return change;
}

std::vector<std::size_t> own_workloads(Cluster const &cluster, Service const &service)
{
    auto const is_own = [&](std::size_t index) {
        auto const &workload = cluster.workloads[index];
        return workload.instance == service.instance && workload.name.space == service.name.space &&
               !workload.runs_to_completion();
    };
    auto own = lasting(cluster, service);
    std::erase_if(own, [&](std::size_t index) { return !is_own(index); });
    if (!own.empty()) {
        return own;
    }
    for (std::size_t index = 0; index < cluster.workloads.size(); ++index) {
        if (is_own(index)) {
            own.push_back(index);
        }
    }
    for (auto const index : own) {
        if (cluster.workloads[index].name == service.name) {
            return {index};
        }
    }
    return own.size() == 1 ? own : std::vector<std::size_t>{};
}

bool is_proven(Cluster const &before, Change const &change, std::size_t service)
{
    auto const after = applied(before, change);
    if (!pods_hold(before, after, change)) {
        return false;
    }
    std::set<std::size_t> patched_services;
    for (auto const &patch : change) {
        if (!patch.pods) {
            patched_services.insert(patch.index);
        }
    }
    for (std::size_t index = 0; index < before.services.size(); ++index) {
        auto const &old = before.services[index];
        bool const repaired = index == service || (patched_services.contains(index) && !old.instance.empty());
        auto const now = lasting(after, after.services[index]);
        if (now != (repaired ? own_workloads(before, old) : lasting(before, old))) {
            return false;
        }
    }
    return true;
}

std::optional<Change> find_change(Cluster const &cluster, std::size_t service)
{
    auto const own = own_workloads(cluster, cluster.services[service]);
    if (own.empty()) {
        return std::nullopt;
    }
    for (auto &candidate : candidates(cluster, service, own)) {
        if (is_proven(cluster, candidate, service)) {
            return std::move(candidate);
        }
    }
    return std::nullopt;
}

} // namespace misroute
