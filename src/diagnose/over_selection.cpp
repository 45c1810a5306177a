// SPDX-License-Identifier: Apache-2.0
#include "detect/balance.hpp"
#include "diagnose/advice.hpp"
#include "diagnose/cluster_evidence.hpp"
#include "diagnose/score.hpp"
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

std::string pace_text(AffectedIssuer const &affected)
{
    auto const seconds = affected.pace ? std::chrono::duration<double>(*affected.pace).count() : 0.0;
    return affected.pace && seconds < 600 ? fmt::format(" within {:.0f} s", std::max(seconds, 1.0)) : std::string{};
}

void score_order(CauseScore &score, IncidentEvidence const &evidence)
{
    for (auto const &affected : evidence.affected) {
        if (affected.interleaved) {
            auto const thin = affected.configured() && affected.answers.foreign_share() < k_thin_share;
            score.support(thin ? weights::k_interleaved_thinly : weights::k_interleaved,
                          fmt::format("{} backends answer {} in turns{}: {}", affected.answers.by_owner.size(),
                                      affected.name(), pace_text(affected), affected.dispatch.order));
            break; // the next issuer shows the same thing once more, not another one
        }
    }
    if (auto const *affected = cyclic(evidence); affected && affected->dispatch.backends) {
        score.support(weights::k_cycle,
                      fmt::format("the order of {} repeats every {} requests: so many pods behind one hostname",
                                  affected->name(), *affected->dispatch.backends));
    }
}

void score_matrix(CauseScore &score, IncidentEvidence const &evidence)
{
    auto const misrouted = evidence.misrouted_instances();
    if (misrouted > 1) {
        score.support(weights::k_several_instances, fmt::format("{} instances are misrouted", misrouted));
    }
    auto const &test = evidence.sameness;
    if (misrouted > 1 && test.degrees > 0 && test.p > k_same_p) {
        std::string rows;
        for (auto const &entered : evidence.matrix) {
            rows += fmt::format("{}{}: {}", rows.empty() ? "" : "; ", entered.instance,
                                text_of(evidence.sticky_clients ? entered.clients : entered.requests));
        }
        score.support(weights::k_same_mixture,
                      fmt::format("all instances show the same mixture ({}; {}G = {:.2f}, p = {:.3f})", rows,
                                  evidence.sticky_clients ? "counted in clients, " : "", test.statistic, test.p));
    }
    if (evidence.sticky_clients) {
        score.support(weights::k_sticky_clients,
                      "whole clients of one instance are answered at home and whole clients elsewhere, as session "
                      "affinity does it");
    }
}

bool goes_one_way(IncidentEvidence const &evidence)
{
    auto const &matrix = evidence.matrix;
    auto const leaves = [](Entered const &entered) {
        return entered.requests.foreign > 0 && entered.requests.dominant().second >= k_one_way_share &&
               entered.requests.foreign_share() >= k_one_way_share;
    };
    auto const clean = [](Entered const &entered) { return entered.requests.foreign == 0; };
    return evidence.misrouted_instances() > 0 &&
           std::ranges::all_of(matrix, [&](Entered const &entered) { return leaves(entered) || clean(entered); });
}

void score_contradictions(CauseScore &score, Facts const &facts, IncidentEvidence const &evidence)
{
    if (goes_one_way(evidence)) {
        score.contradict(weights::k_against_one_way, "all traffic goes one way: nothing comes home");
    }
    if (!interleaved(evidence) && std::ranges::any_of(evidence.affected, [](AffectedIssuer const &affected) {
            return affected.dispatch.pattern == Pattern::switched;
        })) {
        score.contradict(weights::k_against_step, "one clean step from one backend to another, and no return");
    }
    if (evidence.foreign_unowned * 2 > evidence.foreign) {
        score.contradict(weights::k_against_unowned,
                         fmt::format("{} of {} foreign answers come from backends that no configured instance serves",
                                     evidence.foreign_unowned, evidence.foreign));
    }
    if (evidence.foreign_in_database * 2 > evidence.foreign) {
        score.contradict(weights::k_against_in_database,
                         "the deployments that gave the foreign answers stand in LiteLLM_ProxyModelTable");
    }
    if (follows_failures(evidence)) {
        score.contradict(weights::k_against_failures, "foreign answers stand right after failures");
    }
    score_own_entries(score, evidence);
    for (auto const &affected : evidence.affected) {
        auto const neighbours = clean_neighbours(facts, affected);
        if (!neighbours.empty() && affected.answers.dominant().second < k_one_way_share) {
            score.contradict(weights::k_against_clean_neighbours,
                             fmt::format("{} entered at the same instance as {} and is surely clean",
                                         neighbours.front()->report.issuer.text(), affected.name()));
            break;
        }
    }
}

bool by_host_clean(IncidentEvidence const &evidence)
{
    return std::ranges::any_of(evidence.affected, [](AffectedIssuer const &affected) {
        return affected.by_host.size() > 1 && std::ranges::all_of(affected.by_host, [](auto const &entry) {
                   return entry.second.dominant().second >= k_one_way_share;
               });
    });
}

// Whether the manifests confirm it: a Service selects the pods of everybody who answered, in the shares that were seen.
bool score_cluster(CauseScore &score, Facts const &facts, IncidentEvidence const &evidence)
{
    if (!facts.cluster || facts.cluster->services.empty()) {
        return false;
    }
    auto const selections = wide_selections(*facts.cluster);
    if (selections.empty()) {
        if (facts.cluster->complete()) { // what was not seen speaks against nothing
            score.contradict(weights::k_against_manifests,
                             "no Service in the manifests selects pods of another instance");
        }
        return false;
    }
    auto const &service = *selections.front().service;
    score.support(weights::k_manifests, fmt::format("Service {} selects the pods of {} instances", service.name.text(),
                                                    selections.front().pods.size()));
    bool confirmed = false;
    for (auto const &selection : selections) {
        auto const prediction = compare(selection, evidence);
        if (!prediction || !prediction->explains) {
            continue;
        }
        if (prediction->test.p > k_same_p) {
            confirmed = true;
            score.support(weights::k_replicas_match, prediction->sentence);
        } else {
            score.mention(prediction->sentence);
        }
    }
    return confirmed;
}

} // namespace

Cause score_over_selection(Facts const &facts, IncidentEvidence const &evidence)
{
    CauseScore score;
    if (!evidence.affected.empty() && std::ranges::all_of(evidence.affected, [&](AffectedIssuer const &affected) {
            return balanced_inside(facts, *affected.view);
        })) {
        return score.cause("service-selects-other-instances"); // nobody else meets these pods
    }
    score_order(score, evidence);
    score_matrix(score, evidence);
    auto const confirmed = score_cluster(score, facts, evidence);
    if (score.supported() && facts.database_models.readable && facts.database_models.models == 0 &&
        facts.database_models.config.empty()) {
        score.support(weights::k_nothing_in_database, database_sentence(facts.database_models));
    }
    score_contradictions(score, facts, evidence);
    if (facts.examination.by == IssuerKind::key && by_host_clean(evidence)) {
        score.contradict(weights::k_against_clean_hosts,
                         "by hostname of entry every request has one and the same answer");
    }
    auto cause = score.cause("service-selects-other-instances");
    cause.confirmed = confirmed && !goes_one_way(evidence);
    cause.next = advice::endpoints_check(facts);
    cause.steps = advice::selector_repair(facts, evidence);
    return cause;
}

} // namespace misroute
