// SPDX-License-Identifier: Apache-2.0
#include "k8s/pod_owners.hpp"

#include "k8s/collect.hpp"

#include <array>
#include <string_view>

namespace misroute::k8s {

namespace {

/// Pod, ReplicaSet, Deployment, and one for an operator.
constexpr int k_most_owners = 4;

std::string key_of(std::string const &kind, ObjectName const &name)
{
    return kind + " " + name.text();
}

/// Kinds that name their pods after themselves, with at most so many parts behind: "claude-7d9f-x2x5x" of a Deployment.
struct NamedPods
{
    char const *kind;
    int parts;
};

constexpr std::array<NamedPods, 8> k_named_pods{{{"Deployment", 2},
                                                 {"Rollout", 2},
                                                 {"DeploymentConfig", 2},
                                                 {"ReplicaSet", 1},
                                                 {"ReplicationController", 1},
                                                 {"StatefulSet", 1},
                                                 {"DaemonSet", 1},
                                                 {"CloneSet", 1}}};

} // namespace

PodOwners::PodOwners(std::vector<Pods> const &all, std::vector<Pods> const &workloads)
{
    for (auto const &one : all) {
        m_objects[key_of(one.workload.kind, one.workload.name)] = &one;
        if (!one.address.empty()) {
            m_by_address[one.address] = &one;
        }
    }
    for (std::size_t index = 0; index < workloads.size(); ++index) {
        m_workloads.emplace(key_of(workloads[index].workload.kind, workloads[index].workload.name), index);
    }
}

std::optional<std::size_t> PodOwners::of_object(Pods const &object) const
{
    auto const *one = &object;
    for (int depth = 0; depth < k_most_owners; ++depth) {
        auto const &space = one->workload.name.space;
        auto const controller = controller_of(*one);
        auto const key = one->owner.none() ? key_of(one->workload.kind, one->workload.name)
                                           : key_of(controller.kind, {space, controller.name});
        if (auto const found = m_workloads.find(key); found != m_workloads.end()) {
            return found->second;
        }
        auto const owner = m_objects.find(key_of(one->owner.kind, {space, one->owner.name}));
        if (owner == m_objects.end()) {
            return std::nullopt;
        }
        one = owner->second;
    }
    return std::nullopt;
}

std::optional<std::size_t> PodOwners::of_name(ObjectName const &pod) const
{
    auto rest = pod.name;
    for (int parts = 1; parts <= 2; ++parts) {
        auto const dash = rest.rfind('-');
        if (dash == std::string::npos || dash == 0) {
            return std::nullopt;
        }
        rest.resize(dash);
        for (auto const &named : k_named_pods) {
            auto const found = m_workloads.find(key_of(named.kind, {pod.space, rest}));
            if (parts <= named.parts && found != m_workloads.end()) {
                return found->second;
            }
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> PodOwners::of_pod(ObjectName const &pod) const
{
    auto const found = m_objects.find(key_of("Pod", pod));
    return found == m_objects.end() ? of_name(pod) : of_object(*found->second);
}

PodOwners::Behind PodOwners::behind(Addresses const &addresses) const
{
    Behind result;
    auto const add = [&](std::optional<std::size_t> index) {
        if (index) {
            result.workloads.insert(*index);
        } else {
            ++result.unknown;
        }
    };
    for (auto const &pod : addresses.pods) {
        add(of_pod(pod));
    }
    for (auto const &address : addresses.unnamed) {
        auto const found = m_by_address.find(address);
        add(found == m_by_address.end() ? std::nullopt : of_object(*found->second));
    }
    return result;
}

} // namespace misroute::k8s
