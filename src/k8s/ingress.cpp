// SPDX-License-Identifier: Apache-2.0
#include "k8s/parse.hpp"
#include "k8s/route_kinds.hpp"
#include "misroute/model/litellm.hpp"

#include <set>
#include <string_view>

namespace misroute::k8s {

namespace {

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

/// A member as AWS' controller reads it now, or as its first version did: "forwardConfig", "ForwardConfig".
Value const &member(Value const &value, std::string_view name, std::string_view old_name)
{
    return value.find(name) == nullptr ? value[old_name] : value[name];
}

/// The Services that a backend of an Ingress leads to. With AWS' controller one may be the name of an action, which an
/// annotation describes: a redirect, a fixed answer, or Services with weights. What cannot be read keeps its name,
/// which no Service has.
std::vector<std::string> services_of(std::string const &name, Value const &annotations)
{
    if (name.empty()) {
        return {};
    }
    auto const &described = text_of(annotations["alb.ingress.kubernetes.io/actions." + name]);
    auto const action = parse_one(described).value_or(Value{});
    auto const &type = text_of(member(action, "type", "Type"));
    if (type == "redirect" || type == "fixed-response") {
        return {};
    }
    std::vector<std::string> services;
    for (auto const &group :
         member(member(action, "forwardConfig", "ForwardConfig"), "targetGroups", "TargetGroups").items) {
        auto const &service = text_of(member(group, "serviceName", "ServiceName"));
        if (text_of(member(group, "weight", "Weight")) != "0") {
            services.push_back(service.empty() ? name : service);
        }
    }
    return services.empty() ? std::vector{name} : services;
}

/// What the default backend of an Ingress gets: requests for hostnames that no rule names, those of rules without
/// paths, and those that only its certificates name.
RouteBackends read_default_backend(Value const &object, RouteBackend const &common, std::string const &file)
{
    auto const &spec = object["spec"];
    auto const &fallback = default_backend(spec);
    auto const services = services_of(service_of_backend(fallback), object["metadata"]["annotations"]);
    RouteBackends route_backends;
    auto const add = [&](std::string const &host, int line) {
        for (auto const &service : services) {
            route_backends.push_back(to_service(common, host, {common.route.name.space, service}, {file, line}));
        }
    };
    std::set<std::string> named;
    add({}, fallback.line);
    for (auto const &rule : spec["rules"].items) {
        auto const &host = text_of(rule["host"]);
        if (!host.empty() && named.insert(host).second && rule["http"]["paths"].items.empty()) {
            add(host, rule.line);
        }
    }
    for (auto const &certificate : spec["tls"].items) {
        for (auto const &host : certificate["hosts"].items) {
            if (!text_of(host).empty() && named.insert(text_of(host)).second) {
                add(text_of(host), fallback.line);
            }
        }
    }
    return route_backends;
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

/// A canary of ingress-nginx takes some of the requests of the Ingress beside it: those with a header or a cookie, a
/// share of all by its weight, or none.
class Canary
{
public:
    explicit Canary(Value const &annotations)
        : m_chosen{words_of(annotation(annotations, "-by-header")) +
                   words_of(annotation(annotations, "-by-header-value")) +
                   words_of(annotation(annotations, "-by-header-pattern")) +
                   words_of(annotation(annotations, "-by-cookie"))},
          m_canary{is_true(annotation(annotations, ""))},
          m_share{text_of(annotation(annotations, "-weight")).find_first_of("123456789") != std::string::npos}
    {
    }

    bool takes_nothing() const { return m_canary && !m_share && m_chosen.empty(); }
    /// What a request has to have to get there; empty where any may.
    std::string conditions() const { return m_canary && !m_share ? m_chosen : std::string{}; }

private:
    static Value const &annotation(Value const &annotations, std::string const &ending)
    {
        return annotations["nginx.ingress.kubernetes.io/canary" + ending];
    }

    std::string m_chosen;
    bool m_canary;
    bool m_share;
};

std::set<std::string> classes_of(Value const &object)
{
    auto const &named = text_of(object["spec"]["ingressClassName"]);
    auto const &annotated = text_of(object["metadata"]["annotations"]["kubernetes.io/ingress.class"]);
    std::set<std::string> classes{named.empty() ? annotated : named};
    classes.erase("");
    return classes;
}

} // namespace

RouteBackends read_ingress(Value const &object, std::string const &file)
{
    auto const &annotations = object["metadata"]["annotations"];
    Canary const canary{annotations};
    if (canary.takes_nothing()) {
        return {};
    }
    auto common = route_backend_of(object);
    common.entrances = classes_of(object);
    common.conditions = canary.conditions();
    auto const &space = common.route.name.space;
    auto const &spec = object["spec"];
    auto route_backends = read_default_backend(object, common, file);
    for (auto const &rule : spec["rules"].items) {
        for (auto const &path : rule["http"]["paths"].items) {
            auto const name = service_of_backend(path["backend"]);
            for (auto const &service : services_of(name, annotations)) {
                auto one = to_service(common, text_of(rule["host"]), {space, service}, {file, rule.line});
                one.route.path = text_of(path["path"]);
                one.conditions += text_of(annotations["alb.ingress.kubernetes.io/conditions." + name]);
                route_backends.push_back(std::move(one));
            }
        }
    }
    add_aliases(route_backends, annotations);
    return route_backends;
}

} // namespace misroute::k8s
