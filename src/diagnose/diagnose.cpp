// SPDX-License-Identifier: Apache-2.0
#include "misroute/diagnose.hpp"

#include "diagnose/incident_evidence.hpp"
#include "diagnose/score.hpp"

#include <algorithm>
#include <array>

namespace misroute {

namespace {

constexpr std::array k_causes{
    CauseRow{"service-selects-other-instances",
             "a Service selects the pods of several instances",
             score_over_selection,
             {Known::order}},
    CauseRow{
        "route-points-elsewhere", "a hostname leads to another instance's Service", score_wrong_route, {Known::order}},
    CauseRow{"instance-reconfigured", "the instance was given another backend", score_reconfiguration, {Known::order}},
    CauseRow{"fallback-between-providers",
             "LiteLLM fell back to another provider",
             score_fallback,
             {Known::order, Known::fallbacks}},
    CauseRow{"models-in-database",
             "models in the shared database are served by every pod",
             score_database_models,
             {Known::order}},
    CauseRow{"key-used-on-several-instances", "one key is used on several instances", score_shared_key, {Known::order}},
};

/// Scores below this are noise: an item or two that nearly every fleet shows.
constexpr double k_worth_telling = 0.01;

/// Part of the foreign rows after a failure, and its ratio to that of home rows, that make a fallback likely.
constexpr double k_failure_share = 0.3;
constexpr double k_failure_ratio = 3.0;

bool needs_explaining(Facts const &facts, std::vector<Finding> const &findings)
{
    auto const affected = [](IssuerView const &view) {
        return view.report.verdict == Verdict::misrouted || view.report.verdict == Verdict::mixed;
    };
    auto const selects = [](Finding const &finding) {
        return finding.rule == Rule::service_selects_other_instance ||
               finding.rule == Rule::host_reaches_other_instance || finding.rule == Rule::identical_selectors;
    };
    return std::ranges::any_of(facts.examination.issuers, affected) || std::ranges::any_of(findings, selects);
}

std::int64_t home_requests(Facts const &facts, IssuerView const &view, Window const &stretch)
{
    std::int64_t requests = 0;
    for (auto const &cell : view.cells) {
        if (cell.judged.row_class != RowClass::home) {
            continue;
        }
        for (auto const &[bucket, sums] : facts.tally.cells.at(cell.key).series) {
            requests += stretch.contains(bucket) ? sums.requests : 0;
        }
    }
    return requests;
}

} // namespace

std::span<CauseRow const> causes()
{
    return k_causes;
}

std::vector<Cause> diagnose(Facts const &facts, std::vector<Finding> const &findings)
{
    std::vector<Cause> ranked;
    if (!needs_explaining(facts, findings)) {
        return ranked;
    }
    auto const evidence = incident_evidence_of(facts);
    for (auto const &row : causes()) {
        if (!facts.knows.covers(row.needs)) {
            continue;
        }
        auto cause = row.score(facts, evidence);
        if (cause.score >= k_worth_telling) {
            ranked.push_back(std::move(cause));
        }
    }
    std::ranges::stable_sort(ranked, std::ranges::greater{}, &Cause::score);
    return ranked;
}

bool interleaved(IncidentEvidence const &evidence)
{
    return std::ranges::any_of(evidence.affected, &AffectedIssuer::interleaved);
}

double foreign_share(IncidentEvidence const &evidence)
{
    std::int64_t all = 0;
    std::int64_t foreign = 0;
    for (auto const &affected : evidence.affected) {
        all += affected.configured() ? affected.answers.total() : 0;
        foreign += affected.configured() ? affected.answers.foreign : 0;
    }
    return all > 0 ? static_cast<double>(foreign) / static_cast<double>(all) : 0.5;
}

AffectedIssuer const *cyclic(IncidentEvidence const &evidence)
{
    auto const repeats = [](AffectedIssuer const &affected) {
        return affected.dispatch.pattern == Pattern::round_robin;
    };
    auto const found = std::ranges::find_if(evidence.affected, repeats);
    return found == evidence.affected.end() ? nullptr : &*found;
}

bool follows_failures(IncidentEvidence const &evidence)
{
    std::array<double, 4> sums{};
    for (auto const &affected : evidence.affected) {
        sums[0] += static_cast<double>(affected.foreign_after_failure);
        sums[1] += static_cast<double>(affected.foreign_rows);
        sums[2] += static_cast<double>(affected.home_after_failure);
        sums[3] += static_cast<double>(affected.home_rows);
    }
    auto const foreign = sums[1] > 0 ? sums[0] / sums[1] : 0.0;
    auto const home = sums[3] > 0 ? sums[2] / sums[3] : 0.0;
    return foreign >= k_failure_share && foreign >= k_failure_ratio * home;
}

std::vector<IssuerView const *> clean_neighbours(Facts const &facts, AffectedIssuer const &affected)
{
    std::vector<IssuerView const *> neighbours;
    auto const needed = clean_requests_needed(affected.answers.foreign_share());
    for (auto const &view : facts.examination.issuers) {
        if (view.report.verdict != Verdict::clean || view.report.instance != affected.view->report.instance) {
            continue;
        }
        if (needed > 0 && home_requests(facts, view, affected.incident) >= needed) {
            neighbours.push_back(&view);
        }
    }
    return neighbours;
}

} // namespace misroute
