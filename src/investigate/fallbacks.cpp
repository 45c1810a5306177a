// SPDX-License-Identifier: Apache-2.0
#include "investigate/fallbacks.hpp"

#include "detect/marker_sample.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

std::set<CellKey> cells_of(MarkerStrata const &strata)
{
    std::set<CellKey> cells;
    for (auto const &[name, stratum] : strata) {
        cells.insert(stratum.cells.begin(), stratum.cells.end());
    }
    return cells;
}

/// Where the rows of these cells are found.
Candidates candidates_of(std::set<CellKey> const &cells, Tally const &tally, int one_in)
{
    Candidates candidates;
    candidates.one_in = one_in;
    std::set<std::string> model_ids;
    std::set<std::string> keys;
    for (auto const &key : cells) {
        model_ids.insert(key.model_id);
        keys.insert(key.key);
        for (auto const &[bucket, sums] : tally.cells.at(key).series) {
            candidates.buckets.insert(bucket);
        }
    }
    if (!keys.contains(std::string{k_overflow})) { // else any key
        candidates.keys.assign(keys.begin(), keys.end());
    }
    candidates.model_ids.assign(model_ids.begin(), model_ids.end());
    return candidates;
}

/// Puts what was counted again in the place of what was counted before: bucket by bucket, and only where there is
/// something, so that what could not be counted again stays as it was.
void replace_cells(Tally &tally, std::set<CellKey> const &cells, Tally const &again)
{
    std::map<CellKey, std::map<Instant, std::vector<std::pair<ExclusionReason, Sums>>>> replacements;
    for (auto const &[key, cell] : again.cells) {
        CellKey plain = key;
        plain.reason = ExclusionReason::none;
        if ((key.reason != ExclusionReason::none && !is_marker(key.reason)) || !cells.contains(plain)) {
            continue;
        }
        for (auto const &[bucket, sums] : cell.series) {
            replacements[plain][bucket].emplace_back(key.reason, sums);
        }
    }
    for (auto const &[key, buckets] : replacements) {
        auto node = tally.cells.extract(key);
        for (auto const &[bucket, sums] : node.mapped().series) {
            auto const found = buckets.find(bucket);
            if (found == buckets.end()) {
                tally.cells[key].add(bucket, sums);
                continue;
            }
            for (auto const &[reason, counted] : found->second) {
                CellKey target = key;
                target.reason = reason;
                tally.cells[target].add(bucket, counted);
            }
        }
    }
}

/// Reads markers of all rows of these cells, and counts them by that. Returns whether anything changed.
bool count_again(RowSource &source, Tally &tally, std::set<CellKey> const &cells, ByOption const &by)
{
    auto const again = source.tally_markers(tally, by, candidates_of(cells, tally, 1));
    replace_cells(tally, cells, again);
    tally.gaps.insert(tally.gaps.end(), again.gaps.begin(), again.gaps.end());
    return !again.gaps.empty() || std::any_of(again.cells.begin(), again.cells.end(),
                                              [](auto const &entry) { return is_marker(entry.first.reason); });
}

/// Those of which a row that was read one by one is marked; the others stay. The oldest foreign rows are among these: a
/// few marked ones long before an incident at the same deployment would hardly be met by a sample, and move the onset.
MarkerStrata take_marked(MarkerStrata &strata, Sequences const &sequences)
{
    MarkerStrata marked;
    for (auto stratum = strata.begin(); stratum != strata.end();) {
        auto const current = stratum++;
        auto const &[issuer, model_id] = current->first;
        auto const found = sequences.find(issuer);
        if (found != sequences.end() && found->second.marked.contains(model_id)) {
            marked.insert(strata.extract(current));
        }
    }
    return marked;
}

std::string note_of(MarkerStrata const &all, MarkerStrata const &left, int one_in)
{
    return fmt::format(
        "of {} foreign requests, metadata was read of 1 in {}: where 50 or more of an issuer's at one "
        "deployment carry no mark of a fallback, an internal call or a router, the rest is taken to carry "
        "none",
        text::grouped(requests_of(all) - requests_of(left)), one_in);
}

} // namespace

MarkersRead exclude_fallbacks(RowSource &source, Tally &tally, Examination const &examination,
                              Sequences const &sequences, ByOption const &by)
{
    bool const written =
        std::any_of(sequences.begin(), sequences.end(), [](auto const &entry) { return entry.second.markers_written; });
    auto strata = written ? foreign_strata(examination) : MarkerStrata{};
    if (strata.empty()) {
        return {};
    }
    auto left = take_marked(strata, sequences);
    auto const one_in = sample_rate(strata);
    if (one_in == 1) {
        left.merge(strata);
        return {count_again(source, tally, cells_of(left), by), {}};
    }
    auto const sample = source.tally_markers(tally, by, candidates_of(cells_of(strata), tally, one_in));
    tally.gaps.insert(tally.gaps.end(), sample.gaps.begin(), sample.gaps.end());
    auto const unsettled = undecided(strata, sample);
    auto note = unsettled.size() == strata.size() ? std::string{} : note_of(strata, unsettled, one_in);
    left.insert(unsettled.begin(), unsettled.end());
    bool const changed = !left.empty() && count_again(source, tally, cells_of(left), by);
    return {changed, std::move(note)};
}

} // namespace misroute
