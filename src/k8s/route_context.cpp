// SPDX-License-Identifier: Apache-2.0
#include "k8s/host_pattern.hpp"
#include "k8s/objects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

namespace misroute::k8s {

namespace {

/// HTTPProxies and VirtualServices may include one another; a longer chain than this is a circle.
constexpr int k_deepest_include = 20;

class Resolver
{
public:
    Resolver(std::vector<RouteBackend> route_backends, RouteContext const &context)
        : m_all{std::move(route_backends)},
          m_context{context}
    {
    }

    ResolvedRoutes resolve();

private:
    void include(RouteBackend const &parent, int depth);
    void add(RouteBackend const &route_backend);
    bool fill_subset(RouteBackend &route_backend);
    void check_grant(RouteBackend const &route_backend);
    std::optional<std::set<std::string>> admitted(RouteBackend const &route_backend, ParentRef const &parent) const;
    std::vector<RouteBackend> with_hosts(RouteBackend const &route_backend);

    std::vector<RouteBackend> m_all;
    RouteContext const &m_context;
    ResolvedRoutes m_result;
};

/// The hostnames that both a route and a listener have; "*" and an empty one are every hostname.
std::optional<std::string> common_host(std::string const &route, std::string const &listener)
{
    if (listener.empty() || route == listener || matches_wildcard(listener, route)) {
        return route;
    }
    bool const narrower = route == "*" || matches_wildcard(route, listener);
    return narrower ? std::optional{listener} : std::nullopt;
}

/// The hostnames under which the Gateway of one parent admits the route; nothing when the route refers to a listener
/// that it has not. A Gateway that is not in the input limits nothing.
std::optional<std::set<std::string>> Resolver::admitted(RouteBackend const &route_backend,
                                                        ParentRef const &parent) const
{
    auto const [first, last] = m_context.listeners.equal_range(parent.gateway);
    if (first == last) {
        return std::set{route_backend.route.host};
    }
    std::optional<std::set<std::string>> hosts;
    for (auto listener = first; listener != last; ++listener) {
        auto const &[name, host, port] = listener->second;
        if ((!parent.section.empty() && parent.section != name) || (!parent.port.empty() && parent.port != port)) {
            continue;
        }
        hosts = hosts.value_or(std::set<std::string>{});
        if (auto common = common_host(route_backend.route.host, host)) {
            hosts->insert(std::move(*common));
        }
    }
    return hosts;
}

/// The route as its Gateways admit it: with the hostnames of the listeners where it names none, and without those that
/// no listener has which it refers to.
std::vector<RouteBackend> Resolver::with_hosts(RouteBackend const &route_backend)
{
    std::set<std::string> hosts;
    bool attached = false;
    for (auto const &parent : route_backend.parents) {
        auto found = admitted(route_backend, parent);
        attached = attached || found;
        if (found) {
            hosts.merge(*found);
        } else {
            m_result.unexamined.push_back(fmt::format("{} {} refers to a listener {} that Gateway {} does not have",
                                                      route_backend.route.kind, route_backend.route.name.text(),
                                                      parent.section.empty() ? parent.port : parent.section,
                                                      parent.gateway.text()));
        }
    }
    if (!attached) {
        return route_backend.parents.empty() ? std::vector{route_backend} : std::vector<RouteBackend>{};
    }
    if (hosts.empty()) {
        m_result.notes.push_back(fmt::format("{} {} has no hostname in common with the listeners it refers to: nothing "
                                             "enters for {} there",
                                             route_backend.route.kind, route_backend.route.name.text(),
                                             route_backend.route.host));
    }
    if (hosts.size() > 1) {
        hosts.erase("*"); // a listener that only redirects, beside those with hostnames
    }
    std::vector<RouteBackend> result;
    for (auto const &host : hosts) {
        result.push_back(route_backend);
        result.back().route.host = host;
    }
    return result;
}

bool Resolver::fill_subset(RouteBackend &route_backend)
{
    if (route_backend.subset.empty()) {
        return true;
    }
    auto const found = m_context.subsets.find({route_backend.service, route_backend.subset});
    if (found == m_context.subsets.end()) {
        m_result.unexamined.push_back(
            fmt::format("{} {} leads {} to the subset {} of Service {}, and no DestinationRule in the input says whose "
                        "pods these are",
                        route_backend.route.kind, route_backend.route.name.text(), route_backend.route.host,
                        route_backend.subset, route_backend.service.text()));
        return false;
    }
    route_backend.route.subset = found->second;
    return true;
}

void Resolver::check_grant(RouteBackend const &route_backend)
{
    auto const &route = route_backend.route;
    bool const gateway_api = route.kind == "HTTPRoute" || route.kind == "GRPCRoute" || route.kind == "TLSRoute";
    auto const &space = route.name.space;
    if (!gateway_api || route_backend.service.space == space ||
        m_context.grants.contains({space, route_backend.service}) ||
        m_context.grants.contains({space, {route_backend.service.space, {}}})) {
        return;
    }
    m_result.notes.push_back(fmt::format("{} {} names Service {} in another namespace, and no ReferenceGrant in the "
                                         "input allows it: without one the gateway answers 500",
                                         route.kind, route.name.text(), route_backend.service.text()));
}

void Resolver::add(RouteBackend const &route_backend)
{
    for (auto &one : with_hosts(route_backend)) {
        check_grant(one);
        if (fill_subset(one)) {
            m_result.route_backends.push_back(std::move(one));
        }
    }
}

void Resolver::include(RouteBackend const &parent, int depth)
{
    auto const is_child = [&](RouteBackend const &one) {
        return one.child && one.route.kind == parent.route.kind && one.route.name == parent.delegate;
    };
    if (depth > k_deepest_include || std::none_of(m_all.begin(), m_all.end(), is_child)) {
        m_result.unexamined.push_back(fmt::format("{} {} hands {} on to {}, which is not in the input",
                                                  parent.route.kind, parent.route.name.text(), parent.route.host,
                                                  parent.delegate.text()));
        return;
    }
    for (auto const &one : m_all) {
        if (!is_child(one)) {
            continue;
        }
        auto child = one;
        child.route.host = parent.route.host;
        child.route.path = parent.route.path + one.route.path;
        child.conditions = parent.conditions + one.conditions;
        child.entrances = parent.entrances;
        if (child.delegate.name.empty()) {
            add(child);
        } else if (m_result.route_backends.size() + m_result.unexamined.size() < 10'000) {
            include(child, depth + 1);
        }
    }
}

ResolvedRoutes Resolver::resolve()
{
    for (auto const &route_backend : m_all) {
        if (route_backend.child) {
            continue;
        }
        if (!route_backend.unread_host.empty()) {
            m_result.unexamined.push_back(
                fmt::format("{} {} leads hostnames to Service {} that {} describes: which these are is not known",
                            route_backend.route.kind, route_backend.route.name.text(), route_backend.service.text(),
                            route_backend.unread_host));
            continue;
        }
        if (route_backend.delegate.name.empty()) {
            add(route_backend);
        } else {
            include(route_backend, 0);
        }
    }
    return std::move(m_result);
}

} // namespace

ResolvedRoutes resolved_routes(std::vector<RouteBackend> route_backends, RouteContext const &context)
{
    return Resolver{std::move(route_backends), context}.resolve();
}

} // namespace misroute::k8s
