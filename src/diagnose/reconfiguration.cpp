// SPDX-License-Identifier: Apache-2.0
#include "diagnose/advice.hpp"
#include "diagnose/weigh.hpp"
#include "diagnose/weights.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

/// From the onset on (nearly) nothing is answered at home.
constexpr double k_nearly_all = 0.95;

bool weigh_issuer(Scale &scale, Facts const &facts, Flagged const &flagged)
{
    auto const [owner, share] = flagged.answers.dominant();
    if (share < k_nearly_all || flagged.answers.foreign_share() < k_nearly_all) {
        return false;
    }
    if (flagged.dispatch.pattern == Pattern::switched) {
        scale.support(weights::k_step,
                      fmt::format("{} changed once, and did not return: {}", flagged.name(), flagged.dispatch.order));
    }
    scale.support(weights::k_all_elsewhere,
                  fmt::format("since the onset {} is answered by {} alone", flagged.name(), owner));
    if (facts.expected.by_name(owner)) {
        scale.contradict(
            weights::k_against_owned,
            fmt::format("{} is the backend of another configured instance: a route may lead there", owner));
    } else {
        scale.support(weights::k_new_backend, fmt::format("{} belongs to no configured instance: it is new", owner));
    }
    return true;
}

std::vector<Step> steps(Symptoms const &symptoms)
{
    auto const unowned = symptoms.unowned.empty() ? std::string{"PROVIDER at UPSTREAM"} : *symptoms.unowned.begin();
    return {
        {.text = fmt::format("when the change was meant: add the new backend ({}) to the `expect` of {} in "
                             "misroute.yaml",
                             unowned, advice::instance(symptoms))},
        {.text =
             "when it was not: take litellm_params (model, api_base) of the instance's model_list back to what it was, "
             "restart its pods, and watch the next requests"},
        advice::proof(symptoms)};
}

} // namespace

Cause weigh_reconfiguration(Facts const &facts, Symptoms const &symptoms)
{
    Scale scale;
    for (auto const &flagged : symptoms.flagged) {
        if (flagged.configured() && weigh_issuer(scale, facts, flagged)) {
            break;
        }
    }
    if (interleaved(symptoms)) {
        scale.contradict(weights::k_against_interleaved, "answers interleave; a new configuration changes once");
    }
    auto cause = scale.cause("instance-reconfigured");
    auto const kubectl = advice::kubectl(facts);
    cause.next = {{.command = fmt::format("{}rollout history deployment/{}    # a rollout at the onset?", kubectl,
                                          advice::deployment(facts, symptoms))},
                  {.command = kubectl + "get configmap NAME -o yaml    # model_list: which api_base?"},
                  {.command = "git log -p -- CONFIG    # the instance's config.yaml"},
                  advice::trace(symptoms)};
    cause.steps = steps(symptoms);
    return cause;
}

} // namespace misroute
