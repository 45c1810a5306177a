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

/// The parts that all backings of one Ingress or HTTPRoute share.
Backing backing_of(Value const &object, std::string kind)
{
    Backing backing;
    backing.route.kind = std::move(kind);
    backing.route.name = name_of(object);
    backing.metadata_labels = labels_of(object["metadata"]["labels"]);
    return backing;
}

Backing to_service(Backing backing, std::string const &host, std::string const &service, Location location)
{
    backing.route.host = host.empty() ? k_any_host : litellm::normal_host(host);
    backing.route.location = std::move(location);
    backing.service = {backing.route.name.space, service};
    return backing;
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

std::vector<Backing> read_ingress(Value const &object, std::string const &file)
{
    auto const common = backing_of(object, "Ingress");
    auto const &spec = object["spec"];
    std::vector<Backing> backings;
    if (auto const &fallback = text_of(spec["defaultBackend"]["service"]["name"]); !fallback.empty()) {
        backings.push_back(to_service(common, {}, fallback, {file, spec["defaultBackend"].line}));
    }
    for (auto const &rule : spec["rules"].items) {
        for (auto const &path : rule["http"]["paths"].items) {
            auto const &service = text_of(path["backend"]["service"]["name"]);
            if (!service.empty()) {
                backings.push_back(to_service(common, text_of(rule["host"]), service, {file, rule.line}));
            }
        }
    }
    return backings;
}

std::vector<Backing> read_http_route(Value const &object, std::string const &file)
{
    auto const common = backing_of(object, "HTTPRoute");
    auto const &spec = object["spec"];
    std::vector<std::string> hosts;
    for (auto const &host : spec["hostnames"].items) {
        hosts.push_back(text_of(host));
    }
    if (hosts.empty()) {
        hosts.emplace_back();
    }
    std::vector<Backing> backings;
    for (auto const &rule : spec["rules"].items) {
        for (auto const &reference : rule["backendRefs"].items) {
            auto const &kind = text_of(reference["kind"]);
            if ((!kind.empty() && kind != "Service") || text_of(reference["weight"]) == "0") {
                continue;
            }
            for (auto const &host : hosts) {
                auto backing = to_service(common, host, text_of(reference["name"]), {file, reference.line});
                auto const &space = text_of(reference["namespace"]);
                backing.service.space = space.empty() ? backing.service.space : space;
                backings.push_back(std::move(backing));
            }
        }
    }
    return backings;
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
