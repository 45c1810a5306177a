// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_rules.hpp"

#include "detect/cluster_remedy.hpp"
#include "detect/cluster_shares.hpp"
#include "detect/cluster_words.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace misroute {

namespace {

/// LiteLLM runs behind the Service, or is meant to.
bool concerns_litellm(Cluster const &cluster, Service const &service)
{
    return std::any_of(service.workloads.begin(), service.workloads.end(),
                       [&cluster](std::size_t index) { return !cluster.workloads[index].instance.empty(); });
}

std::vector<std::string> foreign_instances(Facts const &facts, std::string const &instance, Service const &service)
{
    std::set<std::string> foreign;
    for (auto const index : service.workloads) {
        auto const &workload = facts.cluster->workloads[index];
        if (is_foreign(*facts.cluster, facts.expected, instance, workload)) {
            foreign.insert(workload.instance);
        }
    }
    return {foreign.begin(), foreign.end()};
}

bool selects_own(Cluster const &cluster, Service const &service)
{
    return std::any_of(service.workloads.begin(), service.workloads.end(),
                       [&](std::size_t index) { return cluster.workloads[index].instance == service.instance; });
}

/// Pods of the instance that the selector may reach: replicas, and those that a rolling update adds.
int intended_pods(Cluster const &cluster, Service const &service)
{
    int pods = 0;
    for (auto const index : service.workloads) {
        auto const &workload = cluster.workloads[index];
        if (service.instance.empty() || workload.instance == service.instance || workload.runs_to_completion()) {
            pods += workload.replicas + workload.surge;
        }
    }
    return pods;
}

Finding about_service(std::string rule, Severity severity, Service const &service)
{
    Finding finding;
    finding.rule = std::move(rule);
    finding.severity = severity;
    finding.instance = service.instance;
    finding.object = object_text("Service", service.name);
    finding.location = service.location;
    return finding;
}

std::string expected_pods(Cluster const &cluster, Service const &service)
{
    int replicas = 0;
    for (auto const &workload : cluster.workloads) {
        bool const own = workload.instance == service.instance && workload.name.space == service.name.space;
        replicas += own ? workload.replicas : 0;
    }
    return fmt::format("pods of {} only: {}", service.instance, text::counted(replicas, "replica"));
}

std::string shares_text(std::vector<ReachedInstance> const &reached)
{
    std::string text;
    for (auto const &one : reached) {
        text += fmt::format("{}{} {:.0f} %", text.empty() ? "" : ", ",
                            one.instance.empty() ? "no LiteLLM" : one.instance, 100 * one.share);
    }
    return text;
}

/// Services of one namespace by their selector, only where two or more have the same.
std::vector<std::vector<std::size_t>> same_selectors(Cluster const &cluster)
{
    std::map<std::pair<std::string, Labels>, std::vector<std::size_t>> groups;
    for (std::size_t index = 0; index < cluster.services.size(); ++index) {
        auto const &service = cluster.services[index];
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
    std::vector<Finding> findings;
    for (auto const &service : facts.cluster ? facts.cluster->services : std::vector<Service>{}) {
        auto const foreign = foreign_instances(facts, service.instance, service);
        if (foreign.empty()) {
            continue;
        }
        auto finding = about_service("service-selects-other-instance", Severity::error, service);
        finding.message =
            fmt::format("{} of {} selects the pods of {}{}", finding.object, service.instance, joined(foreign),
                        selects_own(*facts.cluster, service) ? " besides its own" : " and none of its own");
        finding.expected = expected_pods(*facts.cluster, service);
        finding.observed = selected_text(*facts.cluster, service);
        finding.remedy = selector_remedy(*facts.cluster, service);
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<Finding> service_selects_many_workloads(Facts const &facts)
{
    std::vector<Finding> findings;
    for (auto const &service : facts.cluster ? facts.cluster->services : std::vector<Service>{}) {
        auto const reached = reached_by(*facts.cluster, service);
        auto const instances = std::count_if(reached.begin(), reached.end(),
                                             [](ReachedInstance const &one) { return !one.instance.empty(); });
        bool const open = service.instance.empty() && instances > 1;
        bool const mixed = instances > 0 && instances < static_cast<std::ptrdiff_t>(reached.size());
        if ((!open && !mixed) || !foreign_instances(facts, service.instance, service).empty()) {
            continue;
        }
        auto finding = about_service("service-selects-many-workloads", Severity::warning, service);
        finding.message = mixed ? fmt::format("{} selects pods of LiteLLM and pods that are not", finding.object)
                                : fmt::format("{} selects the pods of {} instances, and nothing says whose it is",
                                              finding.object, instances);
        finding.expected = "the pods of one instance";
        finding.observed = selected_text(*facts.cluster, service);
        finding.remedy = {"say whose it is: give the Service the label that tells the workloads apart, or list the "
                          "hostname and the workload under one instance in misroute.yaml",
                          "if the pods are releases of one instance side by side (canary, blue-green), give their "
                          "Deployments one instance label, or let them mount one configuration"};
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<Finding> identical_selectors(Facts const &facts)
{
    std::vector<Finding> findings;
    for (auto const &group : facts.cluster ? same_selectors(*facts.cluster) : std::vector<std::vector<std::size_t>>{}) {
        auto const &cluster = *facts.cluster;
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
        auto finding = about_service("identical-selectors",
                                     routed(cluster, group) > 1 ? Severity::error : Severity::warning, first);
        finding.instance.clear();
        finding.message =
            fmt::format("Services {} select the same pods by {}", joined(names), selector_text(first.selector));
        finding.expected = "a selector of its own for each Service";
        finding.observed = selected_text(cluster, first);
        finding.remedy = {"give every selector the label that tells the instances apart; each finding of "
                          "service-selects-other-instance has the patch"};
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<Finding> endpoints_exceed_replicas(Facts const &facts)
{
    std::vector<Finding> findings;
    for (auto const &service : facts.cluster ? facts.cluster->services : std::vector<Service>{}) {
        auto const &cluster = *facts.cluster;
        int const intended = intended_pods(cluster, service);
        if (!service.endpoints || !concerns_litellm(cluster, service) || intended == 0 ||
            *service.endpoints <= intended) {
            continue;
        }
        auto finding = about_service("endpoints-exceed-replicas", Severity::error, service);
        finding.message =
            fmt::format("{} has {} for {}", finding.object, text::counted(*service.endpoints, "ready endpoint"),
                        text::counted(intended, "pod"));
        finding.expected = fmt::format("{} at most", text::counted(intended, "ready endpoint"));
        finding.observed = selected_text(cluster, service);
        finding.remedy = {
            fmt::format("see whose pods the addresses are:\n{} -o yaml", endpoints_command(service.name))};
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<Finding> host_reaches_other_instance(Facts const &facts)
{
    std::vector<Finding> findings;
    for (auto const &route : facts.cluster ? facts.cluster->routes : std::vector<Route>{}) {
        auto const &service = facts.cluster->services[route.service];
        auto const foreign = foreign_instances(facts, route.instance, service);
        if (foreign.empty()) {
            continue;
        }
        bool const wrong_service = !service.instance.empty() && service.instance != route.instance;
        Finding finding;
        finding.rule = "host-reaches-other-instance";
        finding.severity = Severity::error;
        finding.issuer = "host:" + route.host;
        finding.instance = route.instance;
        finding.object = object_text(route.kind, route.name);
        finding.location = route.location;
        finding.message = fmt::format("{} of {} reaches the pods of {}", route.host, route.instance, joined(foreign));
        finding.expected = fmt::format("{} 100 %", route.instance);
        finding.observed = fmt::format("{} through {}", shares_text(reached_by(*facts.cluster, service)),
                                       object_text("Service", service.name));
        finding.remedy = {wrong_service ? fmt::format("let {} name the Service of {}; {} is that of {}", finding.object,
                                                      route.instance, service.name.text(), service.instance)
                                        : fmt::format("mend the selector of {}: see service-selects-other-instance",
                                                      object_text("Service", service.name))};
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<Finding> label_not_in_selector(Facts const &facts)
{
    std::vector<Finding> findings;
    for (auto const &gap : facts.cluster ? facts.cluster->label_gaps : std::vector<LabelGap>{}) {
        Finding finding;
        finding.rule = "label-not-in-selector";
        finding.severity = Severity::warning;
        finding.object = fmt::format("Kustomization {}", gap.location.file);
        finding.location = gap.location;
        finding.message =
            fmt::format("the label {}={} differs between the instances but reaches no selector", gap.label, gap.value);
        finding.expected = fmt::format("Services select by {}", gap.label);
        finding.observed = gap.templates ? "metadata and pod templates have it, selectors do not"
                                         : "only metadata has it: neither pod templates nor selectors do";
        finding.remedy = {
            fmt::format("write the entry like this{}\n{}",
                        gap.templates ? ":"
                                      : "; on a live cluster apply it without `fields` first, wait for the new pods, "
                                        "then with them:",
                        kustomize_entry(gap.label, gap.value)),
            "`includeSelectors: true` instead changes spec.selector.matchLabels too, which is immutable: the "
            "Deployments must be deleted and created again"};
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<Finding> job_pods_selected(Facts const &facts)
{
    std::map<std::size_t, std::vector<std::string>> selecting;
    for (auto const &service : facts.cluster ? facts.cluster->services : std::vector<Service>{}) {
        for (auto const index : service.workloads) {
            if (facts.cluster->workloads[index].runs_to_completion() && concerns_litellm(*facts.cluster, service)) {
                selecting[index].push_back(fmt::format("{} ({})", service.name.name, selector_text(service.selector)));
            }
        }
    }
    std::vector<Finding> findings;
    for (auto const &[index, services] : selecting) {
        auto const &job = facts.cluster->workloads[index];
        Finding finding;
        finding.rule = "job-pods-selected";
        finding.severity = Severity::warning;
        finding.object = object_text(job.kind, job.name);
        finding.location = job.location;
        finding.message =
            fmt::format("{} puts its pods behind Service {} while it runs", finding.object, joined(services));
        finding.expected = "pods that serve requests only";
        finding.observed = fmt::format("its pods have the labels {}", selector_text(job.pod_labels));
        finding.remedy = {"give the pods of the Job other labels, or the Service a label that only the proxies have"};
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<Finding> no_endpoints(Facts const &facts)
{
    std::vector<Finding> findings;
    std::set<std::size_t> seen;
    for (auto const &route : facts.cluster ? facts.cluster->routes : std::vector<Route>{}) {
        auto const &service = facts.cluster->services[route.service];
        bool const nothing = service.workloads.empty() && service.endpoints.value_or(0) == 0;
        if (!nothing || service.instance.empty() || !seen.insert(route.service).second) {
            continue;
        }
        auto finding = about_service("no-endpoints", Severity::warning, service);
        finding.issuer = "host:" + route.host;
        finding.message = fmt::format("{} selects nothing, and {} leads to it", finding.object, route.host);
        finding.expected = expected_pods(*facts.cluster, service);
        finding.observed = selected_text(*facts.cluster, service);
        finding.remedy = {
            "compare the selector with the labels of the pods; if the label is new, the pods need it first"};
        findings.push_back(std::move(finding));
    }
    return findings;
}

} // namespace misroute
