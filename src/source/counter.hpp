// SPDX-License-Identifier: Apache-2.0
//
// The scanner: counts a window. What the store (slice_store.hpp) has not, is asked slice by slice, each of the relation
// that it lies in, on several connections.
#pragma once

#include "misroute/model/bounded_cells.hpp"
#include "misroute/source.hpp"
#include "source/connection_pool.hpp"
#include "source/load_limit.hpp"
#include "source/pg_session.hpp"
#include "source/slice_store.hpp"
#include "source/slices.hpp"
#include "source/statement.hpp"
#include "source/table.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace misroute {

/// What is counted: the rows of these slices of the window that pass the filter.
struct CountQuery
{
    Window window;
    Milliseconds bucket;
    std::vector<Window> slices;
    ByOption by;
    SqlVariables variables;              ///< of sql/tally.sql on the log itself
    SqlArgs filter;                      ///< $5, $6 and $7 of sql/tally.sql
    std::function<BoundedCells()> cells; ///< an empty collection: one for the window, one for each slice being read
};

class Counter
{
public:
    /// References must outlive the counter. `cache` may be nullptr.
    Counter(SourceOptions const &options, Table const &table, ConnectionPool &pool, SliceCache *cache,
            CacheScope scope);

    Tally count(CountQuery const &asked);

private:
    struct Run;
    std::vector<Window> by_relation(std::vector<Window> slices) const;
    std::int64_t read(Run &run, PgSession &worker, Window const &slice);

    SourceOptions const &m_options;
    Table const &m_table;
    ConnectionPool &m_pool;
    SliceCache *m_cache;
    CacheScope m_scope;
    LoadLimit m_limit;
};

} // namespace misroute
