// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_words.hpp"

#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace misroute {

namespace {

constexpr char const *k_recommended_label = "app.kubernetes.io/instance";

/// Letters, digits and the few signs that names, label keys and label values of Kubernetes may have.
bool is_plain(std::string const &name)
{
    return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                                   "._/-") == std::string::npos;
}

std::vector<std::string> candidate_keys(Labels const &labels)
{
    std::vector<std::string> keys;
    for (auto const *const preferred : {k_recommended_label, "instance"}) {
        if (labels.contains(preferred)) {
            keys.emplace_back(preferred);
        }
    }
    for (auto const &label : labels) {
        if (std::find(keys.begin(), keys.end(), label.first) == keys.end()) {
            keys.push_back(label.first);
        }
    }
    return keys;
}

using Workloads = std::vector<Workload const *>;

bool all_have(Workloads const &workloads, Labels Workload::*labels, std::pair<std::string, std::string> const &label)
{
    return std::all_of(workloads.begin(), workloads.end(), [&](Workload const *workload) {
        auto const found = (workload->*labels).find(label.first);
        return found != (workload->*labels).end() && found->second == label.second;
    });
}

bool none_has(Workloads const &workloads, Labels Workload::*labels, std::pair<std::string, std::string> const &label)
{
    return std::none_of(workloads.begin(), workloads.end(), [&](Workload const *workload) {
        auto const found = (workload->*labels).find(label.first);
        return found != (workload->*labels).end() && found->second == label.second;
    });
}

std::optional<std::pair<std::string, std::string>> difference(Workloads const &own, Workloads const &others,
                                                              Labels Workload::*labels)
{
    if (own.empty()) {
        return std::nullopt;
    }
    auto const &first = own.front()->*labels;
    for (auto const &key : candidate_keys(first)) {
        std::pair<std::string, std::string> const label{key, first.at(key)};
        if (is_plain(label.first) && is_plain(label.second) && all_have(own, labels, label) &&
            none_has(others, labels, label)) {
            return label;
        }
    }
    return std::nullopt;
}

} // namespace

std::string selector_text(Labels const &labels)
{
    std::string text;
    for (auto const &[key, value] : labels) {
        text += fmt::format("{}{}={}", text.empty() ? "" : ",", key, value);
    }
    return text;
}

std::string object_text(std::string const &kind, ObjectName const &name)
{
    return fmt::format("{} {}", kind, name.text());
}

std::string workload_text(Workload const &workload)
{
    return fmt::format("{} {} ({}{})", workload.kind, workload.name.name,
                       workload.instance.empty() ? "" : workload.instance + ", ",
                       text::counted(workload.replicas, "replica"));
}

std::string selected_text(Cluster const &cluster, Service const &service)
{
    std::string text = selector_text(service.selector) + " selects ";
    for (std::size_t index = 0; index < service.workloads.size(); ++index) {
        text += (index == 0 ? "" : ", ") + workload_text(cluster.workloads[service.workloads[index]]);
    }
    text += service.workloads.empty() ? "nothing" : "";
    if (service.endpoints) {
        text += "; " + text::counted(*service.endpoints, "ready endpoint");
    }
    return text;
}

std::string joined(std::vector<std::string> const &words)
{
    std::string text;
    for (std::size_t index = 0; index < words.size(); ++index) {
        bool const last = index + 1 == words.size();
        text += (index == 0 ? "" : last ? " and " : ", ") + words[index];
    }
    return text;
}

Finding about_service(Rule rule, Severity severity, Service const &service)
{
    Finding finding;
    finding.rule = rule;
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

std::string label_value(std::string const &instance)
{
    auto value = is_plain(instance) ? instance : std::string{"NAME"};
    std::replace(value.begin(), value.end(), '/', '-');
    return value;
}

std::string shell_word(std::string const &name)
{
    return is_plain(name) && name[0] != '-' ? name : "NAME";
}

TellingLabel telling_label(Cluster const &cluster, Service const &service)
{
    Workloads own;
    Workloads others;
    for (auto const &workload : cluster.workloads) {
        if (workload.name.space == service.name.space && workload.instance == service.instance) {
            own.push_back(&workload);
        }
    }
    for (auto const index : service.workloads) {
        if (cluster.workloads[index].instance != service.instance) {
            others.push_back(&cluster.workloads[index]);
        }
    }
    if (auto const label = difference(own, others, &Workload::pod_labels)) {
        return {label->first, label->second, true};
    }
    if (auto const label = difference(own, others, &Workload::metadata_labels)) {
        return {label->first, label->second, false};
    }
    return {k_recommended_label, label_value(service.instance), false};
}

} // namespace misroute
