// SPDX-License-Identifier: Apache-2.0
#include "investigate/row_sampling.hpp"

#include "detect/marker_sample.hpp"
#include "investigate/row_reader.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace misroute {

namespace {

constexpr std::size_t k_newest_rows = 400;     ///< enough for the order of dispatch to be certain
constexpr std::size_t k_fewest_rows = 120;     ///< of each of many suspects: still more than dispatch has to see
constexpr std::size_t k_rows_in_all = 4000;    ///< newest rows of all suspects together; the database pays for each
constexpr std::size_t k_rows_before = 120;     ///< enough to bound the onset of a share of 2.5 %
constexpr std::size_t k_evidence_rows = 50;    ///< with their metadata
constexpr std::size_t k_fewest_evidence = 10;  ///< of each of many suspects
constexpr std::size_t k_evidence_in_all = 600; ///< of all suspects together
constexpr std::size_t k_probed_rows = 10;

/// The shortest stretch before `until` that holds at least `wanted` rows; single rows are found by reading it.
Window stretch_before(IssuerView const &view, Window const &window, Instant until, std::size_t wanted)
{
    std::int64_t rows = 0;
    Instant since = window.since;
    for (auto point = view.series.rbegin(); point != view.series.rend(); ++point) {
        if (point->since >= until) {
            continue;
        }
        rows += point->home.requests + point->foreign.requests;
        if (rows >= static_cast<std::int64_t>(wanted)) {
            since = std::max(window.since, point->since);
            break;
        }
    }
    return {since, until};
}

std::optional<Instant> first_foreign(IssuerView const &view)
{
    for (auto const &point : view.series) {
        if (point.foreign.requests > 0) {
            return point.foreign.first;
        }
    }
    return std::nullopt;
}

Wanted newest_of(IssuerView const &view, Tally const &tally, std::size_t limit)
{
    auto const &window = tally.window;
    return {&view, first_foreign(view) ? stretch_before(view, window, window.until, limit) : window, limit};
}

Wanted evidence_of(IssuerView const &view, Tally const &tally, std::size_t limit)
{
    auto const &window = tally.window;
    auto const foreign_since = first_foreign(view);
    return {&view,
            {foreign_since.value_or(window.since),
             foreign_since ? std::min(window.until, *foreign_since + tally.bucket) : window.until},
            limit};
}

/// The first rows that a further rule speaks of: those of the first rule may fill any number of pages before them. The
/// very first lies at the beginning of the stretch, so that a few are enough.
std::vector<Wanted> evidence_of_further_rules(IssuerView const &view, Tally const &tally)
{
    std::map<std::optional<Rule>, Instant> since;
    for (auto const &cell : view.cells) {
        if (cell.judged.row_class == RowClass::foreign) {
            auto const [found, fresh] = since.emplace(cell.judged.rule, cell.sums.first);
            found->second = std::min(found->second, cell.sums.first);
        }
    }
    auto const first = first_foreign(view);
    std::vector<Wanted> further;
    for (auto const &[rule, from] : since) {
        if (from != first) {
            further.push_back({&view, {from, std::min(tally.window.until, from + tally.bucket)}, k_fewest_evidence});
        }
    }
    return further;
}

/// Nothing when no row is foreign, or the very first one.
Wanted before_of(IssuerView const &view, Tally const &tally)
{
    auto const until = first_foreign(view).value_or(tally.window.since);
    return {&view, stretch_before(view, tally.window, until, 2 * k_rows_before), k_rows_before, true};
}

bool any_written(std::vector<JudgedRow> const &rows)
{
    return std::any_of(rows.begin(), rows.end(), [](JudgedRow const &row) { return row.row.markers.written; });
}

/// Of evidence only what is foreign stays, or, where nothing is configured, what cannot be judged.
void keep_evidence(Sequence &sequence, IssuerView const &view)
{
    for (auto const &judged : sequence.foreign) {
        if (is_marker(judged.row.key.reason)) {
            sequence.marked.insert(judged.row.key.model_id);
        }
    }
    auto const wanted = first_foreign(view) ? RowClass::foreign : RowClass::unassigned;
    std::erase_if(sequence.foreign, [&](JudgedRow const &row) { return row.judged.row_class != wanted; });
}

/// Rows that are there already stay where they are.
void add_evidence(Sequence &sequence, std::vector<JudgedRow> &&rows)
{
    std::set<std::string> known;
    for (auto const &judged : sequence.foreign) {
        known.insert(judged.row.request_id);
    }
    for (auto &judged : rows) {
        if (known.insert(judged.row.request_id).second) {
            sequence.foreign.push_back(std::move(judged));
        }
    }
    std::stable_sort(sequence.foreign.begin(), sequence.foreign.end(),
                     [](JudgedRow const &left, JudgedRow const &right) { return left.row.time < right.row.time; });
}

/// All rows that are wanted of the suspects.
struct WantedRows
{
    std::vector<Wanted> newest;
    std::vector<Wanted> evidence;
    std::vector<Wanted> further_evidence; ///< several of an issuer: one by one
    std::vector<Wanted> before;
    std::vector<Wanted> probed;
};

WantedRows wanted_rows(Examination const &examination, Tally const &tally, MarkerReading markers)
{
    auto named = suspects(examination);
    named.resize(std::min(named.size(), k_most_suspects));
    auto const each = [&](std::size_t in_all, std::size_t fewest, std::size_t most) {
        return std::clamp(in_all / std::max<std::size_t>(1, named.size()), fewest, most);
    };
    auto const rows = each(k_rows_in_all, k_fewest_rows, k_newest_rows);
    auto const evidence_rows = each(k_evidence_in_all, k_fewest_evidence, k_evidence_rows);
    WantedRows wanted;
    for (auto const &view : examination.issuers) {
        if (std::find(named.begin(), named.end(), view.report.issuer) != named.end()) {
            wanted.newest.push_back(newest_of(view, tally, rows));
            wanted.evidence.push_back(evidence_of(view, tally, evidence_rows));
            auto further = evidence_of_further_rules(view, tally);
            std::move(further.begin(), further.end(), std::back_inserter(wanted.further_evidence));
            wanted.before.push_back(before_of(view, tally));
            if (markers == MarkerReading::probe && wanted.probed.empty()) {
                wanted.probed.push_back(newest_of(view, tally, k_probed_rows));
            }
        }
    }
    return wanted;
}

Sequences sequences_of(WantedRows &&read)
{
    Sequences sequences;
    for (auto &wanted : read.newest) {
        sequences[wanted.view->report.issuer].newest = std::move(wanted.rows);
    }
    for (auto &wanted : read.before) {
        sequences[wanted.view->report.issuer].before = std::move(wanted.rows);
    }
    for (auto &wanted : read.evidence) {
        auto &sequence = sequences[wanted.view->report.issuer];
        sequence.foreign = std::move(wanted.rows);
        sequence.markers_written = any_written(sequence.foreign) || any_written(sequence.newest);
        keep_evidence(sequence, *wanted.view);
    }
    for (auto &wanted : read.further_evidence) {
        auto &sequence = sequences[wanted.view->report.issuer];
        add_evidence(sequence, std::move(wanted.rows));
        keep_evidence(sequence, *wanted.view);
    }
    for (auto const &wanted : read.probed) {
        auto &sequence = sequences[wanted.view->report.issuer];
        sequence.markers_written = sequence.markers_written || any_written(wanted.rows);
    }
    return sequences;
}

/// Where all rows lie within moments nothing was there before, and the stretch to look at is all there is.
Sequences read_whole(RowReader const &reader, Tally const &tally, Examination const &examination)
{
    auto const named = suspects(examination);
    std::vector<Wanted> all;
    for (auto const &view : examination.issuers) {
        if (std::find(named.begin(), named.end(), view.report.issuer) != named.end()) {
            all.push_back({&view, tally.window, std::numeric_limits<std::size_t>::max()});
        }
    }
    reader.read(all, RowQuery::From::newest, false);
    Sequences sequences;
    for (auto &wanted : all) {
        auto &sequence = sequences[wanted.view->report.issuer];
        sequence.newest = std::move(wanted.rows);
        sequence.foreign = sequence.newest;
        keep_evidence(sequence, *wanted.view);
        sequence.foreign.resize(std::min(sequence.foreign.size(), k_evidence_rows));
    }
    return sequences;
}

} // namespace

Sequences read_sequences(RowSource &source, Expectations const &expected, Tally const &tally,
                         Examination const &examination, SamplingPlan const &plan)
{
    RowReader const reader{source, expected, tally, examination.deployments, plan.by};
    if (!source.knows().has(Known::course)) {
        return read_whole(reader, tally, examination);
    }
    auto wanted = wanted_rows(examination, tally, plan.markers);
    reader.read(wanted.newest, RowQuery::From::newest, plan.markers == MarkerReading::all);
    reader.read(wanted.evidence, RowQuery::From::oldest, true);
    reader.read_each(wanted.further_evidence, RowQuery::From::oldest, true);
    reader.read(wanted.before, RowQuery::From::newest, false);
    reader.read(wanted.probed, RowQuery::From::newest, true);
    return sequences_of(std::move(wanted));
}

} // namespace misroute
