// SPDX-License-Identifier: Apache-2.0
#include "source/counter.hpp"

#include "misroute/version.hpp"
#include "source/hash.hpp"
#include "source/reading.hpp"
#include "source/slice_bytes.hpp"
#include "source/slice_cells.hpp"
#include "source/sql.hpp"
#include "source/tags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace misroute {

namespace {

constexpr std::size_t k_first_sum = 12;                ///< column of sql/tally.sql
constexpr std::size_t k_most_cached_at_once = 100'000; ///< sums of the cache: ten megabytes

Instant read_instant(std::int64_t milliseconds)
{
    return Instant{Milliseconds{milliseconds}};
}

Sums read_sums(SqlRow const &row)
{
    constexpr auto k_first = k_first_sum;
    return {row.integer(k_first),
            row.integer(k_first + 1),
            row.integer(k_first + 2),
            row.integer(k_first + 3),
            row.integer(k_first + 4),
            read_instant(row.integer(k_first + 5)),
            read_instant(row.integer(k_first + 6))};
}

std::vector<Window> cut_at(std::vector<Window> const &slices, Instant bound)
{
    std::vector<Window> parts;
    parts.reserve(slices.size() + 1);
    for (auto const &slice : slices) {
        bool const across = slice.since < bound && bound < slice.until;
        parts.push_back({slice.since, across ? bound : slice.until});
        if (across) {
            parts.push_back({bound, slice.until});
        }
    }
    return parts;
}

Instant local_now()
{
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
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
                          scope.now = read_instant(row.integer(1));
                          scope.oldest = read_instant(row.integer(2));
                      });
    } catch (SqlError const &error) {
        if (error.trouble == SqlTrouble::cancelled || error.trouble == SqlTrouble::lost ||
            error.trouble == SqlTrouble::gone) {
            throw;
        }
        return {}; // a server that does not say who it is, or cannot find its oldest row in time
    }
    // Two clocks that are wrong in the same way are unlikely. Whole minutes: runs at the same time share their slices.
    scope.watermark = std::chrono::floor<std::chrono::minutes>(std::min(scope.now, local_now()) - options.settle_time);
    return scope;
}

struct Counter::Run
{
    /// sql/tally.sql on one relation, for a slice that lies in one bucket, and for one that spans several.
    struct Statements
    {
        explicit Statements(SqlVariables const &variables)
            : within_bucket{make_statement(sql::tally, tally_variables(variables, Buckets::one))},
              across_buckets{make_statement(sql::tally, tally_variables(variables, Buckets::several))}
        {
        }
        std::string within_bucket;
        std::string across_buckets;
    };

    CountQuery const &asked;
    Tally tally{};
    SeriesId id{};
    std::string path{};
    std::map<std::string, Statements> statements{}; ///< by relation
    CachedCells cached{};                           ///< from the cache, not yet counted
    std::mutex mutex{};                             ///< guards what follows, and the cache
    BoundedCells all;
    std::int64_t cached_rows = 0;
};

Counter::Counter(SourceOptions const &options, Table const &table, ConnectionPool &pool, SliceCache *cache,
                 CacheScope scope)
    : m_options{options},
      m_table{table},
      m_pool{pool},
      m_cache{scope.database.empty() ? nullptr : cache},
      m_scope{std::move(scope)},
      m_limit{options}
{
}

bool Counter::may_cache(Window const &window) const
{
    return m_cache != nullptr && window.since >= m_scope.oldest && window.until <= m_scope.watermark;
}

/// Counts what is cached of a slice, and returns what is left of it to read.
std::vector<Window> Counter::load_cached_of(Run &run, Window const &slice)
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
    for (auto const &piece : restore(run, slice, usable)) {
        read_until(piece.since);
        reached = piece.until;
    }
    read_until(usable.until);
    reached = std::max(reached, usable.until);
    read_until(slice.until); // rows are still to come there: this part is not cached
    return left;
}

/// Adds to the count what is cached inside of `usable`, and returns of which stretches that is.
std::vector<Window> Counter::restore(Run &run, Window const &slice, Window const &usable)
{
    auto const cached = m_options.rebuild ? std::vector<CachedSlice>{} : m_cache->load(run.id, usable);
    std::vector<Window> pieces;
    Milliseconds covered{};
    for (auto const &piece : cached) {
        if (!run.cached.add(piece.bytes)) {
            m_cache->set_aside("a slice cannot be read");
            return pieces;
        }
        pieces.push_back(piece.window);
        covered += piece.window.length();
    }
    if (pieces.size() > 1 && covered == slice.length()) {
        cache_whole(run, slice, cached);
    }
    if (run.cached.size() > k_most_cached_at_once) {
        count_cached(run);
    }
    return pieces;
}

