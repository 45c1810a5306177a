// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_remedy.hpp"
#include "detect/cluster_rules.hpp"
#include "detect/cluster_shares.hpp"
#include "detect/cluster_words.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

namespace misroute {

namespace {

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

std::string shares_text(std::vector<ReachedInstance> const &reached)
{
    std::string text;
    for (auto const &one : reached) {
        text += fmt::format("{}{} {:.0f} %", text.empty() ? "" : ", ",
                            one.instance.empty() ? "no LiteLLM" : one.instance, 100 * one.share);
    }
    return text;
}

/// The first hostname that leads to a Service, or empty.
std::string host_of(Cluster const &cluster, Service const &service)
{
    auto const found = std::find_if(cluster.routes.begin(), cluster.routes.end(), [&](Route const &route) {
        return cluster.services[route.service].name == service.name;
    });
    return found == cluster.routes.end() ? std::string{} : found->host;
}

/// A workload of the instance has the Service's own name, so the Service is LiteLLM's door without any Ingress.
bool is_named_like_own(Cluster const &cluster, Service const &service)
{
    return std::any_of(cluster.workloads.begin(), cluster.workloads.end(), [&](Workload const &workload) {
        return workload.name == service.name && workload.instance == service.instance;
    });
}

/// A hostname that leads to several instances alike, and nothing says which of them is meant.
Finding about_shared(Cluster const &cluster, SharedHost const &shared)
{
    std::set<std::string> objects;
    std::set<std::string> services;
    for (auto const index : shared.routes) {
        auto const &route = cluster.routes[index];
        objects.insert(object_text(route.kind, route.name));
        services.insert(object_text("Service", cluster.services[route.service].name));
    }
    auto const &first = cluster.routes[shared.routes.front()];
    Finding finding;
    finding.rule = Rule::host_reaches_other_instance;
    finding.severity = Severity::error;
    finding.issuer = "host:" + shared.host;
    finding.object = object_text(first.kind, first.name);
    finding.location = first.location;
    finding.message =
        fmt::format("{} leads the same requests to {}", shared.host, fmt::join(shared.instances, " and to "));
    finding.expected = "one instance for each hostname";
    finding.observed = fmt::format("{} through {}", fmt::join(objects, ", "), fmt::join(services, ", "));
    finding.steps = {{.text = fmt::format("decide whose {} is, write that into misroute.yaml, and take the Services of "
                                          "the others out of {}",
                                          shared.host, fmt::join(objects, ", ")),
                      .object = finding.object},
                     {.text = "if these are releases of one instance side by side (canary, blue-green), give their "
                              "Deployments one instance label, or let them mount one configuration"}};
    return finding;
}

/// What to change so that a hostname reaches its own instance.
std::string reach_remedy(Route const &route, Service const &service)
{
    auto const object = object_text("Service", service.name);
    if (!service.instance.empty() && service.instance != route.instance) {
        return fmt::format("let {} name the Service of {}; {} is that of {}", object_text(route.kind, route.name),
                           route.instance, service.name.text(), service.instance);
    }
    if (service.selectorless) {
        return fmt::format("{} has no selector: mend its endpoints or the name it stands for, or let it select the "
                           "pods of {}",
                           object, route.instance);
    }
    return fmt::format("mend the selector of {}: see service-selects-other-instance", object);
}

} // namespace

Cluster const &cluster_of(Facts const &facts)
{
    static Cluster const none;
    return facts.cluster == nullptr ? none : *facts.cluster;
}

std::vector<Finding> endpoints_exceed_replicas(Facts const &facts)
{
    auto const &cluster = cluster_of(facts);
    std::vector<Finding> findings;
    for (auto const &service : cluster.services) {
        int const intended = intended_pods(cluster, service);
        if (service.selectorless || !service.endpoints || !concerns_litellm(cluster, service) || intended == 0 ||
            *service.endpoints <= intended) {
            continue;
        }
        auto finding = about_service(Rule::endpoints_exceed_replicas, Severity::error, service);
        finding.message =
            fmt::format("{} has {} for {}", finding.object, text::counted(*service.endpoints, "ready endpoint"),
                        text::counted(intended, "pod"));
        finding.expected = fmt::format("{} at most", text::counted(intended, "ready endpoint"));
        finding.observed = selected_text(cluster, service);
        finding.steps = {{.text = "see whose pods the addresses are:",
                          .command = endpoints_command(service.name) + " -o yaml",
                          .object = finding.object}};
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<Finding> host_reaches_other_instance(Facts const &facts)
{
    auto const &cluster = cluster_of(facts);
    std::vector<Finding> findings;
    for (auto const &route : cluster.routes) {
        auto const &service = cluster.services[route.service];
        auto const foreign = foreign_instances(cluster, facts.expected, route.instance, narrowed(cluster, route));
        if (foreign.empty()) {
            continue;
        }
        Finding finding;
        finding.rule = Rule::host_reaches_other_instance;
        finding.severity = Severity::error;
        finding.issuer = "host:" + route.host;
        finding.instance = route.instance;
        finding.object = object_text(route.kind, route.name);
        finding.location = route.location;
        finding.message = fmt::format("{} of {} reaches the pods of {}", route.host, route.instance, joined(foreign));
        finding.expected = fmt::format("{} 100 %", route.instance);
        finding.observed =
            fmt::format("{} through {}", shares_text(reached_by(cluster, route)), object_text("Service", service.name));
        finding.steps = {{.text = reach_remedy(route, service), .object = finding.object}};
        findings.push_back(std::move(finding));
    }
    for (auto const &shared : cluster.shared_hosts) {
        bool const said = std::any_of(findings.begin(), findings.end(),
                                      [&](Finding const &finding) { return finding.issuer == "host:" + shared.host; });
        if (!said) {
            findings.push_back(about_shared(cluster, shared));
        }
    }
    return findings;
}

std::vector<Finding> label_not_in_selector(Facts const &facts)
{
    auto const &cluster = cluster_of(facts);
    std::vector<Finding> findings;
    for (auto const &gap : cluster.label_gaps) {
        Finding finding;
        finding.rule = Rule::label_not_in_selector;
        finding.severity = Severity::warning;
        finding.object = fmt::format("Kustomization {}", gap.location.file);
        finding.location = gap.location;
        finding.message =
            fmt::format("the label {}={} differs between the instances but reaches no selector", gap.label, gap.value);
        finding.expected = fmt::format("Services select by {}", gap.label);
        finding.observed = gap.templates ? "metadata and pod templates have it, selectors do not"
                                         : "only metadata has it: neither pod templates nor selectors do";
        finding.steps = {
            {.text = fmt::format("write the entry like this{}",
                                 gap.templates ? ":"
                                               : "; on a live cluster apply it without `fields` first, wait for the "
                                                 "new pods, then with them:"),
             .object = finding.object,
             .patch = kustomize_entry(gap.label, gap.value)},
            {.text = "`includeSelectors: true` instead changes spec.selector.matchLabels too, which is immutable: the "
                     "Deployments must be deleted and created again"}};
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<Finding> no_endpoints(Facts const &facts)
{
    auto const &cluster = cluster_of(facts);
    std::vector<Finding> findings;
    for (auto const &service : cluster.services) {
        bool const nothing = service.workloads.empty() && service.endpoints.value_or(0) == 0;
        auto const host = host_of(cluster, service);
        if (!nothing || service.selectorless || service.instance.empty() ||
            (host.empty() && !is_named_like_own(cluster, service))) {
            continue;
        }
        auto finding = about_service(Rule::no_endpoints, Severity::warning, service);
        finding.issuer = host.empty() ? host : "host:" + host;
        finding.message = fmt::format("{} selects nothing{}", finding.object,
                                      host.empty() ? host : fmt::format(", and {} leads to it", host));
        finding.expected = expected_pods(cluster, service);
        finding.observed = selected_text(cluster, service);
        finding.steps = {
            {.text = "compare the selector with the labels of the pods; if the label is new, the pods need it first",
             .object = finding.object}};
        findings.push_back(std::move(finding));
    }
    return findings;
}

} // namespace misroute
