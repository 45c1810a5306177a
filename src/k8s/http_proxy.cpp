// SPDX-License-Identifier: Apache-2.0
#include "k8s/route_kinds.hpp"

namespace misroute::k8s {

namespace {

/// The backend with what the conditions of a route ask for: one prefix of paths alone is its path.
RouteBackend under(RouteBackend route_backend, Value const &conditions)
{
    auto const &all = conditions.items;
    bool const by_prefix = all.size() == 1 && all.front().members.size() == 1 && all.front().find("prefix") != nullptr;
    route_backend.route.path = all.empty() ? std::string{} : text_of(all.front()["prefix"]);
    route_backend.conditions = by_prefix ? std::string{} : words_of(conditions);
    return route_backend;
}

} // namespace

RouteBackends read_http_proxy(Value const &object, std::string const &file)
{
    auto common = route_backend_of(object);
    auto const &spec = object["spec"];
    auto const &host = text_of(spec["virtualhost"]["fqdn"]);
    common.child = host.empty();
    if (auto const &ingress_class = text_of(spec["ingressClassName"]); !ingress_class.empty()) {
        common.entrances.insert(ingress_class);
    }
    RouteBackends route_backends;
    auto const add = [&](Value const &services, Value const &conditions) {
        for (auto const &service : services.items) {
            if (is_live(service)) {
                route_backends.push_back(to_service(under(common, conditions), host,
                                                    referred(service, common.route.name.space), {file, service.line}));
            }
        }
    };
    for (auto const &route : spec["routes"].items) {
        add(route["services"], route["conditions"]);
    }
    add(spec["tcpproxy"]["services"], {});
    for (auto const &include : spec["includes"].items) {
        route_backends.push_back(to_service(under(common, include["conditions"]), host, {}, {file, include.line}));
        route_backends.back().delegate = referred(include, common.route.name.space);
    }
    return route_backends;
}

} // namespace misroute::k8s
