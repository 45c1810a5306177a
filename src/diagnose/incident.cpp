// SPDX-License-Identifier: Apache-2.0
#include "detect/answered_by.hpp"
#include "detect/dispatch.hpp"
#include "detect/onset.hpp"
#include "diagnose/incident_evidence_parts.hpp"

#include <algorithm>

namespace misroute {

namespace {

/// A failure is "right before" an answer when it is that recent: LiteLLM tries a fallback at once.
constexpr Milliseconds k_right_before = std::chrono::seconds{60};

std::optional<Onset> onset_for(Facts const &facts, IssuerView const &view, Sequence const *sequence)
{
    if (view.report.onset) {
        return view.report.onset;
    }
    auto const before = sequence ? std::span<JudgedRow const>{sequence->before} : std::span<JudgedRow const>{};
    return onset_of(view.series, before, facts.tally.window);
}

Instant last_foreign(IssuerView const &view)
{
    auto last = Instant::min();
    for (auto const &point : view.series) {
        last = std::max(last, point.foreign.last);
    }
    return last;
}

Stretch stretch_of(Facts const &facts, IssuerView const &view, Sequence const *sequence)
{
    auto const onset = onset_for(facts, view, sequence);
    return onset ? Stretch{onset->at, last_foreign(view)} : Stretch{facts.tally.window.since, facts.tally.window.until};
}

void count_rows(AffectedIssuer &affected, std::vector<JudgedRow> const &rows)
{
    for (auto const &row : rows) {
        if (auto const owner = answered_by(row.row.key, row.judged); !owner.empty()) {
            count(affected.answers, owner, row.judged, 1);
            if (!row.row.key.host.empty()) {
                count(affected.by_host[row.row.key.host], owner, row.judged, 1);
            }
        }
    }
}

void count_cells(Facts const &facts, AffectedIssuer &affected, Window const &window)
{
    for (auto const &cell : affected.view->cells) {
        auto const owner = answered_by(cell.key, cell.judged);
        auto const requests = owner.empty() ? 0 : requests_within(facts, cell, window);
        if (requests == 0) {
            continue;
        }
        count(affected.answers, owner, cell.judged, requests);
        if (!cell.key.host.empty()) {
            count(affected.by_host[cell.key.host], owner, cell.judged, requests);
        }
    }
}

std::vector<JudgedRow> rows_within(std::vector<JudgedRow> const &rows, Stretch const &stretch)
{
    std::vector<JudgedRow> result;
    std::ranges::copy_if(rows, std::back_inserter(result), [&](JudgedRow const &row) {
        return stretch.from <= row.row.time && row.row.time <= stretch.to;
    });
    return result;
}

std::optional<Milliseconds> pace_of(std::vector<JudgedRow> const &rows)
{
    std::vector<Milliseconds> steps;
    JudgedRow const *last = nullptr;
    for (auto const &row : rows) {
        auto const owner = answered_by(row.row.key, row.judged);
        if (owner.empty()) {
            continue;
        }
        if (last != nullptr && answered_by(last->row.key, last->judged) != owner) {
            steps.push_back(row.row.time - last->row.time);
        }
        last = &row;
    }
    if (steps.empty()) {
        return std::nullopt;
    }
    auto const middle = steps.begin() + std::ssize(steps) / 2;
    std::ranges::nth_element(steps, middle);
    return *middle;
}

void count_failures(AffectedIssuer &affected, std::vector<JudgedRow> const &rows)
{
    std::optional<Instant> failed;
    for (auto const &row : rows) {
        if (row.row.key.reason == ExclusionReason::failure) {
            failed = row.row.time;
            continue;
        }
        bool const after = failed && row.row.time - *failed <= k_right_before;
        if (row.judged.row_class == RowClass::foreign) {
            affected.foreign_rows += 1;
            affected.foreign_after_failure += after ? 1 : 0;
        } else if (row.judged.row_class == RowClass::home) {
            affected.home_rows += 1;
            affected.home_after_failure += after ? 1 : 0;
            failed.reset(); // the upstream works again
        }
    }
}

} // namespace

AffectedIssuer affected_issuer_of(Facts const &facts, IssuerView const &view)
{
    AffectedIssuer affected;
    affected.view = &view;
    auto const found = facts.sequences.find(view.report.issuer);
    affected.sequence = found == facts.sequences.end() ? nullptr : &found->second;
    auto const stretch = stretch_of(facts, view, affected.sequence);
    affected.incident = inside(stretch.from, stretch.to, facts.tally.bucket);
    std::vector<JudgedRow> rows;
    if (affected.sequence) {
        rows = rows_within(affected.sequence->newest, stretch);
        affected.interleaved = interleaves(rows);
        affected.pace = pace_of(rows);
        count_failures(affected, affected.sequence->newest);
        if (!view.report.dispatch) {
            affected.dispatch = dispatch_of(affected.sequence->newest, facts.expected);
        }
    }
    if (view.report.dispatch) {
        affected.dispatch = *view.report.dispatch;
    }
    // Rows are exact, but bounded in number: only when they reach back to the onset are they the whole incident.
    if (!rows.empty() && affected.sequence->newest.front().row.time <= stretch.from) {
        count_rows(affected, rows);
    } else {
        count_cells(facts, affected, affected.incident);
    }
    return affected;
}

} // namespace misroute
