// SPDX-License-Identifier: Apache-2.0
#include "k8s/collect.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace misroute::k8s {

namespace {

struct Identity
{
    std::string kind;
    ObjectName name;
    auto operator<=>(Identity const &) const = default;
};

using Index = std::map<Identity, std::size_t>;

Identity identity_of(Workload const &workload)
{
    return {workload.kind, workload.name};
}

Labels without_generated(Labels labels)
{
    std::erase_if(labels, [](auto const &label) { return is_generated_label(label.first); });
    return labels;
}

Identity deployment_behind(Pods const &pods)
{
    auto const owner = controller_of(pods);
    return {owner.kind, {pods.workload.name.space, owner.name}};
}

/// The later of two objects with one name counts.
std::vector<Pods> latest(std::vector<Pods> const &pods)
{
    std::map<Identity, Pods const *> last;
    for (auto const &one : pods) {
        last[identity_of(one.workload)] = &one;
    }
    std::vector<Pods> result;
    result.reserve(last.size());
    for (auto const &[identity, one] : last) {
        result.push_back(*one);
    }
    return result;
}

/// A workload that only its pods or ReplicaSets show.
Pods stand_in(Pods const &part, Identity const &controller)
{
    auto result = part;
    result.owner = {};
    result.workload.kind = controller.kind;
    result.workload.name = controller.name;
    result.workload.metadata_labels = without_generated(part.workload.metadata_labels);
    result.workload.pod_labels = without_generated(part.workload.pod_labels);
    result.workload.match_labels.clear();
    return result;
}

} // namespace

/// The ReplicaSet's name ends in the hash of the template.
Owner controller_of(Pods const &pods)
{
    auto const hash = pods.workload.pod_labels.find("pod-template-hash");
    auto const &owner = pods.owner;
    auto const suffix = hash == pods.workload.pod_labels.end() ? std::string{} : "-" + hash->second;
    bool const named_so = suffix.size() > 1 && owner.name.size() > suffix.size() &&
                          owner.name.compare(owner.name.size() - suffix.size(), suffix.size(), suffix) == 0;
    if (owner.kind != "ReplicaSet" || !named_so) {
        return owner;
    }
    return {"Deployment", owner.name.substr(0, owner.name.size() - suffix.size())};
}

std::vector<Pods> controllers(std::vector<Pods> const &pods)
{
    auto const all = latest(pods);
    std::set<Identity> present;
    for (auto const &one : all) {
        present.insert(identity_of(one.workload));
    }
    std::vector<Pods> result;
    std::map<Identity, Pods> stand_ins;
    for (auto const &one : all) {
        if (one.owner.none()) {
            result.push_back(one);
            continue;
        }
        auto const controller = deployment_behind(one);
        ObjectName const owner{one.workload.name.space, one.owner.name};
        bool const spare = one.workload.kind == "ReplicaSet" && one.workload.replicas == 0;
        if (spare || present.contains(controller) || present.contains({one.owner.kind, owner})) {
            continue;
        }
        auto const [found, fresh] = stand_ins.emplace(controller, stand_in(one, controller));
        found->second.workload.replicas += fresh ? 0 : one.workload.replicas;
    }
    for (auto &[identity, one] : stand_ins) {
        result.push_back(std::move(one));
    }
    std::sort(result.begin(), result.end(), [](Pods const &left, Pods const &right) {
        return std::tie(left.workload.name, left.workload.kind) < std::tie(right.workload.name, right.workload.kind);
    });
    return result;
}

} // namespace misroute::k8s
