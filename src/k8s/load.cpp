// SPDX-License-Identifier: Apache-2.0
#include "k8s/collect.hpp"
#include "k8s/instances.hpp"
#include "misroute/k8s.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

namespace misroute {

namespace {

using namespace k8s;

/// The file lies at the mount path or below it.
bool lies_under(std::string_view file, std::string_view path)
{
    while (path.size() > 1 && path.back() == '/') {
        path.remove_suffix(1);
    }
    return !path.empty() && file.substr(0, path.size()) == path &&
           (file.size() == path.size() || file[path.size()] == '/');
}

/// Puts objects together, in an order where each step needs only what came before.
class Assembly
{
public:
    Assembly(Collected collected, Expectations const &expected)
        : m_collected{std::move(collected)},
          m_expected{expected},
          m_pods{controllers(m_collected.objects.pods)}
    {
    }

    Cluster assemble();

private:
    void add_services();
    std::vector<Configuration> mounted(Pods const &pods) const;
    void configure();
    std::string source_of(Pods const &pods) const;
    void select();
    void count_endpoints();
    void assign_instances();
    void name_instances(Instances const &instances);
    void match_hosts(Instances &instances) const;
    void add_routes(Instances const &instances);
    std::string instance_of(RouteBackend const &route_backend, Service const &service,
                            Instances const &instances) const;
    bool is_configured(Workload const &workload) const;
    std::optional<std::size_t> service_index(ObjectName const &name) const;

