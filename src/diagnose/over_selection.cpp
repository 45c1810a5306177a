// SPDX-License-Identifier: Apache-2.0
#include "detect/balance.hpp"
#include "diagnose/advice.hpp"
#include "diagnose/cluster_evidence.hpp"
#include "diagnose/weigh.hpp"
#include "diagnose/weights.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

/// Shares below this are thin: a Service would have to select five pods to one.
constexpr double k_thin_share = 0.2;

/// Rows of the matrix are "the same" when chance makes such differences more often than this.
constexpr double k_same_p = 0.01;

/// A (nearly) single owner: the reverse of interleaving.
constexpr double k_one_way_share = 0.95;

std::string pace_text(Flagged const &flagged)
{
    auto const seconds = flagged.pace ? std::chrono::duration<double>(*flagged.pace).count() : 0.0;
    return flagged.pace && seconds < 600 ? fmt::format(" within {:.0f} s", std::max(seconds, 1.0)) : std::string{};
}

void weigh_order(Scale &scale, Symptoms const &symptoms)
{
    for (auto const &flagged : symptoms.flagged) {
        if (flagged.interleaved) {
            auto const thin = flagged.configured() && flagged.answers.foreign_share() < k_thin_share;
            scale.support(thin ? weights::k_interleaved_thinly : weights::k_interleaved,
                          fmt::format("{} backends answer {} in turns{}: {}", flagged.answers.by_owner.size(),
                                      flagged.name(), pace_text(flagged), flagged.dispatch.order));
            break; // the next issuer shows the same thing once more, not another one
        }
    }
    if (auto const *flagged = cyclic(symptoms); flagged && flagged->dispatch.backends) {
        scale.support(weights::k_cycle,
                      fmt::format("the order of {} repeats every {} requests: so many pods behind one hostname",
                                  flagged->name(), *flagged->dispatch.backends));
    }
}

void weigh_matrix(Scale &scale, Symptoms const &symptoms)
{
    auto const misrouted = symptoms.misrouted_instances();
    if (misrouted > 1) {
        scale.support(weights::k_several_instances, fmt::format("{} instances are misrouted", misrouted));
    }
    auto const &test = symptoms.sameness;
    if (misrouted > 1 && test.degrees > 0 && test.p > k_same_p) {
        std::string rows;
        for (auto const &entered : symptoms.matrix) {
            rows += fmt::format("{}{}: {}", rows.empty() ? "" : "; ", entered.instance,
                                text_of(symptoms.sticky_clients ? entered.clients : entered.requests));
        }
        scale.support(weights::k_same_mixture,
                      fmt::format("all instances show the same mixture ({}; {}G = {:.2f}, p = {:.3f})", rows,
                                  symptoms.sticky_clients ? "counted in clients, " : "", test.statistic, test.p));
    }
    if (symptoms.sticky_clients) {
        scale.support(weights::k_sticky_clients,
                      "whole clients of one instance are answered at home and whole clients elsewhere, as session "
                      "affinity does it");
    }
}

bool goes_one_way(Symptoms const &symptoms)
{
    auto const &matrix = symptoms.matrix;
    auto const leaves = [](Entered const &entered) {
        return entered.requests.foreign > 0 && entered.requests.dominant().second >= k_one_way_share &&
               entered.requests.foreign_share() >= k_one_way_share;
    };
    auto const clean = [](Entered const &entered) { return entered.requests.foreign == 0; };
    return symptoms.misrouted_instances() > 0 &&
           std::ranges::all_of(matrix, [&](Entered const &entered) { return leaves(entered) || clean(entered); });
}

