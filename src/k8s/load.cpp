// SPDX-License-Identifier: Apache-2.0
#include "k8s/autoscalers.hpp"
#include "k8s/claimed_hosts.hpp"
#include "k8s/collect.hpp"
#include "k8s/instances.hpp"
#include "k8s/pod_owners.hpp"
#include "k8s/rendered_tree.hpp"
#include "k8s/repeated.hpp"
#include "misroute/k8s.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
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

std::string_view last_part(std::string_view path)
{
    auto const slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

ConfigFile const *file_named(Configuration const &configuration, std::string_view path)
{
    auto const found = std::find_if(configuration.files.begin(), configuration.files.end(),
                                    [&](ConfigFile const &file) { return file.file == last_part(path); });
    return found == configuration.files.end() || path.empty() ? nullptr : &*found;
}

/// Of a ConfigMap with several files the one that `--config` names, and what it includes; all where it names none of
/// them.
std::vector<ConfigFile> files_used(Configuration const &configuration, std::string_view path)
{
    auto const *const named = file_named(configuration, path);
    if (named == nullptr) {
        return configuration.files;
    }
    std::vector<ConfigFile> files{*named};
    for (auto const &include : named->includes) {
        auto const *const more = file_named(configuration, include);
        if (more != nullptr && more != named) {
            files.push_back(*more);
        }
    }
    return files;
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
    void name_repeated();
    void add_services();
    void add_variables(Pods &pods) const;
    Configuration const *config_map(ObjectName const &name) const;
    std::vector<Configuration> mounted(Pods const &pods) const;
    void configure();
    std::string absent_configuration(Pods const &pods) const;
    std::string source_of(Pods const &pods) const;
    std::set<std::string> key_sources(Pods const &pods) const;
    void follow_names();
    void count_endpoints();
    void name_unknown_addresses();
    void assign_instances();
    void name_instances(Instances const &instances);
    void match_hosts(Instances &instances) const;
    void claim_hosts();
    std::string service_instance(RouteBackend const &route_backend) const;
    void resolve_routes();
    void add_routes(Instances const &instances);
    std::string instance_of(RouteBackend const &route_backend, Service const &service,
                            Instances const &instances) const;
    bool names_one_instance(RouteBackend const &route_backend) const;
    bool is_another_path(RouteBackend const &route_backend, std::string const &instance) const;
    bool is_configured(Workload const &workload) const;
    void name_unexamined();
    std::vector<std::string> raw_roots() const;
    void name_raw_material();
    std::optional<std::size_t> service_index(ObjectName const &name) const;

    Collected m_collected;
    Expectations const &m_expected;
    std::vector<Pods> m_pods;
    std::map<ObjectName, std::size_t> m_aliases;           ///< the Service that an ExternalName stands for
    std::map<ObjectName, std::size_t> m_unknown_addresses; ///< by Service without a selector
    Cluster m_cluster;
};

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

Configuration const *Assembly::config_map(ObjectName const &name) const
{
    auto const &known = m_collected.objects.configurations;
    auto const found =
        std::find_if(known.rbegin(), known.rend(), [&](Configuration const &one) { return one.name == name; });
    return found == known.rend() ? nullptr : &*found;
}

/// Variables from ConfigMaps, and `$(NAME)` in all of them, which Kubernetes replaces before the program starts.
void Assembly::add_variables(Pods &pods) const
{
    auto &environment = pods.environment;
    for (auto const &source : pods.from_config_maps) {
        auto const *const map = config_map({pods.workload.name.space, source.config_map});
        if (map == nullptr) {
            environment.more = environment.more || source.key.empty();
            continue;
        }
        for (auto const &[key, value] : map->values) {
            if (source.key.empty()) {
                environment.values.emplace(source.prefix + key, value);
            } else if (source.key == key) {
                environment.hidden.erase(source.variable);
                environment.values[source.variable] = value;
            }
        }
    }
    auto const before = environment;
    for (auto &[name, value] : environment.values) {
        if (auto const text = expanded(value, before)) {
            value = *text;
        } else {
            environment.hidden.insert(name);
        }
    }
}

/// The ConfigMaps with a LiteLLM configuration that the workload mounts; where several are, those `--config` points to.
std::vector<Configuration> Assembly::mounted(Pods const &pods) const
{
    std::vector<Configuration> all;
    std::vector<Configuration> named;
    for (auto const &mount : pods.mounts) {
        auto const *const found = config_map({pods.workload.name.space, mount.config_map});
        if (found != nullptr && !found->files.empty()) {
            all.push_back(*found);
            if (lies_under(pods.config_path, mount.path)) {
                named.push_back(*found);
            }
        }
    }
    bool const includes = std::any_of(named.begin(), named.end(), [](Configuration const &one) {
        return std::any_of(one.files.begin(), one.files.end(), [](auto const &file) { return !file.includes.empty(); });
    });
    return named.empty() || includes ? all : named;
}

/// Fills what each workload serves.
void Assembly::configure()
{
    for (auto &pods : m_pods) {
        add_variables(pods);
        auto &workload = pods.workload;
        std::vector<ConfigFile> files;
        bool models = false;
        for (auto const &configuration : mounted(pods)) {
            std::ranges::move(files_used(configuration, pods.config_path), std::back_inserter(files));
            models = models || configuration.has_models();
            workload.config_map = configuration.has_models() ? configuration.name.name : workload.config_map;
        }
        if (!pods.command_line.empty()) {
            ConfigFile given;
            given.models = pods.command_line;
            files.push_back(std::move(given));
        }
        auto served = served_by(files, pods.environment);
        if (auto absent = absent_configuration(pods); !absent.empty() && (files.empty() || pods.runs_litellm)) {
            served.unread.push_back(std::move(absent));
        }
        if (pods.configurations > 1) {
            served.unread.emplace_back("the configuration of another LiteLLM container in its pods");
        }
        if (pods.runs_litellm && !files.empty() && served.backends.empty() && served.unread.empty()) {
            served.unread.emplace_back("a model_list without entries: its models stand elsewhere");
        }
        workload.serves = std::move(served.backends);
        workload.unread = std::move(served.unread);
        workload.open = !workload.unread.empty();
        pods.runs_litellm = pods.runs_litellm || models || is_configured(workload);
        m_cluster.workloads.push_back(workload);
    }
}

/// The file that `--config` names lies in a ConfigMap that is not in the input.
std::string Assembly::absent_configuration(Pods const &pods) const
{
    for (auto const &mount : pods.mounts) {
        ObjectName const name{pods.workload.name.space, mount.config_map};
        if (config_map(name) == nullptr && !pods.config_path.empty() && lies_under(pods.config_path, mount.path)) {
            return fmt::format("ConfigMap {}, which is not in the input", name.text());
        }
    }
    return {};
}

/// What names the LiteLLM configuration of a workload: the ConfigMap that holds it, with the file of it, or, when that
/// is not in the input, the one that is mounted where `--config` points.
std::string Assembly::source_of(Pods const &pods) const
{
    auto const &space = pods.workload.name.space;
    if (!pods.workload.config_map.empty()) {
        ObjectName const name{space, pods.workload.config_map};
        auto const *const map = config_map(name);
        auto const *const file = map == nullptr ? nullptr : file_named(*map, pods.config_path);
        return file == nullptr ? name.text() : name.text() + "/" + file->file;
    }
    for (auto const &mount : pods.mounts) {
        ObjectName const name{space, mount.config_map};
        bool const absent = config_map(name) == nullptr;
        if (absent && !pods.config_path.empty() && lies_under(pods.config_path, mount.path)) {
            return name.text();
        }
    }
    return {};
}

/// Where its keys, and upstreams that are not known, come from: Secrets, and the variables that its files name.
std::set<std::string> Assembly::key_sources(Pods const &pods) const
{
    auto sources = pods.secrets;
    for (auto const &configuration : mounted(pods)) {
        sources.insert(configuration.variables.begin(), configuration.variables.end());
    }
    return sources;
}

bool Assembly::is_configured(Workload const &workload) const
{
    return std::any_of(m_expected.instances.begin(), m_expected.instances.end(), [&](Instance const &instance) {
        return !instance.workload.empty() &&
               (instance.workload == workload.name.text() || instance.workload == workload.name.name);
    });
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
        if (other.route.path == route_backend.route.path) {
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

Location const &location_of(Pods const &pods)
{
    return pods.workload.location;
}

Location const &location_of(Service const &service)
{
    return service.location;
}

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