/// Next time the slice is there in one piece.
void Counter::cache_whole(Run const &run, Window const &slice, std::vector<CachedSlice> const &pieces)
{
    CachedCells cells;
    for (auto const &piece : pieces) {
        cells.add(piece.bytes);
    }
    SliceWriter whole;
    cells.take([&](CellKey const &key, Cell const &cell) { whole.add(key, cell); });
    m_cache->keep(run.id, {slice, whole.bytes()}, m_scope.now);
}

void Counter::count_cached(Run &run)
{
    run.cached.take([&](CellKey const &key, Cell &&cell) {
        run.cached_rows += cell.total.requests;
        run.all.add(key, std::move(cell));
    });
}

std::vector<Window> Counter::load_cached(Run &run, std::vector<Window> const &slices)
{
    if (m_cache == nullptr) {
        return slices;
    }
    m_cache->forget_after(run.id, m_scope.now);
    std::vector<Window> left;
    for (auto const &slice : slices) {
        auto const parts = load_cached_of(run, slice);
        left.insert(left.end(), parts.begin(), parts.end());
    }
    count_cached(run);
    return left;
}

/// Orders slices, cut at the bounds of partitions, so that neighbours in the queue ask different relations.
std::vector<Window> Counter::by_relation(std::vector<Window> slices) const
{
    for (auto const &leaf : m_table.leaves) {
        slices = cut_at(cut_at(slices, leaf.window.since), leaf.window.until);
    }
    std::map<std::string, std::vector<Window>> of_relation;
    for (auto const &slice : slices) {
        of_relation[m_table.relation_of(slice)].push_back(slice);
    }
    std::vector<Window> order;
    for (std::size_t turn = 0; !of_relation.empty(); ++turn) {
        std::erase_if(of_relation, [&](auto const &entry) { return turn >= entry.second.size(); });
        for (auto const &[relation, windows] : of_relation) {
            order.push_back(windows[turn]);
        }
    }
    return order;
}

std::int64_t Counter::read(Run &run, PgSession &worker, Window const &slice)
{
    m_limit.wait(worker);
    auto const &asked = run.asked;
    auto const bucket = bucket_of(slice.since, asked.bucket);
    bool const within = slice.until <= bucket + asked.bucket;
    auto const &statements = run.statements.at(m_table.relation_of(slice));
    SqlArgs args{to_timestamp(slice.since), to_timestamp(slice.until), run.path, std::to_string(asked.bucket.count())};
    args.insert(args.end(), asked.filter.begin(), asked.filter.end());

    SliceCells cells{asked.cells}; // apart from the others until the slice is whole
    std::int64_t rows = 0;
    KeyReader reader{asked.by, m_options.entry};
    worker.stream("tally", within ? statements.within_bucket : statements.across_buckets, args, [&](SqlRow const &row) {
        auto const at = within ? bucket : read_instant(row.integer(0) * asked.bucket.count());
        auto const sums = read_sums(row);
        cells.add({reader.read(row, KeyColumns::from(1)), at, sums});
        rows += sums.requests;
    });
    auto const bytes = may_cache(slice) ? cells.bytes() : std::nullopt;
    std::lock_guard const lock{run.mutex};
    if (bytes) {
        m_cache->keep(run.id, {slice, *bytes}, m_scope.now);
    }
    cells.move_to(run.all);
    return rows;
}

Tally Counter::count(CountQuery const &asked)
{
    Run run{.asked = asked, .all = asked.cells()};
    run.tally.window = asked.window;
    run.tally.bucket = asked.bucket;
    run.path = tag_path(tag_names(asked.by, m_options.entry));
    auto const add_statements = [&](std::string const &relation) {
        auto variables = asked.variables;
        variables["relation"] = relation;
        run.statements.emplace(relation, Run::Statements{variables});
    };
    add_statements(m_table.quoted());
    for (auto const &leaf : m_table.leaves) {
        add_statements(leaf.relation);
    }
    run.id = {m_scope.database,
              hash_of({k_version_text, m_scope.database, run.statements.at(m_table.quoted()).within_bucket, run.path,
                       std::to_string(asked.bucket.count()), asked.filter.at(0).value_or("-"),
                       asked.filter.at(1).value_or("-"), asked.filter.at(2).value_or("-")})};

    auto const slices = by_relation(load_cached(run, asked.slices));
    SliceReader reader;
    reader.open = [this] { return m_pool.acquire(); };
    reader.progress = m_options.progress;
    reader.retries = m_pool.retries();
    reader.stop = m_options.stop;
    reader.jobs = m_options.jobs;
    auto const cached = asked.slices.size() - std::min(asked.slices.size(), slices.size());
    reader.before = {cached, cached, run.cached_rows};
    reader.read = [&](PgSession &worker, Window const &slice) { return read(run, worker, slice); };
    run.tally.gaps = read_slices(slices, reader);
    if (m_cache != nullptr) {
        m_cache->flush();
    }
    run.tally.overflow = run.all.overflow();
    run.tally.cells = run.all.take();
    return std::move(run.tally);
}

} // namespace misroute
