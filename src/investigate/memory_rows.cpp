// SPDX-License-Identifier: Apache-2.0
#include "investigate/memory_rows.hpp"

#include "misroute/detect.hpp"

#include <algorithm>

namespace misroute {

namespace {

/// By keys where no name is given, as of several issuers at once.
bool belongs(Row const &row, Tally const &tally, RowQuery const &query, ByOption const &by)
{
    auto const &[issuer, keys] = query.issuer;
    return issuer.name.empty() ? std::ranges::find(keys, row.key.key) != keys.end()
                               : issuer_of(tally, row.key, by.kind) == issuer;
}

/// Lies behind the row that the last page ended with.
bool is_after(Row const &row, RowQuery const &query)
{
    if (!query.after) {
        return true;
    }
    auto const place = std::pair{row.time, row.request_id};
    return query.from == RowQuery::From::oldest ? place > *query.after : place < *query.after;
}

} // namespace

void count_rows(Tally &tally, std::vector<Row> const &rows)
{
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
}

std::vector<Row> page_of(CountedRows const &traffic, RowQuery const &query, ByOption const &by)
{
    std::vector<Row> page;
    auto const take = [&](auto begin, auto end) {
        for (auto row = begin; row != end && page.size() < query.limit; ++row) {
            if (query.window.contains(row->time) && is_after(*row, query) && belongs(*row, traffic.tally, query, by)) {
                page.push_back(*row);
            }
        }
    };
    if (query.from == RowQuery::From::oldest) {
        take(traffic.rows.begin(), traffic.rows.end());
    } else {
        take(traffic.rows.rbegin(), traffic.rows.rend());
        std::ranges::reverse(page);
    }
    return page;
}

} // namespace misroute
