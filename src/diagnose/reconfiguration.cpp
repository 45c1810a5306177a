// SPDX-License-Identifier: Apache-2.0
#include "diagnose/advice.hpp"
#include "diagnose/score.hpp"
#include "diagnose/weights.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

/// From the onset on (nearly) nothing is answered at home.
constexpr double k_nearly_all = 0.95;

bool score_issuer(CauseScore &score, Facts const &facts, AffectedIssuer const &affected)
{
    auto const [owner, share] = affected.answers.dominant();
    if (share < k_nearly_all || affected.answers.foreign_share() < k_nearly_all ||
        !is_lasting(affected.answers.foreign, home_of(facts, affected.view->report.instance.text()))) {
        return false;
    }
    if (affected.dispatch.pattern == Pattern::switched) {
        score.support(weights::k_step,
                      fmt::format("{} changed once, and did not return: {}", affected.name(), affected.dispatch.order));
    }
    score.support(weights::k_all_elsewhere,
                  fmt::format("since the onset {} is answered by {} alone", affected.name(), owner));
    if (facts.expected.by_name(owner)) {
        score.contradict(
            weights::k_against_owned,
            fmt::format("{} is the backend of another configured instance: a route may lead there", owner));
    } else {
        score.support(weights::k_new_backend, fmt::format("{} belongs to no configured instance: it is new", owner));
    }
    return true;
}

/// A configuration that is changed and changed back is rarer than a fault that passes.
void score_return(CauseScore &score, IncidentEvidence const &evidence)
{
    auto const returned = std::ranges::find_if(evidence.affected, [](AffectedIssuer const &affected) {
        auto const &onset = affected.view->report.onset;
        return onset && onset->ended_at;
    });
    if (returned != evidence.affected.end()) {
        score.contradict(
            weights::k_against_return,
            fmt::format("{} is answered at home again, without a change that anybody is known to have made",
                        returned->name()));
    }
}

std::vector<Step> steps(IncidentEvidence const &evidence)
{
    auto const unowned = evidence.unowned.empty() ? std::string{"PROVIDER at UPSTREAM"} : *evidence.unowned.begin();
    return {
        {.text = fmt::format("when the change was meant: add the new backend ({}) to the `expect` of {} in "
                             "misroute.yaml",
                             unowned, advice::instance(evidence))},
        {.text =
             "when it was not: take litellm_params (model, api_base) of the instance's model_list back to what it was, "
             "restart its pods, and watch the next requests"},
        advice::proof(evidence)};
}

} // namespace

Cause score_reconfiguration(Facts const &facts, IncidentEvidence const &evidence)
{
    CauseScore score;
    for (auto const &affected : evidence.affected) {
        if (affected.configured() && score_issuer(score, facts, affected)) {
            break;
        }
    }
    if (interleaved(evidence)) {
        score.contradict(weights::k_against_interleaved, "answers interleave; a new configuration changes once");
    }
    score_entries(score, evidence);
    score_return(score, evidence);
    auto cause = score.cause("instance-reconfigured");
    auto const kubectl = advice::kubectl(facts);
    cause.next = {{.command = fmt::format("{}rollout history deployment/{}    # a rollout at the onset?", kubectl,
                                          advice::workload(facts, evidence))},
                  {.command = kubectl + "get configmap NAME -o yaml    # model_list: which api_base?"},
                  {.command = "git log -p -- CONFIG    # the instance's config.yaml"},
                  advice::trace(evidence)};
    cause.steps = steps(evidence);
    return cause;
}

} // namespace misroute