    Collected m_collected;
    Expectations const &m_expected;
    std::vector<Pods> m_pods;
    Cluster m_cluster;
};

void Assembly::add_services()
{
    std::map<ObjectName, Service> latest;
    for (auto const &service : m_collected.objects.services) {
        auto const known = latest.find(service.name);
        if (known != latest.end() && known->second.selector != service.selector) {
            m_cluster.notes.push_back(
                fmt::format("Service {} has one selector at {} and another at {}; the latter counts",
                            service.name.text(), known->second.location.text(), service.location.text()));
        }
        latest[service.name] = service;
    }
    for (auto const &[name, service] : latest) {
        m_cluster.services.push_back(service);
    }
}

/// The ConfigMaps with a LiteLLM configuration that the workload mounts; where several are, those `--config` points to.
std::vector<Configuration> Assembly::mounted(Pods const &pods) const
{
    std::vector<Configuration> all;
    std::vector<Configuration> named;
    for (auto const &mount : pods.mounts) {
        ObjectName const name{pods.workload.name.space, mount.config_map};
        auto const &known = m_collected.objects.configurations;
        auto const found =
            std::find_if(known.rbegin(), known.rend(), [&](Configuration const &one) { return one.name == name; });
        if (found != known.rend()) {
            all.push_back(*found);
            if (lies_under(pods.config_path, mount.path)) {
                named.push_back(*found);
            }
        }
    }
    return named.empty() ? all : named;
}

/// Fills what each workload serves.
void Assembly::configure()
{
    for (auto &pods : m_pods) {
        auto &workload = pods.workload;
        std::vector<ModelEntry> entries;
        for (auto const &configuration : mounted(pods)) {
            entries.insert(entries.end(), configuration.models.begin(), configuration.models.end());
            workload.config_map = configuration.name.name;
        }
        workload.serves = serves(entries, pods.environment);
        pods.runs_litellm = pods.runs_litellm || !entries.empty() || is_configured(workload);
        m_cluster.workloads.push_back(workload);
    }
}

/// What names the LiteLLM configuration of a workload: the ConfigMap that holds it, or, when that is not in the input,
/// the one that is mounted where `--config` points.
std::string Assembly::source_of(Pods const &pods) const
{
    auto const &space = pods.workload.name.space;
    if (!pods.workload.config_map.empty()) {
        return ObjectName{space, pods.workload.config_map}.text();
    }
    for (auto const &mount : pods.mounts) {
        ObjectName const name{space, mount.config_map};
        bool const absent = !m_collected.objects.config_maps.contains(name.text());
        if (absent && !pods.config_path.empty() && lies_under(pods.config_path, mount.path)) {
            return name.text();
        }
    }
    return {};
}

bool Assembly::is_configured(Workload const &workload) const
{
    return std::any_of(m_expected.instances.begin(), m_expected.instances.end(), [&](Instance const &instance) {
        return !instance.workload.empty() &&
               (instance.workload == workload.name.text() || instance.workload == workload.name.name);
    });
}

void Assembly::select()
{
    std::multimap<std::string, std::size_t> by_space;
    for (std::size_t index = 0; index < m_cluster.workloads.size(); ++index) {
        by_space.emplace(m_cluster.workloads[index].name.space, index);
    }
    for (auto &service : m_cluster.services) {
        auto const [first, last] = by_space.equal_range(service.name.space);
        for (auto entry = first; entry != last; ++entry) {
            if (selects(service.selector, m_cluster.workloads[entry->second])) {
                service.workloads.push_back(entry->second);
            }
        }
        std::sort(service.workloads.begin(), service.workloads.end());
    }
}

void Assembly::count_endpoints()
{
    std::map<ObjectName, std::set<std::string>> ready;
    std::set<ObjectName> sliced;
    for (auto const &slice : m_collected.objects.slices) {
        ready[slice.service].insert(slice.ready.begin(), slice.ready.end());
        sliced.insert(slice.service);
    }
    for (auto const &endpoints : m_collected.objects.endpoints) {
        if (!sliced.contains(endpoints.service)) {
            ready[endpoints.service] = endpoints.ready;
        }
    }
    for (auto &service : m_cluster.services) {
        auto const found = ready.find(service.name);
        if (found != ready.end()) {
            service.endpoints = static_cast<int>(found->second.size());
        }
    }
}

void Assembly::assign_instances()
{
    std::vector<Member> members;
    for (std::size_t index = 0; index < m_pods.size(); ++index) {
        if (m_pods[index].runs_litellm && !m_cluster.workloads[index].runs_to_completion()) {
            members.push_back({&m_cluster.workloads[index], source_of(m_pods[index])});
        }
    }
    Instances instances{std::move(members), m_expected};
    match_hosts(instances);
    name_instances(instances);
    add_routes(instances);
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
    std::vector<std::string> names;
    for (auto const &workload : m_cluster.workloads) {
        names.push_back(instances.of_workload(workload));
    }
    for (std::size_t index = 0; index < names.size(); ++index) {
        m_cluster.workloads[index].instance = names[index];
    }
}

std::optional<std::size_t> Assembly::service_index(ObjectName const &name) const
{
    auto const found =
        std::lower_bound(m_cluster.services.begin(), m_cluster.services.end(), name,
                         [](Service const &service, ObjectName const &wanted) { return service.name < wanted; });
    bool const present = found != m_cluster.services.end() && found->name == name;
    return present ? std::optional{static_cast<std::size_t>(found - m_cluster.services.begin())} : std::nullopt;
}

/// The configuration says whose a hostname is; else the labels and the name of the Ingress; else its Service.
std::string Assembly::instance_of(RouteBackend const &route_backend, Service const &service,
                                  Instances const &instances) const
{
    if (auto const configured = m_expected.by_host(route_backend.route.host)) {
        return m_expected.instances[*configured].name;
    }
    auto const own = instances.of_object(route_backend.route.name, route_backend.metadata_labels);
    return own.empty() ? service.instance : own;
}

void Assembly::add_routes(Instances const &instances)
{
    std::map<std::tuple<std::string, ObjectName, std::string>, Route> latest;
    for (auto const &route_backend : m_collected.objects.route_backends) {
        auto const index = service_index(route_backend.service);
        if (!index) {
            continue;
        }
        auto route = route_backend.route;
        route.service = *index;
        route.instance = instance_of(route_backend, m_cluster.services[*index], instances);
        latest.emplace(std::tuple{route.host, route_backend.service, route.kind}, std::move(route));
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

Cluster Assembly::assemble()
{
    add_services();
    configure();
    select();
    count_endpoints();
    assign_instances();
    m_cluster.problems = std::move(m_collected.problems);
    m_cluster.notes.insert(m_cluster.notes.begin(), m_collected.notes.begin(), m_collected.notes.end());
    return std::move(m_cluster);
}

} // namespace

Cluster load_cluster(std::vector<ManifestText> const &texts, Expectations const &expected)
{
    auto collected = collect(texts);
    std::vector<SourceText> sources;
    sources.reserve(texts.size());
    for (auto const &text : texts) {
        sources.push_back({text.name, text.text});
    }
    auto gaps = label_gaps(collected.kustomizations, sources);
    auto cluster = Assembly{std::move(collected), expected}.assemble();
    cluster.label_gaps = std::move(gaps);
    return cluster;
}

} // namespace misroute
