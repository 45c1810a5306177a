// SPDX-License-Identifier: Apache-2.0
#include "k8s/objects.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute::k8s {

namespace {

/// A value of a ConfigMap that is longer than this is a file, and no variable.
constexpr std::size_t k_longest_variable = 500;

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

/// Every "os.environ/NAME" of a file: whatever it is for, two files that take other ones have other keys or upstreams.
std::set<std::string> variables_in(std::string_view text)
{
    constexpr std::string_view prefix = "os.environ/";
    std::set<std::string> variables;
    for (auto at = text.find(prefix); at != std::string_view::npos; at = text.find(prefix, at + 1)) {
        auto const end = text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_",
                                                at + prefix.size());
        variables.emplace(text.substr(at, end == std::string_view::npos ? end : end - at));
    }
    return variables;
}

void add_address(Addresses &addresses, Value const &target, std::string const &address)
{
    auto const &name = text_of(target["name"]);
    addresses.ready.insert(identity(target, address));
    if (name.empty() || text_of(target["kind"]) != "Pod") {
        addresses.unnamed.insert(address);
    } else {
        addresses.pods.insert({addresses.service.space, name});
    }
}

} // namespace

Service read_service(Value const &object, Location const &location)
{
    auto const &spec = object["spec"];
    Service service;
    service.selector = labels_of(spec["selector"]);
    if (text_of(spec["type"]) == "ExternalName") {
        service.selector.clear();
    }
    service.selectorless = service.selector.empty();
    service.name = name_of(object);
    service.metadata_labels = labels_of(object["metadata"]["labels"]);
    service.sticky = text_of(spec["sessionAffinity"]) == "ClientIP";
    service.location = {location.file, service.selectorless ? location.line : spec["selector"].line};
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
            add_address(addresses, endpoint["targetRef"], text_of(list.front()));
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
            add_address(addresses, address["targetRef"], text_of(address["ip"]));
        }
    }
    return addresses;
}

bool Configuration::has_models() const
{
    return std::any_of(files.begin(), files.end(), [](ConfigFile const &file) { return !file.models.empty(); });
}

Configuration read_config_map(Value const &object, Location const &location)
{
    Configuration configuration;
    configuration.name = name_of(object);
    configuration.location = location;
    for (auto const &[file, value] : object["data"].members) {
        auto const &text = text_of(value);
        if (auto config = parse_config(file, text)) {
            configuration.variables.merge(variables_in(text));
            configuration.files.push_back(std::move(*config));
        } else if (text.size() <= k_longest_variable) {
            configuration.values[file] = text;
        }
    }
    return configuration;
}

} // namespace misroute::k8s
