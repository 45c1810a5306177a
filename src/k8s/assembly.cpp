// SPDX-License-Identifier: Apache-2.0
#include "k8s/assembly.hpp"

#include "k8s/autoscalers.hpp"
#include "k8s/pod_owners.hpp"
#include "k8s/repeated.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace misroute::k8s {

/// One object under one name, twice and not the same: what a chart prints that leaves the namespace to Helm, once for
/// each namespace.
void Assembly::name_repeated()
{
    for (auto const &both : repeated({}, m_collected.objects.statements)) {
        m_cluster.unexamined.push_back(fmt::format("{} stands twice in the input and differs, at {} and {}: {}. Where "
                                                   "these are two namespaces, examine them one by one",
                                                   both.second.object, both.first.location.text(),
                                                   both.second.location.text(),
                                                   both.second.adds ? "both count" : "the latter counts"));
    }
}

void Assembly::add_services()
{
    std::map<ObjectName, Service> latest;
    for (auto const &service : m_collected.objects.services) {
        auto const known = latest.find(service.name);
        if (known != latest.end() && known->second.selector != service.selector) {
            m_cluster.unexamined.push_back(fmt::format(
                "Service {} has one selector at {} and another at {}: the latter counts. Where these are two "
                "namespaces, examine them one by one",
                service.name.text(), known->second.location.text(), service.location.text()));
        }
        latest[service.name] = service;
    }
    for (auto const &[name, service] : latest) {
        m_cluster.services.push_back(service);
    }
}

/// An ExternalName inside the cluster ("claude.ai.svc.cluster.local") leads to the pods of that Service.
void Assembly::follow_names()
{
    for (auto &service : m_cluster.services) {
        auto const found = m_collected.objects.external_names.find(service.name.text());
        if (!service.selectorless || found == m_collected.objects.external_names.end()) {
            continue;
        }
        auto const &target = found->second;
        auto const dot = target.find('.');
        auto const rest = dot == std::string::npos ? std::string{} : target.substr(dot + 1);
        bool const inside = rest.find(".svc") != std::string::npos;
        auto const index =
            inside ? service_index({rest.substr(0, rest.find('.')), target.substr(0, dot)}) : std::nullopt;
        if (index) {
            service.workloads = m_cluster.services[*index].workloads;
            m_aliases.emplace(service.name, *index);
        }
    }
}

void Assembly::count_endpoints()
{
    std::map<ObjectName, Addresses> live;
    std::set<ObjectName> sliced;
    for (auto const &slice : m_collected.objects.slices) {
        auto more = slice;
        auto &all = live[slice.service];
        all.ready.merge(more.ready);
        all.pods.merge(more.pods);
        all.unnamed.merge(more.unnamed);
        sliced.insert(slice.service);
    }
    for (auto const &endpoints : m_collected.objects.endpoints) {
        if (!sliced.contains(endpoints.service)) {
            live[endpoints.service] = endpoints;
        }
    }
    PodOwners const owners{m_collected.objects.pods, m_pods};
    for (auto &service : m_cluster.services) {
        auto const found = live.find(service.name);
        if (found == live.end()) {
            continue;
        }
        service.endpoints = static_cast<int>(found->second.ready.size());
        if (service.selectorless) {
            auto const behind = owners.behind(found->second);
            service.workloads.assign(behind.workloads.begin(), behind.workloads.end());
            m_unknown_addresses[service.name] = behind.unknown;
        }
    }
}

/// Addresses that somebody wrote by hand are nobody's pods as far as the input says.
void Assembly::name_unknown_addresses()
{
    std::set<std::string> said;
    for (auto const &route : m_cluster.routes) {
        auto const &name = m_cluster.services[route.service].name;
        auto const found = m_unknown_addresses.find(name);
        if (!route.instance.empty() && found != m_unknown_addresses.end() && found->second > 0) {
            said.insert(
                fmt::format("{} leads to Service {}, which selects no pods, and nothing in the input says whose "
                            "{} of its addresses {}",
                            route.host, name.text(), found->second, found->second == 1 ? "is" : "are"));
        }
    }
    m_cluster.unexamined.insert(m_cluster.unexamined.end(), said.begin(), said.end());
}

Cluster Assembly::assemble()
{
    name_repeated();
    add_services();
    bound_pods(m_pods, m_collected.objects.autoscalers);
    configure();
    select_workloads(m_cluster);
    count_endpoints();
    follow_names();
    resolve_routes();
    assign_instances();
    name_unknown_addresses();
    name_unexamined();
    m_cluster.problems = std::move(m_collected.problems);
    m_cluster.unparsed = std::move(m_collected.unparsed);
    return std::move(m_cluster);
}

} // namespace misroute::k8s
