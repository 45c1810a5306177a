// SPDX-License-Identifier: Apache-2.0
#include "k8s/route_kinds.hpp"

#include <algorithm>
#include <iterator>

namespace misroute::k8s {

namespace {

/// One match of a rule. A rule without any matches everything.
RouteBackend matching(RouteBackend common, Value const &match)
{
    auto const &method = match["method"]; // a text of an HTTPRoute, a map of a GRPCRoute
    common.route.path = text_of(match["path"]["value"]) + text_of(method["service"]);
    common.conditions =
        words_of(match["headers"]) + words_of(match["queryParams"]) + text_of(method) + text_of(method["method"]);
    return common;
}

RouteBackends matches_of(Value const &rule, RouteBackend const &common)
{
    RouteBackends matches;
    for (auto const &match : rule["matches"].items) {
        matches.push_back(matching(common, match));
    }
    return matches.empty() ? RouteBackends{common} : matches;
}

void add_parents(RouteBackend &common, Value const &parents)
{
    for (auto const &parent : parents.items) {
        if (auto const &kind = text_of(parent["kind"]); kind.empty() || kind == "Gateway") {
            common.parents.push_back(
                {referred(parent, common.route.name.space), text_of(parent["sectionName"]), text_of(parent["port"])});
            auto const &added = common.parents.back();
            common.entrances.insert(added.gateway.text() + " " + added.section + " " + added.port);
        }
    }
}

/// Every backend of a rule, under each hostname and for each match.
RouteBackends backends_of(Value const &rule, RouteBackend const &common, std::vector<std::string> const &hosts,
                          std::string const &file)
{
    auto const matches = matches_of(rule, common);
    RouteBackends route_backends;
    for (auto const &reference : rule["backendRefs"].items) {
        auto const service = referred(reference, common.route.name.space);
        for (auto const &host : is_live(reference) ? hosts : std::vector<std::string>{}) {
            for (auto const &match : matches) {
                route_backends.push_back(to_service(match, host, service, {file, reference.line}));
            }
        }
    }
    return route_backends;
}

} // namespace

RouteBackends read_gateway_route(Value const &object, std::string const &file)
{
    auto common = route_backend_of(object);
    auto const &spec = object["spec"];
    auto hosts = hosts_of(spec["hostnames"]);
    if (hosts.empty()) {
        hosts.emplace_back();
    }
    add_parents(common, spec["parentRefs"]);
    RouteBackends route_backends;
    for (auto const &rule : spec["rules"].items) {
        std::ranges::move(backends_of(rule, common, hosts, file), std::back_inserter(route_backends));
    }
    return route_backends;
}

} // namespace misroute::k8s
