// SPDX-License-Identifier: Apache-2.0
#include "diagnose/advice.hpp"

#include "detect/cluster_remedy.hpp"
#include "diagnose/cluster_evidence.hpp"
#include "diagnose/score.hpp"
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
    return "NAMESPACE";
}

} // namespace

std::string kubectl(Facts const &facts)
{
    return "kubectl -n " + name_space(facts) + " ";
}

std::string workload(Facts const &facts, IncidentEvidence const &evidence)
{
    auto const index = facts.expected.by_name(instance(evidence));
    auto const path = index ? facts.expected.instances[*index].workload : std::string{};
    auto const name = path.substr(path.find('/') + 1); // from the start, where there is no namespace
    return name.empty() ? "NAME" : shell::word(name);
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

std::vector<Step> selector_repair(Facts const &facts, IncidentEvidence const &evidence)
{
    auto const *const cluster = facts.cluster;
    auto const selections = cluster != nullptr ? wide_selections(*cluster) : std::vector<Selection>{};
    auto const known = std::ranges::find_if(
        selections, [](Selection const &selection) { return !selection.service->instance.empty(); });
    auto steps = cluster == nullptr || known == selections.end()
                     ? selector_remedy(kubectl(facts), workload(facts, evidence), instance(evidence))
                     : selector_remedy(*cluster, *known->service);
    if (known != selections.end() && selections.size() > 1) {
        steps.push_back({.text = "and the same for every other Service that selects pods of another instance: misroute "
                                 "k8s names each with its commands"});
    }
    steps.push_back(proof(evidence));
    return steps;
}

Step proof(IncidentEvidence const &evidence)
{
    auto const share = foreign_share(evidence);
    auto const needed = std::max<std::int64_t>(clean_requests_needed(share > 0 ? share : 0.5), 1);
    return {.text = fmt::format("prove it, once {} or more requests per instance have passed (fewer clean ones would "
                                "be chance at a share of {:.0f} %, with 95 % confidence):",
                                needed, 100 * share),
            .command = "misroute scan --since TIME    # of the repair"};
}

Step trace(IncidentEvidence const &evidence, std::string const &remark)
{
    auto const issuer =
        evidence.affected.empty() ? std::string{"ISSUER"} : shell::word(evidence.affected.front().name());
    return {.command =
                fmt::format("misroute trace {} --since 24h{}", issuer, remark.empty() ? remark : "    # " + remark)};
}

std::string instance(IncidentEvidence const &evidence)
{
    for (auto const &entered : evidence.matrix) {
        if (entered.requests.foreign > 0) {
            return entered.instance;
        }
    }
    return "INSTANCE";
}

} // namespace misroute::advice
