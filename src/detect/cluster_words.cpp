// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_words.hpp"

#include "misroute/model/text.hpp"

#include <fmt/format.h>

namespace misroute {

bool is_plain(std::string const &name)
{
    return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                                   "._/-") == std::string::npos;
}

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

} // namespace misroute
