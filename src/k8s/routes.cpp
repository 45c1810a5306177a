// SPDX-License-Identifier: Apache-2.0
//
// Every kind that leads hostnames to Services, each read by a function of its own.
#include "k8s/host_pattern.hpp"
#include "k8s/objects.hpp"
#include "misroute/model/litellm.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string_view>

namespace misroute::k8s {

namespace {

/// Stands for every hostname, where a rule names none.
constexpr char const *k_any_host = "*";

using RouteBackends = std::vector<RouteBackend>;

/// The parts that all route_backends of one object share.
RouteBackend route_backend_of(Value const &object)
{
    RouteBackend route_backend;
    route_backend.route.kind = text_of(object["kind"]);
    route_backend.route.name = name_of(object);
    route_backend.metadata_labels = labels_of(object["metadata"]["labels"]);
    return route_backend;
}

RouteBackend to_service(RouteBackend route_backend, std::string const &host, ObjectName service, Location location)
{
    route_backend.route.host = host.empty() ? k_any_host : litellm::normal_host(host);
    route_backend.route.location = std::move(location);
    route_backend.service = std::move(service);
    return route_backend;
}

/// A reference with a namespace of its own, else the route's.
ObjectName referred(Value const &reference, std::string const &space)
{
    auto const &own = text_of(reference["namespace"]);
    return {own.empty() ? space : own, text_of(reference["name"])};
}

/// A reference to a Service that gets requests at all.
bool is_live(Value const &reference)
{
    auto const &kind = text_of(reference["kind"]);
    return (kind.empty() || kind == "Service") && text_of(reference["weight"]) != "0" &&
           !is_true(reference["mirror"]) && !text_of(reference["name"]).empty();
}

/// "claude.ai" and "claude.ai.svc.cluster.local", as Istio and ExternalName write a Service; else the namespace is
/// `space`.
ObjectName service_of_host(std::string const &host, std::string const &space)
{
    auto const dot = host.find('.');
    auto const rest = dot == std::string::npos ? std::string{} : host.substr(dot + 1);
    return {rest.empty() ? space : rest.substr(0, rest.find('.')), host.substr(0, dot)};
}

std::vector<std::string> hosts_of(Value const &list)
{
    std::vector<std::string> hosts;
    for (auto const &host : list.items) {
        hosts.push_back(text_of(host));
    }
    return hosts;
}

/// networking.k8s.io/v1, and the v1beta1 that old charts still print.
std::string service_of_backend(Value const &backend)
{
    auto const &name = text_of(backend["service"]["name"]);
    return name.empty() ? text_of(backend["serviceName"]) : name;
}

Value const &default_backend(Value const &spec)
{
    return spec.find("defaultBackend") != nullptr ? spec["defaultBackend"] : spec["backend"];
}

/// What the default backend of an Ingress gets: requests for hostnames that no rule names, those of rules without
/// paths, and those that only its certificates name.
RouteBackends read_default_backend(Value const &spec, RouteBackend const &common, std::string const &file)
{
    auto const &fallback = default_backend(spec);
    ObjectName const service{common.route.name.space, service_of_backend(fallback)};
    if (service.name.empty()) {
        return {};
    }
    std::set<std::string> named;
    RouteBackends route_backends{to_service(common, {}, service, {file, fallback.line})};
    for (auto const &rule : spec["rules"].items) {
        auto const &host = text_of(rule["host"]);
        if (!host.empty() && named.insert(host).second && rule["http"]["paths"].items.empty()) {
            route_backends.push_back(to_service(common, host, service, {file, rule.line}));
        }
    }
    for (auto const &certificate : spec["tls"].items) {
        for (auto const &host : certificate["hosts"].items) {
            if (!text_of(host).empty() && named.insert(text_of(host)).second) {
                route_backends.push_back(to_service(common, text_of(host), service, {file, fallback.line}));
            }
        }
    }
    return route_backends;
}

/// The names in a list with commas.
std::vector<std::string> listed(std::string const &text)
{
    std::vector<std::string> names;
    for (std::size_t at = 0; at < text.size();) {
        auto const end = std::min(text.find(',', at), text.size());
        if (auto name = litellm::normal_host(text.substr(at, end - at)); !name.empty()) {
            names.push_back(std::move(name));
        }
        at = end + 1;
    }
    return names;
}

/// ingress-nginx serves these hostnames as it serves those of the rules.
void add_aliases(RouteBackends &route_backends, Value const &annotations)
{
    auto const named = route_backends;
    for (auto const &alias : listed(text_of(annotations["nginx.ingress.kubernetes.io/server-alias"]))) {
        for (auto one : named) {
            if (one.route.host != k_any_host) {
                one.route.host = alias;
                route_backends.push_back(std::move(one));
            }
        }
    }
}

RouteBackends read_ingress(Value const &object, std::string const &file)
{
    auto const common = route_backend_of(object);
    auto const &space = common.route.name.space;
    auto const &spec = object["spec"];
    auto route_backends = read_default_backend(spec, common, file);
    for (auto const &rule : spec["rules"].items) {
        for (auto const &path : rule["http"]["paths"].items) {
            if (auto const name = service_of_backend(path["backend"]); !name.empty()) {
                route_backends.push_back(to_service(common, text_of(rule["host"]), {space, name}, {file, rule.line}));
                route_backends.back().route.path = text_of(path["path"]);
            }
        }
    }
    add_aliases(route_backends, object["metadata"]["annotations"]);
    return route_backends;
}

/// What tells the rules of a Gateway API route apart.
std::string matches_text(Value const &matches)
{
    std::string text;
    for (auto const &match : matches.items) {
        text += (text.empty() ? "" : " ") + text_of(match["path"]["value"]) + text_of(match["method"]["service"]);
    }
    return text;
}

RouteBackends read_gateway_route(Value const &object, std::string const &file)
{
    auto common = route_backend_of(object);
    auto const &spec = object["spec"];
    auto hosts = hosts_of(spec["hostnames"]);
    if (hosts.empty()) {
        hosts.emplace_back();
    }
    for (auto const &parent : spec["parentRefs"].items) {
        if (auto const &kind = text_of(parent["kind"]); kind.empty() || kind == "Gateway") {
            common.parents.push_back(
                {referred(parent, common.route.name.space), text_of(parent["sectionName"]), text_of(parent["port"])});
        }
    }
    RouteBackends route_backends;
    for (auto const &rule : spec["rules"].items) {
        common.route.path = matches_text(rule["matches"]);
        for (auto const &reference : rule["backendRefs"].items) {
            for (auto const &host : is_live(reference) ? hosts : std::vector<std::string>{}) {
                auto service = referred(reference, common.route.name.space);
                route_backends.push_back(to_service(common, host, std::move(service), {file, reference.line}));
            }
        }
    }
    return route_backends;
}

/// The quoted words behind a parenthesis of a Traefik rule, up to the one that closes it: `a`, "b").
std::vector<std::string> quoted_words(std::string_view text)
{
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size() && text[at] != ')'; ++at) {
        if (std::string_view{"`\"'"}.find(text[at]) == std::string_view::npos) {
            continue;
        }
        auto const close = text.find(text[at], at + 1);
        if (close == std::string_view::npos) {
            break;
        }
        words.emplace_back(text.substr(at + 1, close - at - 1));
        at = close;
    }
    return words;
}

/// The arguments of every `name(…)` of a Traefik rule, without their quotes.
std::vector<std::string> arguments(std::string_view rule, std::string_view name)
{
    std::vector<std::string> result;
    for (auto at = rule.find(name); at != std::string_view::npos; at = rule.find(name, at + 1)) {
        bool const negated = at > 0 && rule[at - 1] == '!';
        std::ranges::move(negated ? std::vector<std::string>{} : quoted_words(rule.substr(at + name.size())),
                          std::back_inserter(result));
    }
    return result;
}

/// The same for each hostname of a Traefik rule; a regular expression that stands for none is kept as such.
RouteBackends per_host(std::string const &rule, RouteBackend const &common)
{
    RouteBackends route_backends;
    auto const add = [&](std::string const &host, std::string const &unread) {
        route_backends.push_back(common);
        route_backends.back().route.host = host;
        route_backends.back().unread_host = unread;
    };
    for (auto const &host : arguments(rule, "Host(")) {
        add(host, {});
    }
    for (auto const &pattern : arguments(rule, "HostRegexp(")) {
        auto const host = host_of_pattern(pattern);
        add(host.value_or(""), host ? "" : pattern);
    }
    if (route_backends.empty()) {
        add({}, {});
    }
    return route_backends;
}

RouteBackends read_traefik_route(Value const &object, std::string const &file)
{
    auto common = route_backend_of(object);
    RouteBackends route_backends;
    for (auto const &route : object["spec"]["routes"].items) {
        auto const &rule = text_of(route["match"]);
        auto const paths = arguments(rule, "PathPrefix(");
        common.route.path = paths.empty() ? std::string{} : paths.front();
        auto const hosts = per_host(rule, common);
        for (auto const &service : route["services"].items) {
            for (auto const &one : is_live(service) ? hosts : RouteBackends{}) {
                route_backends.push_back(
                    to_service(one, one.route.host, referred(service, common.route.name.space), {file, route.line}));
            }
        }
    }
    return route_backends;
}

/// Names inside the mesh ("reviews", "reviews.prod.svc.cluster.local") are no hostnames that clients know.
bool is_public(std::string const &host)
{
    return host == k_any_host || (host.find('.') != std::string::npos && host.find(".svc") == std::string::npos);
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

RouteBackends read_virtual_service(Value const &object, std::string const &file)
{
    auto common = route_backend_of(object);
    auto hosts = hosts_of(object["spec"]["hosts"]);
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
            std::ranges::move(destinations_of(rule, common, hosts, file), std::back_inserter(route_backends));
            std::ranges::move(delegates_of(rule, common, hosts, file), std::back_inserter(route_backends));
        }
    }
    return route_backends;
}

