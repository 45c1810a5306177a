// SPDX-License-Identifier: Apache-2.0
#include "k8s/objects.hpp"
#include "misroute/model/litellm.hpp"

#include <fmt/format.h>

namespace misroute::k8s {

namespace {

/// Stands for every hostname, where a rule names none.
constexpr char const *k_any_host = "*";

/// What is the same for one pod in every slice and family: its uid, else its name, else its first address.
std::string identity(Value const &target, std::string const &address)
{
    auto const &uid = text_of(target["uid"]);
    if (!uid.empty()) {
        return uid;
    }
    auto const &name = text_of(target["name"]);
    return name.empty() ? address : fmt::format("{}/{}", text_of(target["kind"]), name);
}

/// The parts that all backends of one Ingress or HTTPRoute share.
RouteBackend route_backend_of(Value const &object, std::string kind)
{
    RouteBackend route_backend;
    route_backend.route.kind = std::move(kind);
    route_backend.route.name = name_of(object);
    route_backend.metadata_labels = labels_of(object["metadata"]["labels"]);
    return route_backend;
}

RouteBackend to_service(RouteBackend route_backend, std::string const &host, std::string const &service,
                        Location location)
{
    route_backend.route.host = host.empty() ? k_any_host : litellm::normal_host(host);
    route_backend.route.location = std::move(location);
    route_backend.service = {route_backend.route.name.space, service};
    return route_backend;
}

} // namespace

std::optional<Service> read_service(Value const &object, Location const &location)
{
    auto const &spec = object["spec"];
    Service service;
    service.selector = labels_of(spec["selector"]);
    if (service.selector.empty() || text_of(spec["type"]) == "ExternalName") {
        return std::nullopt;
    }
    service.name = name_of(object);
    service.metadata_labels = labels_of(object["metadata"]["labels"]);
    service.sticky = text_of(spec["sessionAffinity"]) == "ClientIP";
    service.location = {location.file, spec["selector"].line};
    return service;
}

std::optional<Addresses> read_endpoint_slice(Value const &object)
{
    auto const &service = text_of(object["metadata"]["labels"]["kubernetes.io/service-name"]);
    if (service.empty()) {
        return std::nullopt;
    }
    Addresses addresses;
    addresses.service = {name_of(object).space, service};
    for (auto const &endpoint : object["endpoints"].items) {
        auto const &list = endpoint["addresses"].items;
        // "A nil value should be interpreted as ready" is how the API reference puts it; so only a plain false is not.
        if (!list.empty() && text_of(endpoint["conditions"]["ready"]) != "false") {
            addresses.ready.insert(identity(endpoint["targetRef"], text_of(list.front())));
        }
    }
    return addresses;
}

Addresses read_endpoints(Value const &object)
{
    Addresses addresses;
    addresses.service = name_of(object);
    for (auto const &subset : object["subsets"].items) {
        for (auto const &address : subset["addresses"].items) {
            addresses.ready.insert(identity(address["targetRef"], text_of(address["ip"])));
        }
    }
    return addresses;
}

std::vector<RouteBackend> read_ingress(Value const &object, std::string const &file)
{
    auto const common = route_backend_of(object, "Ingress");
    auto const &spec = object["spec"];
    std::vector<RouteBackend> route_backends;
    if (auto const &fallback = text_of(spec["defaultBackend"]["service"]["name"]); !fallback.empty()) {
        route_backends.push_back(to_service(common, {}, fallback, {file, spec["defaultBackend"].line}));
    }
    for (auto const &rule : spec["rules"].items) {
        for (auto const &path : rule["http"]["paths"].items) {
            auto const &service = text_of(path["backend"]["service"]["name"]);
            if (!service.empty()) {
                route_backends.push_back(to_service(common, text_of(rule["host"]), service, {file, rule.line}));
            }
        }
    }
    return route_backends;
}

std::vector<RouteBackend> read_http_route(Value const &object, std::string const &file)
{
    auto const common = route_backend_of(object, "HTTPRoute");
    auto const &spec = object["spec"];
    std::vector<std::string> hosts;
    for (auto const &host : spec["hostnames"].items) {
        hosts.push_back(text_of(host));
    }
    if (hosts.empty()) {
        hosts.emplace_back();
    }
    std::vector<RouteBackend> route_backends;
    for (auto const &rule : spec["rules"].items) {
        for (auto const &reference : rule["backendRefs"].items) {
            auto const &kind = text_of(reference["kind"]);
            if ((!kind.empty() && kind != "Service") || text_of(reference["weight"]) == "0") {
                continue;
            }
            for (auto const &host : hosts) {
                auto route_backend = to_service(common, host, text_of(reference["name"]), {file, reference.line});
                auto const &space = text_of(reference["namespace"]);
                route_backend.service.space = space.empty() ? route_backend.service.space : space;
                route_backends.push_back(std::move(route_backend));
            }
        }
    }
    return route_backends;
}

Configuration read_config_map(Value const &object)
{
    Configuration configuration;
    configuration.name = name_of(object);
    for (auto const &[file, text] : object["data"].members) {
        auto const models = parse_model_list(text_of(text));
        configuration.models.insert(configuration.models.end(), models.begin(), models.end());
    }
    return configuration;
}

} // namespace misroute::k8s
