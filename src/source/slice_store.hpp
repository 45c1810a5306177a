// SPDX-License-Identifier: Apache-2.0
//
// The store of counted slices, as one count sees it: what earlier runs have counted of the same, and what of this one
// may be stored for later ones.
#pragma once

#include "misroute/source.hpp"
#include "source/pg_session.hpp"
#include "source/slice_bytes.hpp"
#include "source/slice_cache.hpp"
#include "source/table.hpp"

#include <string>
#include <vector>

namespace misroute {

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

/// Not safe to share between threads without a lock.
class SliceStore
{
public:
    /// `cache` must outlive the store, and is nullptr where nothing is cached. With `rebuild` nothing is used that was
    /// stored before.
    SliceStore(SliceCache *cache, CacheScope scope, SeriesId id, bool rebuild);

    /// Hands the stored cells inside of the slices to `count`, and returns what is left of the slices to read.
    std::vector<Window> load(std::vector<Window> const &slices, CachedCells::OnCell const &count);

    /// Whether the rows of the slice will not change any more.
    bool may_keep(Window const &slice) const;
    /// `bytes` as of slice_bytes.hpp.
    void keep(Window const &slice, std::string bytes);
    /// Writes what is still to be written.
    void flush();

private:
    std::vector<Window> load_one(Window const &slice, CachedCells::OnCell const &count);
    std::vector<Window> restore(Window const &slice, Window const &usable, CachedCells::OnCell const &count);
    void keep_whole(Window const &slice, std::vector<CachedSlice> const &pieces);

    SliceCache *m_cache;
    CacheScope m_scope;
    SeriesId m_id;
    bool m_rebuild;
    CachedCells m_cells; ///< read, and not yet counted
};

} // namespace misroute
