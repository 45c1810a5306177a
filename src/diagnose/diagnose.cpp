// SPDX-License-Identifier: Apache-2.0
#include "misroute/diagnose.hpp"

#include "diagnose/symptoms.hpp"
#include "diagnose/weigh.hpp"

#include <algorithm>
#include <array>

namespace misroute {

namespace {

constexpr std::array k_causes{
    CauseRow{"service-selects-other-instances",
             "a Service selects the pods of several instances",
             weigh_over_selection,
             {Known::order}},
    CauseRow{
        "route-points-elsewhere", "a hostname leads to another instance's Service", weigh_wrong_route, {Known::order}},
    CauseRow{"instance-reconfigured", "the instance was given another backend", weigh_reconfiguration, {Known::order}},
    CauseRow{"fallback-between-providers",
             "LiteLLM fell back to another provider",
             weigh_fallback,
             {Known::order, Known::fallbacks}},
    CauseRow{"models-in-database",
             "models in the shared database are served by every pod",
             weigh_database_models,
             {Known::order}},
    CauseRow{"key-used-on-several-instances", "one key is used on several instances", weigh_shared_key, {Known::order}},
};

/// Scores below this are noise: an item or two that nearly every fleet shows.
constexpr double k_worth_telling = 0.01;

/// Part of the foreign rows after a failure, and its ratio to that of home rows, that make a fallback likely.
constexpr double k_failure_share = 0.3;
constexpr double k_failure_ratio = 3.0;

bool needs_explaining(Facts const &facts, std::vector<Finding> const &findings)
{
    auto const flagged = [](IssuerView const &view) {
        return view.report.verdict == Verdict::misrouted || view.report.verdict == Verdict::mixed;
    };
    auto const selects = [](Finding const &finding) {
        return finding.rule == Rule::service_selects_other_instance ||
               finding.rule == Rule::host_reaches_other_instance || finding.rule == Rule::identical_selectors;
    };
    return std::ranges::any_of(facts.examination.issuers, flagged) || std::ranges::any_of(findings, selects);
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
    auto const symptoms = symptoms_of(facts);
    for (auto const &row : causes()) {
        if (!facts.knows.covers(row.needs)) {
            continue;
        }
        auto cause = row.weigh(facts, symptoms);
        if (cause.score >= k_worth_telling) {
            ranked.push_back(std::move(cause));
        }
    }
    std::ranges::stable_sort(ranked, std::ranges::greater{}, &Cause::score);
    return ranked;
}

bool interleaved(Symptoms const &symptoms)
{
    return std::ranges::any_of(symptoms.flagged, &Flagged::interleaved);
}

double foreign_share(Symptoms const &symptoms)
{
    std::int64_t all = 0;
    std::int64_t foreign = 0;
    for (auto const &flagged : symptoms.flagged) {
        all += flagged.configured() ? flagged.answers.total() : 0;
        foreign += flagged.configured() ? flagged.answers.foreign : 0;
    }
    return all > 0 ? static_cast<double>(foreign) / static_cast<double>(all) : 0.5;
}

Flagged const *cyclic(Symptoms const &symptoms)
{
    auto const repeats = [](Flagged const &flagged) { return flagged.dispatch.pattern == Pattern::round_robin; };
    auto const found = std::ranges::find_if(symptoms.flagged, repeats);
    return found == symptoms.flagged.end() ? nullptr : &*found;
}

bool follows_failures(Symptoms const &symptoms)
{
    std::array<double, 4> sums{};
    for (auto const &flagged : symptoms.flagged) {
        sums[0] += static_cast<double>(flagged.foreign_after_failure);
        sums[1] += static_cast<double>(flagged.foreign_rows);
        sums[2] += static_cast<double>(flagged.home_after_failure);
        sums[3] += static_cast<double>(flagged.home_rows);
    }
    auto const foreign = sums[1] > 0 ? sums[0] / sums[1] : 0.0;
    auto const home = sums[3] > 0 ? sums[2] / sums[3] : 0.0;
    return foreign >= k_failure_share && foreign >= k_failure_ratio * home;
}

std::vector<IssuerView const *> clean_neighbours(Facts const &facts, Flagged const &flagged)
{
    std::vector<IssuerView const *> neighbours;
    auto const needed = clean_requests_needed(flagged.answers.foreign_share());
    for (auto const &view : facts.examination.issuers) {
        if (view.report.verdict != Verdict::clean || view.report.instance != flagged.view->report.instance) {
            continue;
        }
        std::int64_t home = 0;
        for (auto const &point : view.series) {
            home += flagged.incident.contains(point.since) ? point.home.requests : 0;
        }
        if (needed > 0 && home >= needed) {
            neighbours.push_back(&view);
        }
    }
    return neighbours;
}

} // namespace misroute
