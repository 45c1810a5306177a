// SPDX-License-Identifier: Apache-2.0
//
// Counting a window: which slices are cached from earlier runs, which are asked of which relation, and what becomes of
// the counts.
#pragma once

#include "misroute/model/bounded_cells.hpp"
#include "misroute/source.hpp"
#include "source/connection_pool.hpp"
#include "source/load_limit.hpp"
#include "source/pg_session.hpp"
#include "source/slice_cache.hpp"
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

/// Up to when and since when counts may be cached, and which log they are of.
struct CacheScope
{
    std::string database; ///< empty: nothing may be cached
    Instant now{};        ///< by the clock of the database
    Instant oldest{};     ///< no row is older
    Instant watermark{};  ///< rows before this are as good as final
};

/// Asks the database what CacheScope needs; nothing may be cached when it does not say.
CacheScope ask_cache_scope(PgSession &session, Table const &table, SourceOptions const &options);

class Counter
{
public:
    /// References must outlive the counter. `cache` may be nullptr.
    Counter(SourceOptions const &options, Table const &table, ConnectionPool &pool, SliceCache *cache,
            CacheScope scope);

    Tally count(CountQuery const &asked);

private:
    struct Run;
    std::vector<Window> load_cached(Run &run, std::vector<Window> const &slices);
    std::vector<Window> load_cached_of(Run &run, Window const &slice);
    std::vector<Window> restore(Run &run, Window const &slice, Window const &usable);
    void cache_whole(Run const &run, Window const &slice, std::vector<CachedSlice> const &pieces);
    static void count_cached(Run &run);
    std::vector<Window> by_relation(std::vector<Window> slices) const;
    std::int64_t read(Run &run, PgSession &worker, Window const &slice);
    bool may_cache(Window const &window) const;

    SourceOptions const &m_options;
    Table const &m_table;
    ConnectionPool &m_pool;
    SliceCache *m_cache;
    CacheScope m_scope;
    LoadLimit m_limit;
};

} // namespace misroute
