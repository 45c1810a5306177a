// SPDX-License-Identifier: Apache-2.0
#include "diagnose/advice.hpp"

#include "diagnose/weigh.hpp"
#include "misroute/model/shell.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute::advice {

namespace {

std::string name_space(Facts const &facts)
{
    for (auto const &candidate : facts.expected.instances) {
        if (auto const slash = candidate.workload.find('/'); slash != std::string::npos && slash > 0) {
            return shell::word(candidate.workload.substr(0, slash));
        }
    }
    for (auto const &service : facts.cluster ? facts.cluster->services : std::vector<Service>{}) {
        if (!service.instance.empty() && !service.name.space.empty()) {
            return shell::word(service.name.space);
        }
    }
    return "<namespace>";
}

} // namespace

std::string kubectl(Facts const &facts)
{
    return "kubectl -n " + name_space(facts) + " ";
}

std::vector<Step> endpoints_check(Facts const &facts)
{
    auto const run = [command = kubectl(facts)](std::string const &rest) { return Step{.command = command + rest}; };
    return {run("get deployments -o custom-columns=NAME:.metadata.name,REPLICAS:.spec.replicas"),
            run("get endpoints    # more addresses than replicas: the Service selects other pods too"),
            run("get endpointslices -L kubernetes.io/service-name    # the same, where endpoints are deprecated"),
            run("get services -o custom-columns=NAME:.metadata.name,SELECTOR:.spec.selector    # equal selectors?"),
            run("get deploy,sts,rs,pod,svc,endpointslices,ing -o json | misroute k8s -")};
}

std::vector<Step> selector_repair(Facts const &facts, Symptoms const &symptoms)
{
    auto const command = kubectl(facts);
    return {{.text = "give the pods of every instance a label of their own, in its kustomization.yaml; apply, and wait "
                     "for the rollout:",
             .command = command + "rollout status deployment/<name>",
             .patch = fmt::format("labels:\n"
                                  "  - pairs: {{instance: {}}}\n"
                                  "    includeSelectors: false\n"
                                  "    includeTemplates: true",
                                  instance(symptoms))},
            {.text =
                 "only then let every Service select by it, or it has no endpoints meanwhile; add to the same entry "
                 "and apply again. No Deployment's selector changes, so nothing has to be deleted:",
             .patch = "    fields:\n"
                      "      - path: spec/selector\n"
                      "        kind: Service\n"
                      "        version: v1\n"
                      "        create: true"},
            {.text = "or, where an interruption is acceptable, set includeSelectors: true instead. The trap: it also "
                     "changes spec.selector.matchLabels of the Deployments, which is immutable, and apply fails with "
                     "\"field is immutable\" until they are deleted and created again:",
             .command = command + "delete deployment <name>\nkubectl apply -k <folder of the instance>"},
            {.command = command + "get endpointslices    # one address per replica and Service now?"},
            proof(symptoms)};
}

Step proof(Symptoms const &symptoms)
{
    auto const share = foreign_share(symptoms);
    auto const needed = std::max<std::int64_t>(clean_requests_needed(share > 0 ? share : 0.5), 1);
    return {.text = fmt::format("prove it, once {} or more requests per instance have passed (fewer clean ones would "
                                "be chance at a share of {:.0f} %, with 95 % confidence):",
                                needed, 100 * share),
            .command = "misroute scan --since <time of the repair>"};
}

Step trace(Symptoms const &symptoms, std::string const &remark)
{
    auto const issuer =
        symptoms.flagged.empty() ? std::string{"<issuer>"} : shell::word(symptoms.flagged.front().name());
    return {.command =
                fmt::format("misroute trace {} --since 24h{}", issuer, remark.empty() ? remark : "    # " + remark)};
}

std::string instance(Symptoms const &symptoms)
{
    for (auto const &entered : symptoms.matrix) {
        if (entered.requests.foreign > 0) {
            return entered.instance;
        }
    }
    return "<instance>";
}

} // namespace misroute::advice
