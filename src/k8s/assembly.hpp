// SPDX-License-Identifier: Apache-2.0
//
// Objects of the input to a Cluster: what each workload serves, whose it is, what a Service reaches and a hostname
// leads to, and what of it could not be seen. One class; its steps stand in assembly_*.cpp by what they are about.
#pragma once

#include "k8s/collect.hpp"
#include "k8s/instances.hpp"
#include "misroute/k8s.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace misroute::k8s {

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
    void add_shared_hosts();
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

} // namespace misroute::k8s
