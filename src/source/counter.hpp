// SPDX-License-Identifier: Apache-2.0
//
// Counting a window: which slices are kept from earlier runs, which are asked of which relation, and what becomes of
// the counts.
#pragma once

#include "misroute/model/bounded_cells.hpp"
#include "misroute/source.hpp"
#include "source/load_limit.hpp"
#include "source/pg_session.hpp"
#include "source/sessions.hpp"
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
struct Question
{
    Window window;
    Milliseconds bucket;
    std::vector<Window> slices;
    ByOption by;
    SqlVariables variables;              ///< of sql/tally.sql on the log itself
    SqlArgs filter;                      ///< $5, $6 and $7 of sql/tally.sql
    std::function<BoundedCells()> cells; ///< an empty collection: one for the window, one for each slice being read
};

/// Up to when and since when counts may be kept, and which log they are of.
struct Keeping
{
    std::string database; ///< empty: nothing may be kept
    Instant now{};        ///< by the clock of the database
    Instant oldest{};     ///< no row is older
    Instant sealed{};     ///< rows before this are as good as final
};

/// Asks the database what Keeping needs; nothing may be kept when it does not say.
Keeping ask_keeping(PgSession &session, Table const &table, SourceOptions const &options);

class Counter
{
public:
    /// References must outlive the counter. `cache` may be nullptr.
    Counter(SourceOptions const &options, Table const &table, Sessions &sessions, SliceCache *cache, Keeping keeping);

    Tally count(Question const &asked);

private:
    struct Run;
    std::vector<Window> take_kept(Run &run, std::vector<Window> const &slices);
    std::vector<Window> take_kept_of(Run &run, Window const &slice);
    std::vector<Window> restore(Run &run, Window const &slice, Window const &usable);
    void keep_whole(Run const &run, Window const &slice, std::vector<KeptSlice> const &pieces);
    static void count_kept(Run &run);
    std::vector<Window> by_relation(std::vector<Window> slices) const;
    std::int64_t read(Run &run, PgSession &worker, Window const &slice);
    bool may_keep(Window const &window) const;

    SourceOptions const &m_options;
    Table const &m_table;
    Sessions &m_sessions;
    SliceCache *m_cache;
    Keeping m_keeping;
    LoadLimit m_limit;
};

} // namespace misroute
