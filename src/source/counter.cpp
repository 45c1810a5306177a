// SPDX-License-Identifier: Apache-2.0
#include "source/counter.hpp"

#include "misroute/version.hpp"
#include "source/hash.hpp"
#include "source/reading.hpp"
#include "source/slice_cells.hpp"
#include "source/sql.hpp"
#include "source/tags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace misroute {

namespace {

constexpr std::size_t k_first_sum = 12; ///< column of sql/tally.sql

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

} // namespace

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
    std::string path{};
    std::map<std::string, Statements> statements{}; ///< by relation
    std::unique_ptr<SliceStore> store{};
    std::mutex mutex{}; ///< guards what follows, and the store
    BoundedCells all;
};

Counter::Counter(SourceOptions const &options, Table const &table, ConnectionPool &pool, SliceCache *cache,
                 CacheScope scope)
    : m_options{options},
      m_table{table},
      m_pool{pool},
      m_cache{cache},
      m_scope{std::move(scope)},
      m_limit{options}
{
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
    auto const bytes = run.store->may_keep(slice) ? cells.bytes() : std::nullopt;
    std::lock_guard const lock{run.mutex};
    if (bytes) {
        run.store->keep(slice, *bytes);
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
    SeriesId id{m_scope.database,
                hash_of({k_version_text, m_scope.database, run.statements.at(m_table.quoted()).within_bucket, run.path,
                         std::to_string(asked.bucket.count()), asked.filter.at(0).value_or("-"),
                         asked.filter.at(1).value_or("-"), asked.filter.at(2).value_or("-")})};
    run.store = std::make_unique<SliceStore>(m_cache, m_scope, std::move(id), m_options.rebuild);

    std::int64_t cached_rows = 0;
    auto const slices = by_relation(run.store->load(asked.slices, [&](CellKey const &key, Cell &&cell) {
        cached_rows += cell.total.requests;
        run.all.add(key, std::move(cell));
    }));
    SliceReader reader;
    reader.open = [this] { return m_pool.acquire(); };
    reader.progress = m_options.progress;
    reader.retries = m_pool.retries();
    reader.stop = m_options.stop;
    reader.jobs = m_options.jobs;
    auto const cached = asked.slices.size() - std::min(asked.slices.size(), slices.size());
    reader.before = {cached, cached, cached_rows};
    reader.read = [&](PgSession &worker, Window const &slice) { return read(run, worker, slice); };
    run.tally.gaps = read_slices(slices, reader);
    run.store->flush();
    run.tally.overflow = run.all.overflow();
    run.tally.cells = run.all.take();
    return std::move(run.tally);
}

} // namespace misroute
