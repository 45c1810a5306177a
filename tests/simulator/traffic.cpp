// SPDX-License-Identifier: Apache-2.0
#include "simulator/traffic.hpp"

#include "detect/dispatch.hpp"
#include "detect/onset.hpp"

#include <algorithm>
#include <span>

namespace misroute::simulator {

namespace {

std::vector<JudgedRow> last(std::span<JudgedRow const> rows, std::size_t count)
{
    auto const newest = rows.last(std::min(count, rows.size()));
    return {newest.begin(), newest.end()};
}

bool is_foreign(JudgedRow const &row)
{
    return row.judged.row_class == RowClass::foreign;
}

Sequence sequence_of(std::vector<JudgedRow> const &rows, Traffic const &traffic)
{
    Sequence sequence;
    sequence.markers_written = traffic.markers_written;
    sequence.newest = last(rows, k_newest_rows);
    auto const first = std::ranges::find_if(rows, is_foreign) - rows.begin();
    if (first != std::ssize(rows)) {
        sequence.before = last(std::span{rows}.first(static_cast<std::size_t>(first)), k_rows_before);
    }
    std::ranges::copy_if(rows, std::back_inserter(sequence.foreign), is_foreign);
    sequence.foreign.resize(std::min(sequence.foreign.size(), k_evidence_rows));
    return sequence;
}

void complete(IssuerView &view, Sequence const &sequence, Window const &window)
{
    if (view.report.verdict == Verdict::unassigned && interleaves(sequence.newest)) {
        view.report.verdict = Verdict::mixed;
    }
    if (view.report.verdict == Verdict::misrouted || view.report.verdict == Verdict::mixed) {
        view.report.onset = onset_of(view.series, sequence.before, window);
        view.report.dispatch = dispatch_of(sequence.newest);
    }
}

} // namespace

Tally tally_of(std::vector<Row> const &rows, Window const &window)
{
    Tally tally;
    tally.window = window;
    tally.bucket = bucket_width(window);
    for (auto const &row : rows) {
        bool const unpriced = row.tokens > 0 && row.spend_nano == 0;
        tally.cells[row.key].add(bucket_of(row.time, tally.bucket), {.requests = 1,
                                                                     .tokens = row.tokens,
                                                                     .spend_nano = row.spend_nano,
                                                                     .unpriced_requests = unpriced ? 1 : 0,
                                                                     .unpriced_tokens = unpriced ? row.tokens : 0,
                                                                     .first = row.time,
                                                                     .last = row.time});
    }
    return tally;
}

Outcome examine(Traffic const &traffic, Cluster const *cluster)
{
    Outcome outcome;
    outcome.tally = tally_of(traffic.rows, traffic.window);
    for (auto const &row : traffic.rows) {
        auto const judged = judge(traffic.expected, row.key, outcome.tally.key_name(row.key.key));
        outcome.rows[issuer_of(outcome.tally, row.key, traffic.by)].push_back({row, judged});
    }
    outcome.examination = misroute::examine(outcome.tally, traffic.expected, traffic.by);
    for (auto const &issuer : suspects(outcome.examination)) {
        outcome.sequences[issuer] = sequence_of(outcome.rows.at(issuer), traffic);
    }
    for (auto &view : outcome.examination.issuers) {
        auto const found = outcome.sequences.find(view.report.issuer);
        if (found != outcome.sequences.end()) {
            complete(view, found->second, traffic.window);
        }
    }
    sort_issuers(outcome.examination.issuers);
    Facts const facts{outcome.tally,     traffic.expected, outcome.examination,
                      outcome.sequences, traffic.database, cluster};
    outcome.findings = detect(facts);
    outcome.causes = diagnose(facts, outcome.findings);
    return outcome;
}

} // namespace misroute::simulator
