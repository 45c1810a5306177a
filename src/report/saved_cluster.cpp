// SPDX-License-Identifier: Apache-2.0
#include "report/saved_parts.hpp"

#include <algorithm>

namespace misroute::saved {

namespace {

int small(JsonReader const &json)
{
    constexpr std::int64_t k_most = 1'000'000;
    return static_cast<int>(std::min(json.count(), k_most));
}

Workload workload_of(JsonReader const &json)
{
    Workload workload;
    workload.kind = json.at("kind").text();
    workload.name = {json.at("namespace").name(), json.at("name").text()};
    workload.instance = json.at("instance").name();
    workload.replicas = small(json.at("replicas"));
    Expectation const serves{json.at("provider").name(), json.at("upstream").name()};
    if (!serves.provider.empty() || !serves.upstream.empty()) {
        workload.serves = {serves};
    }
    return workload;
}

/// Where that workload stands in the cluster; several Services name the same one.
std::size_t index_of(Cluster &cluster, Workload &&workload)
{
    auto const found = std::ranges::find_if(cluster.workloads, [&](Workload const &known) {
        return known.kind == workload.kind && known.name == workload.name;
    });
    if (found != cluster.workloads.end()) {
        return static_cast<std::size_t>(found - cluster.workloads.begin());
    }
    cluster.workloads.push_back(std::move(workload));
    return cluster.workloads.size() - 1;
}

Service service_of(JsonReader const &json, Cluster &cluster)
{
    Service service;
    service.name = {json.at("namespace").name(), json.at("name").text()};
    for (auto const &[label, value] : json.at("selector").members()) {
        service.selector[label] = value.text();
    }
    service.instance = json.at("instance").name();
    for (auto const &workload : json.at("workloads").elements()) {
        service.workloads.push_back(index_of(cluster, workload_of(workload)));
    }
    service.endpoints = json.at("endpoints").optional(small);
    service.location = location_of(json.at("location")).value_or(Location{});
    return service;
}

Route route_of(JsonReader const &json, Cluster const &cluster)
{
    Route route;
    route.host = json.at("host").text();
    route.instance = json.at("instance").name();
    auto const service = json.at("service").name();
    auto const found =
        std::ranges::find_if(cluster.services, [&](Service const &known) { return known.name.text() == service; });
    route.service = static_cast<std::size_t>(found - cluster.services.begin());
    route.location = location_of(json.at("location")).value_or(Location{});
    if (auto const kind = json.maybe("kind")) {
        route.kind = kind->text();
        route.name = {json.at("namespace").name(), json.at("name").name()};
    }
    return route;
}

} // namespace

Cluster cluster_of(JsonReader const &json)
{
    Cluster cluster;
    for (auto const &service : json.at("services").elements()) {
        cluster.services.push_back(service_of(service, cluster));
    }
    for (auto const &route : json.at("routes").elements()) {
        cluster.routes.push_back(route_of(route, cluster));
    }
    cluster.problems = json.at("problems").each([](JsonReader const &problem) { return problem.text(); });
    return cluster;
}

} // namespace misroute::saved
