// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cluster_evidence.hpp"

#include "detect/cluster_shares.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace misroute {

namespace {

std::map<std::string, int> pods_behind(Cluster const &cluster, Service const &service)
{
    std::map<std::string, int> pods;
    for (auto const &reached : reached_by(cluster, service)) {
        if (!reached.instance.empty()) {
            pods[reached.instance] = reached.replicas;
        }
    }
    return pods;
}

std::string text_of(std::map<std::string, int> const &pods)
{
    std::vector<std::string> parts;
    parts.reserve(pods.size());
    for (auto const &[instance, replicas] : pods) {
        parts.push_back(fmt::format("{} {}", instance, replicas));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

// The instance a Service is meant for; without one, it cannot be told which pods are too many.
bool is_wide(Service const &service, std::map<std::string, int> const &pods)
{
    return pods.size() > 1 || (pods.size() == 1 && !service.instance.empty() && !pods.contains(service.instance));
}

} // namespace

std::vector<Selection> wide_selections(Cluster const &cluster)
{
    std::vector<Selection> selections;
    for (auto const &service : cluster.services) {
        if (auto pods = pods_behind(cluster, service); is_wide(service, pods)) {
            selections.push_back({&service, std::move(pods)});
        }
    }
    return selections;
}

std::optional<Prediction> compare(Selection const &selection, IncidentEvidence const &evidence)
{
    auto const *entered = evidence.entered(selection.service->instance);
    if (!entered) {
        return std::nullopt;
    }
    std::vector<std::int64_t> observed;
    std::vector<double> weights;
    auto owners = entered->requests.by_owner;
    for (auto const &[instance, replicas] : selection.pods) {
        auto const found = owners.find(instance);
        observed.push_back(found == owners.end() ? 0 : found->second);
        weights.push_back(replicas);
        owners.erase(instance);
    }
    Prediction prediction;
    prediction.explains = owners.empty() && entered->requests.foreign > 0;
    prediction.test = g_test(observed, weights);
    prediction.sentence = fmt::format(
        "Service {} selects pods of {} (replicas), and {} was answered by {} (requests): G = {:.2f}, p = {:.3f}",
        selection.service->name.text(), text_of(selection.pods), entered->instance, text_of(entered->requests),
        prediction.test.statistic, prediction.test.p);
    return prediction;
}

std::vector<Misroute> misroutes(Cluster const &cluster)
{
    std::vector<Misroute> result;
    for (auto const &route : cluster.routes) {
        if (route.service >= cluster.services.size() || route.instance.empty()) {
            continue;
        }
        auto const pods = pods_behind(cluster, cluster.services[route.service]);
        if (pods.size() == 1 && !pods.contains(route.instance)) {
            result.push_back({&route, pods.begin()->first});
        }
    }
    return result;
}

} // namespace misroute
