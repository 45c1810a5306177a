// SPDX-License-Identifier: Apache-2.0
//
// Every kind that leads hostnames to Services, and what routes refer to.
#include "k8s/route_kinds.hpp"
#include "misroute/model/litellm.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace misroute::k8s {

namespace {

struct RouteKind
{
    std::string_view kind;
    std::string_view group;
    RouteBackends (*read)(Value const &object, std::string const &file);
};

constexpr std::array<RouteKind, 10> k_route_kinds{{
    {"GRPCRoute", "gateway.networking.k8s.io", read_gateway_route},
    {"HTTPProxy", "projectcontour.io", read_http_proxy},
    {"HTTPRoute", "gateway.networking.k8s.io", read_gateway_route},
    {"Ingress", "extensions", read_ingress},
    {"Ingress", "networking.k8s.io", read_ingress},
    {"IngressRoute", "traefik.containo.us", read_traefik_route},
    {"IngressRoute", "traefik.io", read_traefik_route},
    {"Route", "route.openshift.io", read_openshift_route},
    {"TLSRoute", "gateway.networking.k8s.io", read_gateway_route},
    {"VirtualService", "networking.istio.io", read_virtual_service},
}};

} // namespace

bool is_route(std::string_view kind, std::string_view group)
{
    return std::any_of(k_route_kinds.begin(), k_route_kinds.end(),
                       [&](RouteKind const &known) { return known.kind == kind && known.group == group; });
}

std::vector<RouteBackend> read_route(Value const &object, std::string const &file)
{
    auto const *const found = std::find_if(k_route_kinds.begin(), k_route_kinds.end(), [&](RouteKind const &known) {
        return known.kind == text_of(object["kind"]);
    });
    return found == k_route_kinds.end() ? RouteBackends{} : found->read(object, file);
}

std::vector<RouteBackend> read_service_hosts(Value const &object, std::string const &file)
{
    auto const common = route_backend_of(object);
    auto const &hosts = object["metadata"]["annotations"]["external-dns.alpha.kubernetes.io/hostname"];
    RouteBackends route_backends;
    for (auto const &host : listed(text_of(hosts))) {
        route_backends.push_back(to_service(common, host, common.route.name, {file, hosts.line}));
    }
    return route_backends;
}

void read_route_context(Value const &object, RouteContext &context)
{
    auto const name = name_of(object);
    auto const &kind = text_of(object["kind"]);
    auto const &spec = object["spec"];
    for (auto const &listener : kind == "Gateway" ? spec["listeners"].items : std::vector<Value>{}) {
        context.listeners.emplace(name, Listener{text_of(listener["name"]),
                                                 litellm::normal_host(text_of(listener["hostname"])),
                                                 text_of(listener["port"])});
    }
    for (auto const &subset : kind == "DestinationRule" ? spec["subsets"].items : std::vector<Value>{}) {
        context.subsets[{service_of_host(text_of(spec["host"]), name.space), text_of(subset["name"])}] =
            labels_of(subset["labels"]);
    }
    for (auto const &from : kind == "ReferenceGrant" ? spec["from"].items : std::vector<Value>{}) {
        for (auto const &to : spec["to"].items) {
            if (text_of(to["kind"]) == "Service") {
                context.grants.insert({text_of(from["namespace"]), {name.space, text_of(to["name"])}});
            }
        }
    }
}

} // namespace misroute::k8s
