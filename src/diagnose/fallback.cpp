// SPDX-License-Identifier: Apache-2.0
#include "diagnose/advice.hpp"
#include "diagnose/score.hpp"
#include "diagnose/weights.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

/// More than this of all answers is no longer an exception but the rule.
constexpr double k_exception_share = 0.2;

void score_failures(CauseScore &score, IncidentEvidence const &evidence)
{
    if (!follows_failures(evidence)) {
        return;
    }
    std::int64_t after = 0;
    std::int64_t rows = 0;
    for (auto const &affected : evidence.affected) {
        after += affected.foreign_after_failure;
        rows += affected.foreign_rows;
    }
    score.support(
        weights::k_after_failures,
        fmt::format("{} of {} foreign answers stand right after a failure; home answers do not", after, rows));
}

/// Every incident is a few foreign answers at an instance that answers at home at other times: in a row, or so few that
/// they are an exception of the issuer's whole traffic.
bool in_bursts(Facts const &facts, IncidentEvidence const &evidence)
{
    return !evidence.affected.empty() && std::ranges::all_of(evidence.affected, [&](AffectedIssuer const &affected) {
        auto const &counts = affected.view->report.counts;
        auto const judged = static_cast<double>(counts.home + counts.foreign);
        bool const few = static_cast<double>(counts.foreign) < k_exception_share * judged;
        return affected.configured() && (few || affected.answers.home() == 0) &&
               !is_lasting(affected.answers.foreign, home_of(facts, affected.view->report.instance.text()));
    });
}

} // namespace

Cause score_fallback(Facts const &facts, IncidentEvidence const &evidence)
{
    auto const share = foreign_share(evidence);
    auto const thin = share < k_exception_share;
    CauseScore score;
    score_failures(score, evidence);
    if (thin && evidence.foreign > 0) {
        score.support(weights::k_thin, fmt::format("only {:.1f} % of the answers are foreign", 100 * share));
    }
    auto const bursts = in_bursts(facts, evidence);
    if (bursts) {
        score.support(weights::k_thin, "only a few answers are foreign, and home answers stand before or after them");
    }
    if (!evidence.markers_written) {
        score.support(weights::k_no_markers,
                      "this LiteLLM version writes no fallback marker (attempted_fallbacks) into "
                      "its rows: a fallback cannot be told from a misroute by one row");
    } else {
        score.contradict(weights::k_against_unmarked,
                         "these rows carry no fallback marker, although this LiteLLM version writes one");
    }
    if (evidence.marked_fallbacks > 0) {
        score.support(
            weights::k_other_fallbacks,
            fmt::format("{} other rows of the window are marked as fallbacks, and are left out of every verdict",
                        evidence.marked_fallbacks));
    }
    if (!thin && !follows_failures(evidence) && !evidence.by_own_entries() && !bursts) {
        score.contradict(
            weights::k_against_thick,
            fmt::format("{:.0f} % of the answers are foreign, and no failures stand before them", 100 * share));
    }
    if (cyclic(evidence)) {
        score.contradict(weights::k_against_cycle, "the order of backends repeats; failures have no rhythm");
    }
    score_entries(score, evidence);
    auto cause = score.cause("fallback-between-providers");
    cause.next = {{.command = "grep -nE 'fallbacks|default_fallbacks' CONFIG    # the instance's config.yaml"},
                  {.command = advice::kubectl(facts) +
                              fmt::format("logs deployment/{} | grep -i fallback", advice::workload(facts, evidence))},
                  advice::trace(evidence, "failures right before the foreign answers?")};
    cause.steps = {
        {.text = "when the fallback is wanted: add its target to the `expect` of the instance in misroute.yaml"},
        {.text = "when it is not: remove it from router_settings.fallbacks (or litellm_settings.default_fallbacks)"},
        {.text = "upgrade LiteLLM to a release that writes attempted_fallbacks: then misroute leaves fallbacks out of "
                 "every verdict by itself"},
        advice::proof(evidence)};
    return cause;
}

} // namespace misroute
