// SPDX-License-Identifier: Apache-2.0
#include "diagnose/advice.hpp"
#include "diagnose/score.hpp"
#include "diagnose/weights.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

/// By host a key is clean when each of its hosts has (nearly) one owner.
constexpr double k_pure = 0.95;

bool is_mixed(Answers const &answers)
{
    return answers.total() > 1 && answers.dominant().second < k_pure;
}

void score_hosts(CauseScore &score, AffectedIssuer const &affected)
{
    auto const mixed =
        std::ranges::count_if(affected.by_host, [](auto const &entry) { return is_mixed(entry.second); });
    if (mixed > 0) {
        score.contradict(weights::k_against_mixed_hosts,
                         fmt::format("{} is mixed by hostname of entry too", affected.name()));
    } else if (affected.by_host.size() > 1) {
        score.support(weights::k_clean_by_host,
                      fmt::format("{} enters by {} hostnames, and each of them has one and the same answer",
                                  affected.name(), affected.by_host.size()));
    }
}

bool mixed_neighbour(IncidentEvidence const &evidence, AffectedIssuer const &affected)
{
    return std::ranges::any_of(evidence.affected, [&](AffectedIssuer const &other) {
        return &other != &affected && other.configured() && is_mixed(other.answers) &&
               other.view->report.instance == affected.view->report.instance;
    });
}

void score_neighbours(CauseScore &score, Facts const &facts, IncidentEvidence const &evidence,
                      AffectedIssuer const &affected)
{
    auto const neighbours = clean_neighbours(facts, affected);
    if (!neighbours.empty()) {
        score.support(weights::k_clean_neighbours,
                      fmt::format("{} of the same instance sent enough requests meanwhile, and is clean",
                                  neighbours.front()->report.issuer.text()));
    }
    if (mixed_neighbour(evidence, affected)) {
        score.contradict(weights::k_against_mixed_neighbours, "other keys of the instance are mixed in the same way");
    }
}

} // namespace

Cause score_shared_key(Facts const &facts, IncidentEvidence const &evidence)
{
    // Only the key view can confuse one key's several instances with one instance's several backends.
    if (facts.examination.by != IssuerKind::key) {
        return {};
    }
    CauseScore best;
    AffectedIssuer const *shown = nullptr;
    for (auto const &affected : evidence.affected) {
        CauseScore score;
        if (is_mixed(affected.answers)) {
            score_hosts(score, affected);
            score_neighbours(score, facts, evidence, affected);
        }
        if (!shown || score.value() > best.value()) {
            best = score;
            shown = &affected;
        }
    }
    auto cause = best.cause("key-used-on-several-instances");
    auto const issuer = shown ? shown->name() : std::string{"key:NAME"};
    cause.next = {{.command = "misroute scan --by host    # is every hostname clean?"},
                  advice::trace(evidence),
                  {.text = "ask the owner of the key which base URLs its clients use"}};
    cause.steps = {
        {.text = fmt::format("list {} under every instance it is used on (`keys` in misroute.yaml): then what any of "
                             "them serves is home",
                             issuer)},
        {.text = "or let rows name the host they entered by, and nobody has to guess, on every instance:",
         .patch = "litellm_settings:\n  extra_spend_tag_headers: [\"host\"]"},
        {.text = "or give each instance a key of its own"},
        advice::proof(evidence)};
    return cause;
}

} // namespace misroute