void weigh_contradictions(Scale &scale, Facts const &facts, Symptoms const &symptoms)
{
    if (goes_one_way(symptoms)) {
        scale.contradict(weights::k_against_one_way, "all traffic goes one way: nothing comes home");
    }
    if (!interleaved(symptoms) && std::ranges::any_of(symptoms.flagged, [](Flagged const &flagged) {
            return flagged.dispatch.pattern == Pattern::switched;
        })) {
        scale.contradict(weights::k_against_step, "one clean step from one backend to another, and no return");
    }
    if (symptoms.foreign_unowned * 2 > symptoms.foreign) {
        scale.contradict(weights::k_against_unowned,
                         fmt::format("{} of {} foreign answers come from backends that no configured instance serves",
                                     symptoms.foreign_unowned, symptoms.foreign));
    }
    if (symptoms.foreign_in_database * 2 > symptoms.foreign) {
        scale.contradict(weights::k_against_in_database,
                         "the deployments that gave the foreign answers stand in LiteLLM_ProxyModelTable");
    }
    if (follows_failures(symptoms)) {
        scale.contradict(weights::k_against_failures, "foreign answers stand right after failures");
    }
    for (auto const &flagged : symptoms.flagged) {
        auto const neighbours = clean_neighbours(facts, flagged);
        if (!neighbours.empty() && flagged.answers.dominant().second < k_one_way_share) {
            scale.contradict(weights::k_against_clean_neighbours,
                             fmt::format("{} entered at the same instance as {} and is surely clean",
                                         neighbours.front()->report.issuer.text(), flagged.name()));
            break;
        }
    }
}

bool by_host_clean(Symptoms const &symptoms)
{
    return std::ranges::any_of(symptoms.flagged, [](Flagged const &flagged) {
        return flagged.by_host.size() > 1 && std::ranges::all_of(flagged.by_host, [](auto const &entry) {
                   return entry.second.dominant().second >= k_one_way_share;
               });
    });
}

// Whether the manifests confirm it: a Service selects the pods of everybody who answered, in the shares that were seen.
bool weigh_cluster(Scale &scale, Facts const &facts, Symptoms const &symptoms)
{
    if (!facts.cluster || facts.cluster->services.empty()) {
        return false;
    }
    auto const selections = wide_selections(*facts.cluster);
    if (selections.empty()) {
        if (facts.cluster->complete()) { // what was not seen speaks against nothing
            scale.contradict(weights::k_against_manifests,
                             "no Service in the manifests selects pods of another instance");
        }
        return false;
    }
    auto const &service = *selections.front().service;
    scale.support(weights::k_manifests, fmt::format("Service {} selects the pods of {} instances", service.name.text(),
                                                    selections.front().pods.size()));
    bool confirmed = false;
    for (auto const &selection : selections) {
        auto const prediction = compare(selection, symptoms);
        if (!prediction || !prediction->explains) {
            continue;
        }
        if (prediction->test.p > k_same_p) {
            confirmed = true;
            scale.support(weights::k_replicas_match, prediction->sentence);
        } else {
            scale.mention(prediction->sentence);
        }
    }
    return confirmed;
}

} // namespace

Cause weigh_over_selection(Facts const &facts, Symptoms const &symptoms)
{
    Scale scale;
    if (!symptoms.flagged.empty() && std::ranges::all_of(symptoms.flagged, [&](Flagged const &flagged) {
            return balanced_inside(facts, *flagged.view);
        })) {
        return scale.cause("service-selects-other-instances"); // nobody else meets these pods
    }
    weigh_order(scale, symptoms);
    weigh_matrix(scale, symptoms);
    auto const confirmed = weigh_cluster(scale, facts, symptoms);
    if (scale.supported() && facts.database_models.readable && facts.database_models.models == 0 &&
        facts.database_models.config.empty()) {
        scale.support(weights::k_nothing_in_database, database_sentence(facts.database_models));
    }
    weigh_contradictions(scale, facts, symptoms);
    if (facts.examination.by == IssuerKind::key && by_host_clean(symptoms)) {
        scale.contradict(weights::k_against_clean_hosts,
                         "by hostname of entry every request has one and the same answer");
    }
    auto cause = scale.cause("service-selects-other-instances");
    cause.confirmed = confirmed && !goes_one_way(symptoms);
    cause.next = advice::endpoints_check(facts);
    cause.steps = advice::selector_repair(facts, symptoms);
    return cause;
}

} // namespace misroute
