// SPDX-License-Identifier: Apache-2.0
#include "k8s/assembly.hpp"
#include "k8s/claimed_hosts.hpp"
#include "k8s/shared_hosts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

namespace misroute::k8s {

void Assembly::assign_instances()
{
    std::vector<Member> members;
    for (std::size_t index = 0; index < m_pods.size(); ++index) {
        if (m_pods[index].runs_litellm && !m_cluster.workloads[index].runs_to_completion()) {
            members.push_back({&m_cluster.workloads[index], source_of(m_pods[index]), key_sources(m_pods[index])});
        }
    }
    find_entrances(members, m_cluster, m_collected.objects.route_backends);
    Instances instances{std::move(members), m_expected};
    match_hosts(instances);
    name_instances(instances);
    claim_hosts();
    add_routes(instances);
    add_shared_hosts();
}

void Assembly::match_hosts(Instances &instances) const
{
    std::map<std::string, std::set<std::string>> behind;
    for (auto const &route_backend : m_collected.objects.route_backends) {
        auto const configured = m_expected.by_host(route_backend.route.host);
        auto const service = service_index(route_backend.service);
        if (configured && service) {
            auto const &found = m_cluster.services[*service];
            auto const instance = instances.of_object(found.name, found.metadata_labels);
            if (!instance.empty() && !m_expected.by_name(instance)) {
                behind[m_expected.instances[*configured].name].insert(instance);
            }
        }
    }
    instances.match_uniquely(behind);
}

void Assembly::name_instances(Instances const &instances)
{
    for (auto &service : m_cluster.services) {
        service.instance = instances.of_object(service.name, service.metadata_labels);
    }
    for (auto &service : m_cluster.services) {
        auto const alias = m_aliases.find(service.name);
        if (service.instance.empty() && alias != m_aliases.end()) {
            service.instance = m_cluster.services[alias->second].instance;
        }
    }
    std::vector<std::string> names;
    for (auto const &workload : m_cluster.workloads) {
        names.push_back(instances.of_workload(workload));
    }
    for (std::size_t index = 0; index < names.size(); ++index) {
        m_cluster.workloads[index].instance = names[index];
    }
}

std::string Assembly::service_instance(RouteBackend const &route_backend) const
{
    auto const index = service_index(route_backend.service);
    return index ? m_cluster.services[*index].instance : std::string{};
}

/// Configured hostnames that no rule names go where a wildcard leads. Whether they enter where every hostname does
/// cannot be seen, so that is said, unless an entrance for every hostname leads to the right instance, too.
void Assembly::claim_hosts()
{
    auto &all = m_collected.objects.route_backends;
    std::ranges::move(claimed_hosts(all, m_expected), std::back_inserter(all));
    for (auto const &[host, index] : unclaimed_hosts(all, m_expected)) {
        auto const &owner = m_expected.instances[index].name;
        std::set<std::string> reached;
        for (auto const &one : all) {
            reached.insert(one.route.host == "*" ? service_instance(one) : std::string{});
        }
        reached.erase("");
        bool const runs = std::any_of(m_cluster.workloads.begin(), m_cluster.workloads.end(),
                                      [&](Workload const &workload) { return workload.instance == owner; });
        if (runs && !reached.empty() && !reached.contains(owner)) {
            m_cluster.unexamined.push_back(fmt::format("no rule names {} of {}, and what leads every hostname on "
                                                       "reaches {}: whether {} enters there is not known",
                                                       host, owner, fmt::join(reached, ", "), host));
        }
    }
}

std::optional<std::size_t> Assembly::service_index(ObjectName const &name) const
{
    auto const found =
        std::lower_bound(m_cluster.services.begin(), m_cluster.services.end(), name,
                         [](Service const &service, ObjectName const &wanted) { return service.name < wanted; });
    if (found != m_cluster.services.end() && found->name == name) {
        return static_cast<std::size_t>(found - m_cluster.services.begin());
    }
    // Charts leave the namespace out of their objects, and write it into references.
    return name.space.empty() ? std::nullopt : service_index({{}, name.name});
}

/// All backends of the Ingress (HTTPRoute, …) are meant for one instance.
bool Assembly::names_one_instance(RouteBackend const &route_backend) const
{
    std::set<std::string> names;
    for (auto const &other : m_collected.objects.route_backends) {
        auto const index = service_index(other.service);
        if (index && other.route.name == route_backend.route.name && other.route.kind == route_backend.route.kind) {
            names.insert(m_cluster.services[*index].instance);
        }
    }
    return names.size() == 1;
}

/// The configured instance has a path of the hostname for itself, and this one is another.
bool Assembly::is_another_path(RouteBackend const &route_backend, std::string const &instance) const
{
    bool elsewhere = false;
    for (auto const &other : m_collected.objects.route_backends) {
        auto const index = service_index(other.service);
        if (!index || other.route.host != route_backend.route.host || m_cluster.services[*index].instance != instance) {
            continue;
        }
        if (covered_path(other.route.path) == covered_path(route_backend.route.path)) {
            return false;
        }
        elsewhere = true;
    }
    return elsewhere;
}

/// The configuration says whose a hostname is, unless that instance has a path of it for itself; else the label of an
/// Ingress that names one instance's Services only; else its Service. Never the Ingress's own name.
std::string Assembly::instance_of(RouteBackend const &route_backend, Service const &service,
                                  Instances const &instances) const
{
    if (auto const configured = m_expected.by_host(route_backend.route.host)) {
        auto const &name = m_expected.instances[*configured].name;
        return is_another_path(route_backend, name) ? service.instance : name;
    }
    auto const own =
        names_one_instance(route_backend) ? instances.of_labels(route_backend.metadata_labels) : std::string{};
    return own.empty() ? service.instance : own;
}

/// Fills in what routes refer to, and names those that lead nowhere.
void Assembly::resolve_routes()
{
    auto resolved = resolved_routes(std::move(m_collected.objects.route_backends), m_collected.objects.context);
    m_collected.objects.route_backends = std::move(resolved.route_backends);
    std::set<std::string> said{resolved.unexamined.begin(), resolved.unexamined.end()};
    for (auto const &route_backend : m_collected.objects.route_backends) {
        auto const &route = route_backend.route;
        if (!service_index(route_backend.service)) {
            said.insert(fmt::format("{} {} leads {} to Service {}, which is not in the input", route.kind,
                                    route.name.text(), route.host, route_backend.service.text()));
        }
    }
    m_cluster.unexamined.insert(m_cluster.unexamined.end(), said.begin(), said.end());
    std::set<std::string> const notes{resolved.notes.begin(), resolved.notes.end()};
    m_cluster.notes.insert(m_cluster.notes.end(), notes.begin(), notes.end());
}

void Assembly::add_routes(Instances const &instances)
{
    std::map<std::tuple<std::string, ObjectName, std::string, Labels>, Route> latest;
    for (auto const &route_backend : m_collected.objects.route_backends) {
        auto const index = service_index(route_backend.service);
        if (!index) {
            continue;
        }
        auto route = route_backend.route;
        route.service = *index;
        route.instance = instance_of(route_backend, m_cluster.services[*index], instances);
        latest.emplace(std::tuple{route.host, route_backend.service, route.kind, route.subset}, std::move(route));
    }
    std::map<std::size_t, std::set<std::string>> wanted;
    for (auto &[key, route] : latest) {
        wanted[route.service].insert(route.instance);
        m_cluster.routes.push_back(std::move(route));
    }
    for (auto const &[index, names] : wanted) {
        auto &service = m_cluster.services[index];
        if (service.instance.empty() && names.size() == 1) {
            service.instance = *names.begin();
        }
    }
}

/// Of a hostname that nothing is configured for, its rules alone say whose it is.
void Assembly::add_shared_hosts()
{
    std::vector<LedTo> all;
    for (auto const &route_backend : m_collected.objects.route_backends) {
        auto instance = service_instance(route_backend);
        if (!instance.empty() && !m_expected.by_host(route_backend.route.host)) {
            all.push_back({&route_backend, std::move(instance)});
        }
    }
    for (auto const &[host, instances] : shared_hosts(all)) {
        SharedHost shared{host, {instances.begin(), instances.end()}, {}};
        for (std::size_t index = 0; index < m_cluster.routes.size(); ++index) {
            auto const &route = m_cluster.routes[index];
            if (route.host == host && instances.contains(m_cluster.services[route.service].instance)) {
                shared.routes.push_back(index);
            }
        }
        m_cluster.shared_hosts.push_back(std::move(shared));
    }
}

} // namespace misroute::k8s
