// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_remedy.hpp"
#include "detect/cluster_rules.hpp"
#include "detect/cluster_shares.hpp"
#include "detect/cluster_words.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace misroute {

namespace {

bool selects_own(Cluster const &cluster, Service const &service)
{
    return std::any_of(service.workloads.begin(), service.workloads.end(),
                       [&](std::size_t index) { return cluster.workloads[index].instance == service.instance; });
}

/// Services of one namespace by their selector, only where two or more have the same.
std::vector<std::vector<std::size_t>> same_selectors(Cluster const &cluster)
{
    std::map<std::pair<std::string, Labels>, std::vector<std::size_t>> groups;
    for (std::size_t index = 0; index < cluster.services.size(); ++index) {
        auto const &service = cluster.services[index];
        if (service.selectorless) {
            continue;
        }
        groups[{service.name.space, service.selector}].push_back(index);
    }
    std::vector<std::vector<std::size_t>> result;
    for (auto const &[selector, group] : groups) {
        if (group.size() > 1 && concerns_litellm(cluster, cluster.services[group.front()])) {
            result.push_back(group);
        }
    }
    return result;
}

/// Services of the group that a hostname of their own leads to.
std::size_t routed(Cluster const &cluster, std::vector<std::size_t> const &group)
{
    std::map<std::size_t, std::string> hosts;
    std::set<std::string> distinct;
    for (auto const &route : cluster.routes) {
        if (std::find(group.begin(), group.end(), route.service) != group.end() &&
            hosts.emplace(route.service, route.host).second) {
            distinct.insert(route.host);
        }
    }
    return distinct.size();
}

} // namespace

std::vector<Finding> service_selects_other_instance(Facts const &facts)
{
    auto const &cluster = cluster_of(facts);
    std::vector<Finding> findings;
    for (auto const &service : cluster.services) {
        auto const foreign = foreign_instances(cluster, facts.expected, service.instance, service);
        if (foreign.empty() || service.selectorless) {
            continue;
        }
        auto finding = about_service(Rule::service_selects_other_instance, Severity::error, service);
        finding.message =
            fmt::format("{} of {} selects the pods of {}{}", finding.object, service.instance, joined(foreign),
                        selects_own(cluster, service) ? " besides its own" : " and none of its own");
        finding.expected = expected_pods(cluster, service);
        finding.observed = selected_text(cluster, service);
        finding.steps = selector_remedy(cluster, service);
        findings.push_back(std::move(finding));
    }
    return printed_once(std::move(findings));
}

std::vector<Finding> service_selects_many_workloads(Facts const &facts)
{
    auto const &cluster = cluster_of(facts);
    std::vector<Finding> findings;
    for (auto const &service : cluster.services) {
        auto const reached = reached_by(cluster, service);
        auto const instances = std::count_if(reached.begin(), reached.end(),
                                             [](ReachedInstance const &one) { return !one.instance.empty(); });
        bool const open = service.instance.empty() && instances > 1;
        bool const mixed = instances > 0 && instances < static_cast<std::ptrdiff_t>(reached.size());
        if (service.selectorless || (!open && !mixed) ||
            !foreign_instances(cluster, facts.expected, service.instance, service).empty()) {
            continue;
        }
        auto finding = about_service(Rule::service_selects_many_workloads, Severity::warning, service);
        finding.message = mixed ? fmt::format("{} selects pods of LiteLLM and pods that are not", finding.object)
                                : fmt::format("{} selects the pods of {} instances, and nothing says whose it is",
                                              finding.object, instances);
        finding.expected = "the pods of one instance";
        finding.observed = selected_text(cluster, service);
        finding.steps = {
            {.text = "say whose it is: give the Service the label that tells the workloads apart, or list the "
                     "hostname and the workload under one instance in misroute.yaml"},
            {.text = "if the pods are releases of one instance side by side (canary, blue-green), give their "
                     "Deployments one instance label, or let them mount one configuration"}};
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<Finding> identical_selectors(Facts const &facts)
{
    auto const &cluster = cluster_of(facts);
    std::vector<Finding> findings;
    for (auto const &group : same_selectors(cluster)) {
        std::set<std::string> wanted;
        std::vector<std::string> names;
        for (auto const index : group) {
            wanted.insert(cluster.services[index].instance);
            names.push_back(cluster.services[index].name.name);
        }
        wanted.erase("");
        auto const &first = cluster.services[group.front()];
        // Two Services of one instance, such as one for metrics, may well select the same pods.
        if (wanted.size() < 2 && reached_by(cluster, first).size() < 2) {
            continue;
        }
        auto finding = about_service(Rule::identical_selectors,
                                     routed(cluster, group) > 1 ? Severity::error : Severity::warning, first);
        finding.instance.clear();
        finding.message =
            fmt::format("Services {} select the same pods by {}", joined(names), selector_text(first.selector));
        finding.expected = "a selector of its own for each Service";
        finding.observed = selected_text(cluster, first);
        bool const patches = std::any_of(group.begin(), group.end(), [&](std::size_t index) {
            auto const &service = cluster.services[index];
            return !foreign_instances(cluster, facts.expected, service.instance, service).empty() &&
                   has_patch(selector_remedy(cluster, service));
        });
        finding.steps = {{.text = patches
                                      ? "give every selector the label that tells the instances apart; the findings "
                                        "of service-selects-other-instance have the patches"
                                      : "decide whose pods each of these Services is meant for, and give every "
                                        "selector a label that only those pods have"}};
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<Finding> job_pods_selected(Facts const &facts)
{
    auto const &cluster = cluster_of(facts);
    std::map<std::size_t, std::vector<std::string>> selecting;
    for (auto const &service : cluster.services) {
        for (auto const index : service.workloads) {
            if (cluster.workloads[index].runs_to_completion() && concerns_litellm(cluster, service)) {
                selecting[index].push_back(fmt::format("{} ({})", service.name.name, selector_text(service.selector)));
            }
        }
    }
    std::vector<Finding> findings;
    for (auto const &[index, services] : selecting) {
        auto const &job = cluster.workloads[index];
        Finding finding;
        finding.rule = Rule::job_pods_selected;
        finding.severity = Severity::warning;
        finding.object = object_text(job.kind, job.name);
        finding.location = job.location;
        finding.message =
            fmt::format("{} puts its pods behind Service {} while it runs", finding.object, joined(services));
        finding.expected = "pods that serve requests only";
        finding.observed = fmt::format("its pods have the labels {}", selector_text(job.pod_labels));
        finding.steps = {
            {.text = "give the pods of the Job other labels, or the Service a label that only the proxies have"}};
        findings.push_back(std::move(finding));
    }
    return findings;
}

} // namespace misroute
