// SPDX-License-Identifier: Apache-2.0
#include "source/slice_store.hpp"

#include "source/hash.hpp"
#include "source/sql.hpp"
#include "source/statement.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace misroute {

namespace {

constexpr std::size_t k_most_cached_at_once = 100'000; ///< sums of the cache: ten megabytes

Instant local_now()
{
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

bool ends_command(SqlTrouble trouble)
{
    return trouble == SqlTrouble::cancelled || trouble == SqlTrouble::lost || trouble == SqlTrouble::gone;
}

} // namespace

CacheScope ask_cache_scope(PgSession &session, Table const &table, SourceOptions const &options)
{
    CacheScope scope;
    try {
        session.query("identity", make_statement(sql::identity, {{"relation", table.quoted()}}), {table.quoted()},
                      [&](SqlRow const &row) {
                          if (row.is_null(1) || row.is_null(2)) {
                              return;
                          }
                          scope.database = hash_of({row.text(0), table.text()});
                          scope.now = Instant{Milliseconds{row.integer(1)}};
                          scope.oldest = Instant{Milliseconds{row.integer(2)}};
                      });
    } catch (SqlError const &error) {
        if (ends_command(error.trouble)) {
            throw;
        }
        return {}; // a server that does not say who it is, or cannot find its oldest row in time
    }
    // Two clocks that are wrong in the same way are unlikely. Whole minutes: runs at the same time share their slices.
    scope.watermark = std::chrono::floor<std::chrono::minutes>(std::min(scope.now, local_now()) - options.settle_time);
    return scope;
}

SliceStore::SliceStore(SliceCache *cache, CacheScope scope, SeriesId id, bool rebuild)
    : m_cache{scope.database.empty() ? nullptr : cache},
      m_scope{std::move(scope)},
      m_id{std::move(id)},
      m_rebuild{rebuild}
{
}

std::vector<Window> SliceStore::load(std::vector<Window> const &slices, CachedCells::OnCell const &count)
{
    if (m_cache == nullptr) {
        return slices;
    }
    m_cache->forget_after(m_id, m_scope.now);
    std::vector<Window> left;
    for (auto const &slice : slices) {
        auto const parts = load_one(slice, count);
        left.insert(left.end(), parts.begin(), parts.end());
    }
    m_cells.take(count);
    return left;
}

/// Reads what is stored of a slice, and returns what is left of it.
std::vector<Window> SliceStore::load_one(Window const &slice, CachedCells::OnCell const &count)
{
    Window const usable{std::max(slice.since, m_scope.oldest), std::min(slice.until, m_scope.watermark)};
    if (usable.since >= usable.until) {
        return {slice};
    }
    std::vector<Window> left;
    auto reached = slice.since;
    auto const read_until = [&](Instant until) {
        if (reached < until) {
            left.push_back({reached, until});
        }
    };
    for (auto const &piece : restore(slice, usable, count)) {
        read_until(piece.since);
        reached = piece.until;
    }
    read_until(usable.until);
    reached = std::max(reached, usable.until);
    read_until(slice.until); // rows are still to come there: this part is not stored
    return left;
}

/// Reads what is stored inside of `usable`, and returns of which stretches that is.
std::vector<Window> SliceStore::restore(Window const &slice, Window const &usable, CachedCells::OnCell const &count)
{
    auto const stored = m_rebuild ? std::vector<CachedSlice>{} : m_cache->load(m_id, usable);
    std::vector<Window> pieces;
    Milliseconds covered{};
    for (auto const &piece : stored) {
        if (!m_cells.add(piece.bytes)) {
            m_cache->set_aside("a slice cannot be read");
            return pieces;
        }
        pieces.push_back(piece.window);
        covered += piece.window.length();
    }
    if (pieces.size() > 1 && covered == slice.length()) {
        keep_whole(slice, stored);
    }
    if (m_cells.size() > k_most_cached_at_once) {
        m_cells.take(count);
    }
    return pieces;
}

/// Next time the slice is there in one piece.
void SliceStore::keep_whole(Window const &slice, std::vector<CachedSlice> const &pieces)
{
    CachedCells cells;
    for (auto const &piece : pieces) {
        cells.add(piece.bytes);
    }
    SliceWriter whole;
    cells.take([&](CellKey const &key, Cell const &cell) { whole.add(key, cell); });
    keep(slice, whole.bytes());
}

bool SliceStore::may_keep(Window const &slice) const
{
    return m_cache != nullptr && slice.since >= m_scope.oldest && slice.until <= m_scope.watermark;
}

void SliceStore::keep(Window const &slice, std::string bytes)
{
    m_cache->keep(m_id, {slice, std::move(bytes)}, m_scope.now);
}

void SliceStore::flush()
{
    if (m_cache != nullptr) {
        m_cache->flush();
    }
}

} // namespace misroute
