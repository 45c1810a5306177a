// SPDX-License-Identifier: Apache-2.0
#include "simulator/traffic.hpp"

#include "detect/marker_sample.hpp"

#include <algorithm>
#include <cstdint>

namespace misroute::simulator {

namespace {

/// The word of a marker stands in metadata alone.
Row as_written(Row row, bool markers_written)
{
    if (is_marker(row.key.reason)) {
        row.markers.reason = row.key.reason;
        row.key.reason = ExclusionReason::none;
    }
    row.markers.written = markers_written;
    return row;
}

Tally empty_tally(Window const &window)
{
    Tally tally;
    tally.window = window;
    tally.bucket = bucket_width(window);
    return tally;
}

/// FNV-1a of 32 bits: a sample that is the same everywhere.
std::uint32_t hash_of(std::string const &text)
{
    std::uint32_t hash = 2'166'136'261U;
    for (char const letter : text) {
        hash = (hash ^ static_cast<unsigned char>(letter)) * 16'777'619U;
    }
    return hash;
}

bool is_candidate(Row const &row, Candidates const &which, Milliseconds bucket)
{
    auto const named = [](std::vector<std::string> const &names, std::string const &name) {
        return std::ranges::find(names, name) != names.end();
    };
    return named(which.model_ids, row.key.model_id) && (which.keys.empty() || named(which.keys, row.key.key)) &&
           which.buckets.contains(bucket_of(row.time, bucket)) &&
           hash_of(row.request_id) % static_cast<unsigned>(which.one_in) == 0;
}

} // namespace

SimulatedRows::SimulatedRows(Traffic const &traffic)
    : m_traffic{empty_tally(traffic.window), {}},
      m_database{traffic.database}
{
    for (auto const &row : traffic.rows) {
        m_traffic.rows.push_back(as_written(row, traffic.markers_written));
    }
    std::ranges::sort(m_traffic.rows, {}, [](Row const &row) { return std::pair{row.time, row.request_id}; });
    count_rows(m_traffic.tally, m_traffic.rows);
}

Tally SimulatedRows::tally(Window const & /*window*/, std::optional<ByOption> const & /*by*/)
{
    return m_traffic.tally;
}

Tally SimulatedRows::tally_markers(Tally const &counted, ByOption const & /*by*/, Candidates const &which)
{
    std::vector<Row> chosen;
    for (auto row : m_traffic.rows) {
        if (is_candidate(row, which, counted.bucket)) {
            row.key.reason = row.markers.reason == ExclusionReason::none ? row.key.reason : row.markers.reason;
            chosen.push_back(std::move(row));
        }
    }
    auto tally = empty_tally(counted.window);
    count_rows(tally, chosen);
    return tally;
}

/// Markers of a row are read only where they are asked for.
std::vector<Row> SimulatedRows::rows(RowQuery const &query, ByOption const &by)
{
    auto page = page_of(m_traffic, query, by);
    if (!query.markers) {
        std::ranges::for_each(page, [](Row &row) { row.markers = {}; });
    }
    return page;
}

Outcome examine(Traffic const &traffic, Cluster const *cluster)
{
    SimulatedRows source{traffic};
    Fleet fleet;
    fleet.config.expectations = traffic.expected;
    if (cluster != nullptr) {
        fleet.cluster = *cluster;
    }
    ScanRequest const request{traffic.window, ByOption{traffic.by, {}}, traffic.window.until, "scan"};
    Outcome outcome;
    outcome.data = read_scan(source, traffic.expected, request);
    outcome.report = conclude(ScanData{outcome.data}, fleet, request);
    for (auto const &row : traffic.rows) {
        auto const judged = judge(traffic.expected, row.key, outcome.data.tally.key_name(row.key.key),
                                  outcome.data.examination.deployments);
        outcome.rows[issuer_of(outcome.data.tally, row.key, traffic.by)].push_back({row, judged});
    }
    return outcome;
}

} // namespace misroute::simulator
