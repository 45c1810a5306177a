// SPDX-License-Identifier: Apache-2.0
#include "k8s/route_kinds.hpp"

#include "misroute/model/litellm.hpp"

#include <algorithm>

namespace misroute::k8s {

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

ObjectName referred(Value const &reference, std::string const &space)
{
    auto const &own = text_of(reference["namespace"]);
    return {own.empty() ? space : own, text_of(reference["name"])};
}

bool is_live(Value const &reference)
{
    auto const &kind = text_of(reference["kind"]);
    return (kind.empty() || kind == "Service") && text_of(reference["weight"]) != "0" &&
           !is_true(reference["mirror"]) && !text_of(reference["name"]).empty();
}

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

std::vector<std::string> listed(std::string_view text)
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

std::string words_of(Value const &value)
{
    std::string words = value.text;
    for (auto const &item : value.items) {
        words += " [" + words_of(item) + "]";
    }
    for (auto const &[name, member] : value.members) {
        words += " " + name + "=" + words_of(member);
    }
    return words;
}

} // namespace misroute::k8s
