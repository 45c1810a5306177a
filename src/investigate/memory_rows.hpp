// SPDX-License-Identifier: Apache-2.0
//
// Rows that are all in memory: the answers of a probe, or simulated traffic.
#pragma once

#include "misroute/model/row_source.hpp"

#include <vector>

namespace misroute {

/// Rows in their order, counted by whoever made them.
struct CountedRows
{
    Tally tally;
    std::vector<Row> rows; ///< in order of time
};

/// Counts rows by what their keys say. `tally` has a window and buckets.
void count_rows(Tally &tally, std::vector<Row> const &rows);

/// The page that a query asks for. `tally` knows the names of keys.
std::vector<Row> page_of(CountedRows const &traffic, RowQuery const &query, ByOption const &by);

} // namespace misroute
