// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_remedy.hpp"

#include "detect/cluster_words.hpp"
#include "detect/remedy_search.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace misroute {

namespace {

constexpr std::string_view k_trap =
    "`includeSelectors: true` instead is shorter, but changes spec.selector.matchLabels too, which is immutable: apply "
    "fails with \"field is immutable\" until the Deployments are deleted and created again, which interrupts them";

std::string kubectl(ObjectName const &object)
{
    return object.space.empty() ? "kubectl" : fmt::format("kubectl -n {}", shell_word(object.space));
}

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    });
    return text;
}

/// The labels as members of a JSON object.
std::string members_of(LabelPatch const &patch)
{
    std::string members;
    for (auto const &[key, value] : patch.labels) {
        members += fmt::format("{}\"{}\":{}", members.empty() ? "" : ",", shell_word(key),
                               value ? fmt::format("\"{}\"", shell_word(*value)) : "null");
    }
    return members;
}

Step patch_service(Service const &service, LabelPatch const &change, std::string text)
{
    auto patch = fmt::format(R"({{"spec":{{"selector":{{{}}}}}}})", members_of(change));
    auto command = fmt::format("{} patch service {} --type merge -p '{}'", kubectl(service.name),
                               shell_word(service.name.name), patch);
    return {std::move(text), std::move(command), object_text("Service", service.name), std::move(patch)};
}

Step patch_pods(Workload const &own, LabelPatch const &change, std::string text)
{
    auto const what = fmt::format("{} {}", lower(shell_word(own.kind)), shell_word(own.name.name));
    auto patch = fmt::format(R"({{"spec":{{"template":{{"metadata":{{"labels":{{{}}}}}}}}}}})", members_of(change));
    auto command =
        fmt::format("{0} patch {1} --type merge -p '{2}'\n{0} rollout status {1}", kubectl(own.name), what, patch);
    return {std::move(text), std::move(command), object_text(own.kind, own.name), std::move(patch)};
}

using Label = std::pair<std::string, std::string>;

/// The label that the change lets the Service select by.
Label label_of(LabelPatch const &patch)
{
    for (auto const &[key, value] : patch.labels) {
        if (value) {
            return {key, *value};
        }
    }
    return {};
}

/// Where the label is added without reaching anything that matters.
std::string gap_text(Cluster const &cluster, Label const &label)
{
    auto const found = std::find_if(cluster.label_gaps.begin(), cluster.label_gaps.end(), [&](LabelGap const &gap) {
        return gap.label == label.first && gap.value == label.second;
    });
    return found == cluster.label_gaps.end() ? std::string{} : fmt::format(" ({})", found->location.text());
}

Step check_step(Service const &service)
{
    return {.text = "check that each Service has one address per replica:",
            .command = endpoints_command(service.name),
            .object = object_text("Service", service.name)};
}

/// More pairs of Services and workloads than this in one namespace are not tried out.
constexpr std::size_t k_most_pairs = 250'000;

/// The objects of one namespace: nothing else can be selected by its Services.
Cluster namespace_of(Cluster const &cluster, std::string const &space)
{
    Cluster result;
    std::ranges::copy_if(cluster.workloads, std::back_inserter(result.workloads),
                         [&](Workload const &one) { return one.name.space == space; });
    std::ranges::copy_if(cluster.services, std::back_inserter(result.services),
                         [&](Service const &one) { return one.name.space == space && !one.selectorless; });
    select_workloads(result);
    return result;
}

std::string own_text(Cluster const &cluster, std::vector<std::size_t> const &own)
{
    std::vector<std::string> names;
    names.reserve(own.size());
    for (auto const index : own) {
        names.push_back(workload_text(cluster.workloads[index]));
    }
    return joined(names);
}

Step undecided(Cluster const &cluster, Service const &service)
{
    bool const known = !own_workloads(cluster, service).empty();
    return {.text = fmt::format(
                "no change of labels was found that leaves the Service exactly its own pods, takes none from another "
                "Service and "
                "keeps matchLabels: {}",
                known ? fmt::format("decide by which label the pods of {} shall be told from the others, and whether a "
                                    "workload may be created anew for it",
                                    service.instance)
                      : fmt::format("decide which workload of {} it is meant for", service.instance)),
            .object = object_text("Service", service.name)};
}

/// The patches as commands, pods first.
std::vector<Step> patch_steps(Cluster const &local, Service const &service, Change const &change)
{
    auto const [key, value] = label_of(change.back());
    auto const proof = fmt::format(
        "tried out on a copy of the input: it then selects {} and nothing else, and no other Service changes",
        own_text(local, own_workloads(local, service)));
    std::vector<Step> steps;
    for (auto const &patch : change) {
        if (patch.pods) {
            steps.push_back(patch_pods(local.workloads[patch.index], patch,
                                       fmt::format("no label tells the pods of {} from the others: first give them "
                                                   "{}={}, and wait for the new pods",
                                                   service.instance, key, value)));
        }
    }
    auto text = steps.empty() ? fmt::format("{}={} tells the pods of {} apart already: let the Service select by it",
                                            key, value, service.instance)
                              : "only then let the Service select by it; the other way round it has no endpoints";
    steps.push_back(patch_service(service, change.back(), fmt::format("{} ({})", text, proof)));
    return steps;
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
                       "        create: false",
                       key, value);
}

std::vector<Step> selector_remedy(Cluster const &cluster, Service const &service)
{
    auto const local = namespace_of(cluster, service.name.space);
    auto const found = std::find_if(local.services.begin(), local.services.end(),
                                    [&](Service const &one) { return one.name == service.name; });
    if (found == local.services.end()) {
        return {undecided(cluster, service)};
    }
    // Its workloads are numbered anew in there: the Service of the whole cluster names others by its numbers.
    auto const index = static_cast<std::size_t>(found - local.services.begin());
    bool const tried = local.services.size() * local.workloads.size() <= k_most_pairs;
    auto const change = tried ? find_change(local, index) : std::nullopt;
    if (!change) {
        return {undecided(local, *found)};
    }
    auto steps = patch_steps(local, *found, *change);
    bool const pods = steps.size() > 1;
    auto const label = label_of(change->back());
    auto const by_entry = entry_change(local, service.name.space, label.first, label.second);
    if (is_proven(local, by_entry, index)) {
        steps.push_back(
            {.text = fmt::format("{}{}{}",
                                 pods ? "with kustomize the same in two applies"
                                      : "with kustomize, so that the next apply keeps it",
                                 gap_text(cluster, label),
                                 pods ? ": first without `fields`, wait for the new pods, then with them" : ":"),
             .patch = kustomize_entry(label.first, label.second)});
        if (pods) {
            steps.push_back({.text = std::string{k_trap}});
        }
    }
    steps.push_back(check_step(service));
    return steps;
}

bool has_patch(std::vector<Step> const &steps)
{
    return std::any_of(steps.begin(), steps.end(), [](Step const &step) { return !step.patch.empty(); });
}

std::vector<Finding> printed_once(std::vector<Finding> findings)
{
    std::map<std::pair<std::string, std::string>, std::string> said;
    for (auto &finding : findings) {
        for (auto &step : finding.steps) {
            if (step.patch.empty()) {
                continue;
            }
            auto const [first, fresh] = said.emplace(std::pair{step.object, step.patch}, finding.object);
            if (!fresh) {
                step = {.text = fmt::format("{}: once is enough, see {}",
                                            step.object.empty() ? "the entry of the kustomization"
                                                                : "the labels of " + step.object,
                                            first->second),
                        .object = step.object};
            }
        }
    }
    return findings;
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