RouteBackends read_openshift_route(Value const &object, std::string const &file)
{
    auto common = route_backend_of(object);
    auto const &spec = object["spec"];
    common.route.path = text_of(spec["path"]);
    std::vector<Value const *> targets{&spec["to"]};
    for (auto const &other : spec["alternateBackends"].items) {
        targets.push_back(&other);
    }
    RouteBackends route_backends;
    for (auto const *const target : targets) {
        if (is_live(*target)) {
            route_backends.push_back(to_service(common, text_of(spec["host"]), referred({}, common.route.name.space),
                                                {file, spec["to"].line}));
            route_backends.back().service.name = text_of((*target)["name"]);
        }
    }
    return route_backends;
}

RouteBackends read_http_proxy(Value const &object, std::string const &file)
{
    auto common = route_backend_of(object);
    auto const &spec = object["spec"];
    auto const &host = text_of(spec["virtualhost"]["fqdn"]);
    common.child = host.empty();
    RouteBackends route_backends;
    auto const add = [&](Value const &services, std::string const &path) {
        common.route.path = path;
        for (auto const &service : services.items) {
            if (is_live(service)) {
                route_backends.push_back(
                    to_service(common, host, referred(service, common.route.name.space), {file, service.line}));
            }
        }
    };
    for (auto const &route : spec["routes"].items) {
        auto const &conditions = route["conditions"].items;
        add(route["services"], conditions.empty() ? std::string{} : text_of(conditions.front()["prefix"]));
    }
    add(spec["tcpproxy"]["services"], {});
    for (auto const &include : spec["includes"].items) {
        auto const &conditions = include["conditions"].items;
        route_backends.push_back(to_service(common, host, {}, {file, include.line}));
        route_backends.back().route.path = conditions.empty() ? std::string{} : text_of(conditions.front()["prefix"]);
        route_backends.back().delegate = referred(include, common.route.name.space);
    }
    return route_backends;
}

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
