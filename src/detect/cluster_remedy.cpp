// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_remedy.hpp"

#include "detect/cluster_words.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

constexpr std::string_view k_trap =
    "`includeSelectors: true` instead is shorter, but changes spec.selector.matchLabels too, which is immutable: apply "
    "fails with \"field is immutable\" until the Deployments are deleted and created again, which interrupts them";

std::string kubectl(ObjectName const &object)
{
    return object.space.empty() ? "kubectl" : fmt::format("kubectl -n {}", shell_word(object.space));
}

/// What the merge patch of the selector has to say: the label, and null for labels that the own pods do not have.
std::string selector_patch(Service const &service, Workload const *own, TellingLabel const &label)
{
    std::string members;
    for (auto const &[key, value] : service.selector) {
        auto const found = own == nullptr ? Labels::const_iterator{} : own->pod_labels.find(key);
        bool const wrong = own != nullptr && (found == own->pod_labels.end() || found->second != value);
        if (wrong && key != label.key) {
            members += fmt::format("\"{}\":null,", shell_word(key));
        }
    }
    return fmt::format(R"({{"spec":{{"selector":{{{}"{}":"{}"}}}}}})", members, label.key, label.value);
}

Step patch_service(Service const &service, Workload const *own, TellingLabel const &label, std::string text)
{
    auto patch = selector_patch(service, own, label);
    auto command = fmt::format("{} patch service {} --type merge -p '{}'", kubectl(service.name),
                               shell_word(service.name.name), patch);
    return {std::move(text), std::move(command), object_text("Service", service.name), std::move(patch)};
}

Workload const *own_workload(Cluster const &cluster, Service const &service)
{
    auto const found = std::find_if(cluster.workloads.begin(), cluster.workloads.end(), [&](Workload const &workload) {
        return workload.name.space == service.name.space && workload.instance == service.instance;
    });
    return found == cluster.workloads.end() ? nullptr : &*found;
}

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    });
    return text;
}

Step patch_pods(Workload const &own, TellingLabel const &label, std::string text)
{
    auto const what = fmt::format("{} {}", lower(shell_word(own.kind)), shell_word(own.name.name));
    auto patch =
        fmt::format(R"({{"spec":{{"template":{{"metadata":{{"labels":{{"{}":"{}"}}}}}}}}}})", label.key, label.value);
    auto command =
        fmt::format("{0} patch {1} --type merge -p '{2}'\n{0} rollout status {1}", kubectl(own.name), what, patch);
    return {std::move(text), std::move(command), object_text(own.kind, own.name), std::move(patch)};
}

/// Where the label is added without reaching anything that matters.
std::string gap_text(Cluster const &cluster, TellingLabel const &label)
{
    auto const found = std::find_if(cluster.label_gaps.begin(), cluster.label_gaps.end(), [&](LabelGap const &gap) {
        return gap.label == label.key && gap.value == label.value;
    });
    return found == cluster.label_gaps.end() ? std::string{} : fmt::format(" ({})", found->location.text());
}

Step check_step(Service const &service)
{
    return {.text = "check that each Service has one address per replica:",
            .command = endpoints_command(service.name),
            .object = object_text("Service", service.name)};
}

} // namespace

std::string endpoints_command(ObjectName const &service)
{
    return fmt::format("{} get endpointslices -l kubernetes.io/service-name={}", kubectl(service),
                       shell_word(service.name));
}

std::string kustomize_entry(std::string const &key, std::string const &value)
{
    return fmt::format("labels:\n"
                       "  - pairs:\n"
                       "      {}: {}\n"
                       "    includeSelectors: false\n"
                       "    includeTemplates: true\n"
                       "    fields:\n"
                       "      - path: spec/selector\n"
                       "        kind: Service\n"
                       "        version: v1\n"
                       "        create: true",
                       key, value);
}

std::vector<Step> selector_remedy(Cluster const &cluster, Service const &service)
{
    auto const label = telling_label(cluster, service);
    auto const *const own = own_workload(cluster, service);
    auto const what = fmt::format("{}={}", label.key, label.value);
    auto const entry = kustomize_entry(label.key, label.value);
    std::vector<Step> steps;
    if (label.on_pods) {
        steps.push_back(patch_service(service, own, label,
                                      fmt::format("{} tells the pods of {} apart already: let the Service select by it",
                                                  what, service.instance)));
        steps.push_back(
            {.text = fmt::format("with kustomize, so that the next apply keeps it{}:", gap_text(cluster, label)),
             .patch = entry});
        steps.push_back(check_step(service));
        return steps;
    }
    auto first = fmt::format("no label tells the pods of {0} from the others: first give them {1}, and wait for the "
                             "new pods",
                             service.instance, what);
    steps.push_back(own == nullptr ? Step{.text = first + " (the workload is not in the input)"}
                                   : patch_pods(*own, label, first));
    steps.push_back(patch_service(service, own, label,
                                  "only then let the Service select by it; the other way round it has no endpoints"));
    steps.push_back({.text = fmt::format("with kustomize the same in two applies{}: first without `fields`, wait for "
                                         "the new pods, then with them",
                                         gap_text(cluster, label)),
                     .patch = entry});
    steps.push_back({.text = std::string{k_trap}});
    steps.push_back(check_step(service));
    return steps;
}

std::vector<Step> selector_remedy(std::string const &kubectl, std::string const &workload, std::string const &instance)
{
    return {
        {.text = "give the pods of every instance a label of their own, in its kustomization.yaml, at first without "
                 "`fields`; apply, and wait for the new pods:",
         .command = fmt::format("{}rollout status deployment/{}", kubectl, workload),
         .patch = kustomize_entry("instance", label_value(instance))},
        {.text = "only then let every Service select by it, or it has no endpoints meanwhile: apply again, with "
                 "`fields`. No Deployment's selector changes, so nothing has to be deleted"},
        {.text = fmt::format("{}:", k_trap),
         .command =
             fmt::format("{}delete deployment {}\nkubectl apply -k FOLDER    # of the instance", kubectl, workload)},
        {.text = "check that each Service has one address per replica:",
         .command = kubectl + "get endpointslices -L kubernetes.io/service-name"}};
}

} // namespace misroute
