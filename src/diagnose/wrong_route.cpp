// SPDX-License-Identifier: Apache-2.0
#include "diagnose/advice.hpp"
#include "diagnose/cluster_evidence.hpp"
#include "diagnose/score.hpp"
#include "diagnose/weights.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

/// Part of an instance's traffic that goes to one other owner. Less than all: late rows, retries.
constexpr double k_all_of_it = 0.95;

struct OneWay
{
    std::string instance;
    std::string owner;
    std::int64_t requests = 0;
};

/// The only issuer of an instance stands for it: its exact rows tell the incident from what was before, where the
/// buckets of the matrix hold both.
Answers const &answers_of(Facts const &facts, IncidentEvidence const &evidence, Entered const &entered)
{
    auto const of_it = [&](auto const &issuer) { return issuer.report.instance.text() == entered.instance; };
    auto const affected = std::ranges::find_if(
        evidence.affected, [&](AffectedIssuer const &one) { return one.configured() && of_it(*one.view); });
    bool const alone = std::ranges::count_if(facts.examination.issuers, of_it) == 1;
    return alone && affected != evidence.affected.end() ? affected->answers : entered.requests;
}

std::vector<OneWay> one_ways(Facts const &facts, IncidentEvidence const &evidence)
{
    std::vector<OneWay> result;
    for (auto const &entered : evidence.matrix) {
        auto const &answers = answers_of(facts, evidence, entered);
        auto const [owner, share] = answers.dominant();
        if (share >= k_all_of_it && answers.foreign_share() >= k_all_of_it &&
            is_lasting(answers.foreign, home_of(facts, entered.instance))) {
            result.push_back({entered.instance, owner, answers.total()});
        }
    }
    return result;
}

bool has_step(IncidentEvidence const &evidence)
{
    return std::ranges::any_of(evidence.affected, [](AffectedIssuer const &affected) {
        return affected.dispatch.pattern == Pattern::switched;
    });
}

bool score_cluster(CauseScore &score, Facts const &facts, std::vector<OneWay> const &ways)
{
    if (!facts.cluster) {
        return false;
    }
    bool confirmed = false;
    for (auto const &misroute : misroutes(*facts.cluster)) {
        score.support(weights::k_route_manifest, fmt::format("{} {} leads {} of {} to pods of {}", misroute.route->kind,
                                                             misroute.route->name.text(), misroute.route->host,
                                                             misroute.route->instance, misroute.reaches));
        confirmed = confirmed || std::ranges::any_of(ways, [&](OneWay const &way) {
                        return way.instance == misroute.route->instance && way.owner == misroute.reaches;
                    });
    }
    return confirmed;
}

std::vector<Step> checks(Facts const &facts, IncidentEvidence const &evidence)
{
    auto const kubectl = advice::kubectl(facts);
    return {{.command = kubectl + "get ingress,httproute -o wide    # which Service does the hostname lead to?"},
            {.command = kubectl + "get endpointslices -L kubernetes.io/service-name    # and which pods stand behind "
                                  "that Service?"},
            {.command = kubectl + "get ing,svc,deploy,endpointslices -o json | misroute k8s -"},
            advice::trace(evidence)};
}

std::vector<Step> steps(Facts const &facts, IncidentEvidence const &evidence)
{
    auto const name = advice::instance(evidence);
    return {{.text = fmt::format(
                 "let the route of {}'s hostname name {}'s Service: spec.rules[].http.paths[].backend.service "
                 "of the Ingress (backendRefs of the HTTPRoute), or the proxy or DNS record before it",
                 name, name)},
            {.command = advice::kubectl(facts) + "describe ingress NAME    # the backend column lists the pods it "
                                                 "reaches now"},
            {.text = "or, when it is meant to be so, add that backend to the instance's `expect` in misroute.yaml"},
            advice::proof(evidence)};
}

} // namespace

Cause score_wrong_route(Facts const &facts, IncidentEvidence const &evidence)
{
    auto const ways = one_ways(facts, evidence);
    CauseScore score;
    for (auto const &way : ways) {
        score.support(weights::k_one_way,
                      fmt::format("{} requests entered at {} since the onset, and (nearly) all were answered by {}",
                                  way.requests, way.instance, way.owner));
        if (facts.expected.by_name(way.owner)) {
            score.support(weights::k_owner_known, fmt::format("{} is a configured instance", way.owner));
        } else {
            score.contradict(weights::k_against_nobody,
                             fmt::format("{} belongs to no configured instance that a route could lead to", way.owner));
        }
    }
    auto const confirmed = score_cluster(score, facts, ways);
    if (has_step(evidence) && score.supported()) {
        score.mention("it began with one clean step");
    }
    if (interleaved(evidence) && ways.empty()) {
        score.contradict(weights::k_against_interleaved,
                         "answers of several owners interleave; a route has one target");
    }
    score_own_entries(score, evidence);
    auto cause = score.cause("route-points-elsewhere");
    cause.confirmed = confirmed;
    cause.next = checks(facts, evidence);
    cause.steps = steps(facts, evidence);
    return cause;
}

} // namespace misroute
