// SPDX-License-Identifier: Apache-2.0
#include "k8s/route_kinds.hpp"

#include <algorithm>
#include <iterator>

namespace misroute::k8s {

namespace {

/// Names inside the mesh ("reviews", "reviews.prod.svc.cluster.local") are no hostnames that clients know.
bool is_public(std::string const &host)
{
    return host == k_any_host || (host.find('.') != std::string::npos && host.find(".svc") == std::string::npos);
}

/// What a rule matches by, beside one prefix of paths.
std::string conditions_of(Value const &matches)
{
    auto const only = [](Value const &value, char const *name) {
        return value.members.size() == 1 && value.find(name) != nullptr;
    };
    bool const by_prefix =
        matches.items.size() == 1 && only(matches.items.front(), "uri") && only(matches.items.front()["uri"], "prefix");
    return by_prefix ? std::string{} : words_of(matches);
}

/// The destinations of one rule that requests of `hosts` may go to.
RouteBackends destinations_of(Value const &rule, RouteBackend const &common, std::vector<std::string> const &hosts,
                              std::string const &file)
{
    RouteBackends route_backends;
    for (auto const &route : rule["route"].items) {
        auto const &destination = route["destination"];
        auto const &target = text_of(destination["host"]);
        if (target.empty() || text_of(route["weight"]) == "0") {
            continue;
        }
        for (auto const &host : hosts) {
            route_backends.push_back(
                to_service(common, host, service_of_host(target, common.route.name.space), {file, destination.line}));
            route_backends.back().subset = text_of(destination["subset"]);
        }
    }
    return route_backends;
}

/// The same handed on to another VirtualService, where the rule does that.
RouteBackends delegates_of(Value const &rule, RouteBackend const &common, std::vector<std::string> const &hosts,
                           std::string const &file)
{
    RouteBackends route_backends;
    auto const &delegate = rule["delegate"];
    for (auto const &host : delegate.is_map() ? hosts : std::vector<std::string>{}) {
        route_backends.push_back(to_service(common, host, {}, {file, delegate.line}));
        route_backends.back().delegate = referred(delegate, common.route.name.space);
    }
    return route_backends;
}

} // namespace

RouteBackends read_virtual_service(Value const &object, std::string const &file)
{
    auto common = route_backend_of(object);
    auto hosts = hosts_of(object["spec"]["hosts"]);
    auto const gateways = hosts_of(object["spec"]["gateways"]);
    common.entrances = {gateways.begin(), gateways.end()};
    common.child = hosts.empty();
    std::erase_if(hosts, [](std::string const &host) { return !is_public(host); });
    if (common.child) {
        hosts.emplace_back();
    }
    RouteBackends route_backends;
    for (auto const *const protocol : {"http", "tls", "tcp"}) {
        for (auto const &rule : object["spec"][protocol].items) {
            common.route.path =
                rule["match"].items.empty() ? std::string{} : text_of(rule["match"].items.front()["uri"]["prefix"]);
            common.conditions = conditions_of(rule["match"]);
            std::ranges::move(destinations_of(rule, common, hosts, file), std::back_inserter(route_backends));
            std::ranges::move(delegates_of(rule, common, hosts, file), std::back_inserter(route_backends));
        }
    }
    return route_backends;
}

} // namespace misroute::k8s
