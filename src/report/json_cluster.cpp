// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_shares.hpp"
#include "misroute/model/text.hpp"
#include "report/json.hpp"

namespace misroute {

namespace {

Json labels_value(Labels const &labels)
{
    std::map<std::string, std::string> cleaned;
    for (auto const &[label, value] : labels) {
        cleaned[text::machine(label)] = text::machine(value);
    }
    return cleaned;
}

// What a workload answers with; null where its configuration is not in the input or names several.
Json workload_value(Workload const &workload)
{
    auto const single = workload.serves.size() == 1 ? workload.serves.front() : Expectation{};
    return {{"kind", text_value(workload.kind)},           {"name", text_value(workload.name.name)},
            {"instance", name_value(workload.instance)},   {"replicas", workload.replicas},
            {"provider", name_value(single.provider)},     {"upstream", name_value(single.upstream)},
            {"namespace", name_value(workload.name.space)}};
}

std::vector<Workload const *> selected(Cluster const &cluster, Service const &service)
{
    std::vector<Workload const *> workloads;
    for (auto const index : service.workloads) {
        if (index < cluster.workloads.size()) {
            workloads.push_back(&cluster.workloads[index]);
        }
    }
    return workloads;
}

Json service_value(Cluster const &cluster, Service const &service)
{
    auto workloads = Json::array();
    for (auto const *workload : selected(cluster, service)) {
        workloads.push_back(workload_value(*workload));
    }
    return {{"namespace", name_value(service.name.space)},
            {"name", text_value(service.name.name)},
            {"selector", labels_value(service.selector)},
            {"instance", name_value(service.instance)},
            {"workloads", workloads},
            {"endpoints", service.endpoints ? Json(*service.endpoints) : Json(nullptr)},
            {"location", location_value(service.location)}};
}

Json reaches_value(Cluster const &cluster, Route const &route)
{
    auto json = Json::array();
    for (auto const &reached : reached_by(cluster, route)) {
        json.push_back({{"instance", name_value(reached.instance)}, {"share", number_value(reached.share, 3)}});
    }
    return json;
}

/// Cleaned part by part, so that it is the name that the Service has in this document.
Json service_name_value(ObjectName const &name)
{
    return ObjectName{text::machine(name.space), text::machine(name.name)}.text();
}

Json route_value(Cluster const &cluster, Route const &route)
{
    auto const *service = route.service < cluster.services.size() ? &cluster.services[route.service] : nullptr;
    return {{"host", text_value(route.host)},
            {"service", service != nullptr ? service_name_value(service->name) : Json(nullptr)},
            {"instance", name_value(route.instance)},
            {"reaches", reaches_value(cluster, route)},
            {"location", location_value(route.location)},
            {"kind", text_value(route.kind)},
            {"namespace", name_value(route.name.space)},
            {"name", name_value(route.name.name)}};
}

} // namespace

Json cluster_value(Cluster const &cluster)
{
    auto services = Json::array();
    for (auto const &service : cluster.services) {
        services.push_back(service_value(cluster, service));
    }
    auto routes = Json::array();
    for (auto const &route : cluster.routes) {
        routes.push_back(route_value(cluster, route));
    }
    return {{"services", services}, {"routes", routes}, {"problems", texts_value(cluster.problems)}};
}

} // namespace misroute
