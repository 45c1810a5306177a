// SPDX-License-Identifier: Apache-2.0
//
// Judged rows by hand, for tests of what looks at their order.
#pragma once

#include "misroute/detect.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::test {

inline constexpr Instant k_start = Instant{std::chrono::hours{24 * 365 * 50}};

/// One row a second from `k_start` on. 'C' is home (claude); 'K', 'Y' and 'S' are foreign (kelly, yxaiapp, sonar);
/// 'x' excluded; '?' unknown.
inline std::vector<JudgedRow> rows_of(std::string_view letters)
{
    static std::map<char, std::string> const owners{{'C', "claude"}, {'K', "kelly"}, {'Y', "yxaiapp"}, {'S', "sonar"}};
    std::vector<JudgedRow> rows;
    for (auto const letter : letters) {
        JudgedRow row;
        row.row.time = k_start + std::chrono::seconds{rows.size()};
        row.row.request_id = std::to_string(rows.size());
        row.row.key.model_group = "claude-opus-4-6";
        if (auto const owner = owners.find(letter); owner != owners.end()) {
            row.judged.owner = owner->second;
            row.judged.row_class = letter == 'C' ? RowClass::home : RowClass::foreign;
            row.row.key.backend.provider = letter == 'C' ? "anthropic" : "openai";
            row.row.key.backend.upstream = owner->second + ".example";
        } else if (letter == 'x') {
            row.judged.row_class = RowClass::excluded;
            row.row.key.reason = ExclusionReason::failure;
        }
        rows.push_back(row);
    }
    return rows;
}

/// The same rows without owners and without upstreams: what an unconfigured reader of older rows sees.
inline std::vector<JudgedRow> providers_only(std::vector<JudgedRow> rows)
{
    for (auto &row : rows) {
        row.judged.owner = {};
        row.row.key.backend.upstream.clear();
    }
    return rows;
}

/// The time series of such rows, in buckets of `width` rows.
inline std::vector<SeriesPoint> series_of(std::vector<JudgedRow> const &rows, Milliseconds width)
{
    std::map<Instant, SeriesPoint> points;
    for (auto const &row : rows) {
        if (row.judged.row_class != RowClass::home && row.judged.row_class != RowClass::foreign)
            continue;
        Sums one{.requests = 1, .first = row.row.time, .last = row.row.time};
        auto const bucket = bucket_of(row.row.time, width);
        auto &point = points[bucket];
        point.since = bucket;
        (row.judged.row_class == RowClass::home ? point.home : point.foreign) += one;
    }
    std::vector<SeriesPoint> series;
    for (auto const &[bucket, point] : points)
        series.push_back(point);
    return series;
}

inline std::string times(std::string_view letters, int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += letters;
    return text;
}

} // namespace misroute::test
