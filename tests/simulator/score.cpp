// SPDX-License-Identifier: Apache-2.0
#include "simulator/score.hpp"

#include <algorithm>
#include <cstdlib>

namespace misroute::simulator {

namespace {

/// From this many requests on dispatch must be right.
constexpr std::ptrdiff_t k_enough = 100;

// The times of the issuer's requests that tell about routing, in order.
std::vector<Instant> times_of(std::vector<JudgedRow> const &rows)
{
    std::vector<Instant> times;
    for (auto const &row : rows) {
        if (row.judged.row_class != RowClass::excluded) {
            times.push_back(row.row.time);
        }
    }
    return times;
}

void judge_onset(Score &score, Truth const &truth, Onset const &onset, std::vector<Instant> const &times)
{
    auto const first = std::ranges::lower_bound(times, *truth.begun);
    auto const said = std::ranges::lower_bound(times, onset.at);
    score.onset_error.push_back(std::abs(static_cast<int>(said - first)));
    score.interval.add(first != times.end() && onset.earliest <= *first && *first <= onset.at);
    score.ending.add(truth.ended ? onset.ended_at && *onset.ended_at < *truth.ended : onset.ongoing);
}

void judge_dispatch(Score &score, Truth const &truth, Dispatch const &dispatch)
{
    bool const blurred = truth.patterns.contains(Pattern::round_robin) && dispatch.pattern == Pattern::random;
    score.dispatch.add(truth.patterns.contains(dispatch.pattern) && !(blurred && dispatch.certain));
}

void judge_issuer(Score &score, Traffic const &traffic, Outcome const &outcome, IssuerReport const &report)
{
    auto const &truth = traffic.truth;
    if (!truth.begun || report.verdict != Verdict::misrouted) {
        return;
    }
    auto const times = times_of(outcome.rows.at(report.issuer));
    judge_onset(score, truth, report.onset.value_or(Onset{}), times);
    auto const during = std::ranges::count_if(
        times, [&](Instant time) { return *truth.begun <= time && (!truth.ended || time < *truth.ended); });
    if (!truth.patterns.empty() && during >= k_enough) {
        judge_dispatch(score, truth, report.dispatch.value_or(Dispatch{}));
    }
}

} // namespace

void Score::Part::add(bool is_right)
{
    right += is_right ? 1 : 0;
    judged += 1;
}

std::optional<double> Score::Part::share() const
{
    return judged > 0 ? std::optional{static_cast<double>(right) / judged} : std::nullopt;
}

Score::Part &Score::Part::operator+=(Part const &other)
{
    right += other.right;
    judged += other.judged;
    return *this;
}

Score &Score::operator+=(Score const &other)
{
    verdicts += other.verdicts;
    cause += other.cause;
    dispatch += other.dispatch;
    interval += other.interval;
    ending += other.ending;
    onset_error.insert(onset_error.end(), other.onset_error.begin(), other.onset_error.end());
    return *this;
}

std::optional<int> Score::median_onset_error() const
{
    auto sorted = onset_error;
    std::ranges::sort(sorted);
    return sorted.empty() ? std::nullopt : std::optional{sorted[sorted.size() / 2]};
}

void Score::add(Traffic const &traffic, Outcome const &outcome)
{
    auto const &issuers = outcome.report.issuers;
    for (auto const &[issuer, verdict] : traffic.truth.verdicts) {
        auto const &wanted = issuer; // clang 14 captures no structured binding
        auto const found =
            std::ranges::find_if(issuers, [&](IssuerReport const &report) { return report.issuer == wanted; });
        verdicts.add(found != issuers.end() && found->verdict == verdict);
        if (found != issuers.end()) {
            judge_issuer(*this, traffic, outcome, *found);
        }
    }
    auto const &causes = outcome.report.causes;
    cause.add((causes.empty() ? std::string{} : causes.front().cause) == traffic.truth.cause);
}

Score score(Scenario const &scenario, int seeds)
{
    Score result;
    for (int seed = 1; seed <= seeds; ++seed) {
        Random random{static_cast<std::uint64_t>(seed)};
        auto const traffic = scenario.make(random);
        result.add(traffic, examine(traffic));
    }
    return result;
}

} // namespace misroute::simulator
