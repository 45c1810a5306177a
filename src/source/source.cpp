// SPDX-License-Identifier: Apache-2.0
#include "misroute/source.hpp"

#include "source/connection_pool.hpp"
#include "source/counter.hpp"
#include "source/database_url.hpp"
#include "source/issuer_sql.hpp"
#include "source/pg_session.hpp"
#include "source/reading.hpp"
#include "source/rollups.hpp"
#include "source/slice_cache.hpp"
#include "source/slices.hpp"
#include "source/sql.hpp"
#include "source/statement.hpp"
#include "source/table.hpp"
#include "source/tags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace misroute {

namespace {

constexpr std::int64_t k_most_slices = 100'000; ///< as --slices; each is a query
constexpr int k_slices_of_shards = 16;          ///< about, of a window
constexpr std::size_t k_most_model_ids = 10'000;
constexpr std::size_t k_rows_of_a_page = 1'000; // at least, once a page held rows of others
constexpr std::size_t k_most_keys = 10'000;     // that are configured by their aliases

std::string instant_text(Instant at)
{
    return to_timestamp(at);
}

Instant read_instant(std::int64_t milliseconds)
{
    return Instant{Milliseconds{milliseconds}};
}

std::string kind_text(std::string const &relkind)
{
    return relkind == "p"   ? "partitioned table"
           : relkind == "v" ? "view"
           : relkind == "m" ? "materialized view"
           : relkind == "f" ? "foreign table"
                            : "table";
}

/// A glob of the configuration as a pattern of LIKE.
std::string like_pattern(std::string_view glob)
{
    std::string pattern;
    for (char const letter : glob) {
        if (letter == '%' || letter == '_' || letter == '\\') {
            pattern.push_back('\\');
        }
        pattern.push_back(letter == '*' ? '%' : letter);
    }
    return pattern;
}

} // namespace

struct Source::Impl
{
    explicit Impl(SourceOptions given)
        : options{std::move(given)},
          url{parse_database_url(options.url)},
          target{target_of(url.conninfo)},
          pool{session_options()},
          table{find_table(*pool.acquire(), url.schema, options.examine ? Demand::there : Demand::readable)},
          cache{options.cache_file.empty() ? nullptr : std::make_unique<SliceCache>(options.cache_file, warn())}
    {
        if (table.shards > 0) {
            pool.on_citus();
        }
    }

    SliceCache::Warn warn() const
    {
        return [this](std::string const &message) {
            if (options.warn) {
                options.warn(message);
            }
        };
    }

    SessionOptions session_options() const
    {
        return {
            url.conninfo,
            "misroute." + options.command,
            options.statement_timeout.count(),
            options.lock_timeout.count(),
            options.log_sql,
            std::make_shared<RetryPolicy>(RetryLimits{options.give_up_after, options.statement_timeout}, options.stop)};
    }

    Tally tally(CountQuery const &asked);
    std::vector<Window> slices_of(Window const &window, Milliseconds bucket) const
    {
        if (options.slice > Milliseconds{} && window.length() / options.slice >= k_most_slices) {
            throw Error{
                fmt::format("the window holds more than {} slices of {}", k_most_slices, to_text(options.slice)),
                {},
                "choose a longer --slice, or a shorter window"};
        }
        return cut(window, bucket, options.slices, options.slice);
    }
    /// Each slice asks every shard: where nobody chose them, few long ones are faster.
    std::vector<Window> few_of_shards(std::vector<Window> const &slices, Window const &window,
                                      Milliseconds bucket) const
    {
        bool const chosen = options.slices > 0 || options.slice > Milliseconds{};
        return chosen || table.shards < 2 ? slices : join(slices, long_slice(window, bucket, k_slices_of_shards));
    }
    void name_keys(Tally &tally);
    void read_aliases(std::map<std::string, std::string> &aliases, char const *query, SqlArgs const &args);
    Configured configured();
    SqlVariables marker_variables(ByOption const &by) const;
    std::vector<Row> read_page(RowQuery const &query, ByOption const &by);

    SourceOptions options;
    DatabaseUrl url;
    Target target;
    ConnectionPool pool;
    Table table;
    std::unique_ptr<SliceCache> cache;
    std::string rollup; ///< what the latest tally came from, when that was not the log
    std::map<std::string, std::string> configured_aliases; ///< api_key hash → alias, of configured keys
};

Source::Source(SourceOptions options) : m_impl{std::make_unique<Impl>(std::move(options))} {}
Source::~Source() = default;

SourceInfo Source::info() const
{
    auto const &impl = *m_impl;
    return {"postgres", impl.target.database, impl.target.host, impl.rollup.empty() ? impl.table.text() : impl.rollup};
}

Tally Source::Impl::tally(CountQuery const &asked)
{
    auto const scope = cache ? ask_cache_scope(*pool.acquire(), table, options) : CacheScope{};
    Counter counter{options, table, pool, cache.get(), scope};
    return counter.count(asked);
}

void Source::Impl::read_aliases(std::map<std::string, std::string> &aliases, char const *query, SqlArgs const &args)
{
    auto const session = pool.acquire();
    auto const sql = std::string_view{query} == "key_aliases" ? sql::key_aliases : sql::configured_keys;
    // A deleted key keeps its name; where a key is in both, the living one is read last and wins.
    for (char const *name : {"LiteLLM_DeletedVerificationToken", "LiteLLM_VerificationToken"}) {
        auto const relation = find_neighbour(*session, table, name, {"token", "key_alias"});
        if (!relation.empty()) {
            session->query(query, make_statement(sql, {{"relation", relation}}), args,
                           [&](SqlRow const &row) { aliases[std::string{row.text(0)}] = row.text(1); });
        }
    }
}

void Source::Impl::name_keys(Tally &tally)
{
    std::set<std::string> hashes;
    for (auto const &[key, cell] : tally.cells) {
        hashes.insert(key.key);
    }
    read_aliases(tally.aliases, "key_aliases", {to_array({hashes.begin(), hashes.end()})});
}

Configured Source::Impl::configured()
{
    std::vector<std::string> patterns;
    for (auto const &instance : options.expectations.instances) {
        std::transform(instance.keys.begin(), instance.keys.end(), std::back_inserter(patterns), like_pattern);
    }
    if (!patterns.empty() && configured_aliases.empty()) {
        read_aliases(configured_aliases, "configured_keys", {to_array(patterns), std::to_string(k_most_keys)});
    }
    return {options.expectations, configured_aliases};
}

Tally Source::tally(Window const &window, ByOption const &by)
{
    auto &impl = *m_impl;
    auto const configured = impl.configured();
    auto const bucket = bucket_width(window);
    auto tally = impl.tally({window,
                             bucket,
                             impl.few_of_shards(impl.slices_of(window, bucket), window, bucket),
                             by,
                             table_variables(impl.table, by, impl.options.entry),
                             {std::nullopt, std::nullopt, std::nullopt},
                             [&] {
                                 return BoundedCells{configured, impl.options.limits};
                             }});
    learn_upstreams(tally);
    try {
        impl.name_keys(tally);
    } catch (SqlError const &error) { // what was counted is worth more than the names of keys
        if (error.trouble != SqlTrouble::gone) {
            throw;
        }
        tally.aliases.insert(impl.configured_aliases.begin(), impl.configured_aliases.end());
        tally.gaps.push_back({window, fmt::format("counted, but names of keys could not be read: {}", error.what())});
    }
    return tally;
}

SqlVariables Source::Impl::marker_variables(ByOption const &by) const
{
    auto variables = table_variables(table, by, options.entry);
    // metadata is brought in once, not once for each of its fields.
    variables["marker_of_row"] = sql::marker;
    variables["marker"] = "(select :marker_of_row from (select :metadata #> '{}' as metadata offset 0) as brought_in)";
    variables["written"] = ":metadata ?| array['attempted_fallbacks', 'internal_call_origin']";
    return variables;
}

Tally Source::tally_markers(Tally const &counted, ByOption const &by, Candidates const &candidates)
{
    auto &impl = *m_impl;
    auto const configured = impl.configured();
    bool const any_key = candidates.keys.empty() || candidates.keys.size() > k_most_keys;
    SqlArgs filter{to_array(candidates.model_ids), std::nullopt, std::nullopt};
    if (!any_key) {
        filter[1] = to_array(candidates.keys);
    }
    if (candidates.one_in > 1) {
        filter[2] = std::to_string(candidates.one_in - 1);
    }
    auto slices = impl.slices_of(counted.window, counted.bucket);
    std::erase_if(slices, [&](Window const &slice) {
        auto const bucket = candidates.buckets.lower_bound(bucket_of(slice.since, counted.bucket));
        return bucket == candidates.buckets.end() || *bucket >= slice.until;
    });
    slices = impl.few_of_shards(slices, counted.window, counted.bucket);
    auto tally =
        impl.tally({counted.window, counted.bucket, std::move(slices), by, impl.marker_variables(by), filter, [&] {
                        return BoundedCells{configured, counted.overflow};
                    }});
    std::erase_if(tally.cells, [](auto const &entry) { return entry.first.model_id == k_overflow; });
    auto const upstreams = known_upstreams(counted);
    fill_upstreams(tally, upstreams);
    return tally;
}

Tally Source::daily(Window const &window, ByOption const &by)
{
    auto &impl = *m_impl;
    BoundedCells cells{impl.configured(), impl.options.limits};
    auto read = read_rollups(*impl.pool.acquire(), impl.table, {window, by, impl.options.entry}, std::move(cells));
    impl.rollup = std::move(read.relation);
    impl.name_keys(read.tally);
    return std::move(read.tally);
}

std::optional<Instant> Source::oldest()
{
    std::optional<Instant> oldest;
    m_impl->pool.acquire()->query("oldest", make_statement(sql::oldest, {{"relation", m_impl->table.quoted()}}), {},
                                  [&](SqlRow const &row) {
                                      if (!row.is_null(0)) {
                                          oldest = read_instant(row.integer(0));
                                      }
                                  });
    return oldest;
}

std::optional<Milliseconds> Source::ahead()
{
    std::optional<Milliseconds> ahead;
    m_impl->pool.acquire()->query("ahead", make_statement(sql::ahead, {{"relation", m_impl->table.quoted()}}), {},
                                  [&](SqlRow const &row) {
                                      if (!row.is_null(0)) {
                                          ahead = Milliseconds{row.integer(0)};
                                      }
                                  });
    return ahead;
}

std::vector<Row> Source::rows(RowQuery const &query, ByOption const &by)
{
    std::vector<Row> rows;
    auto page = query;
    for (bool more = true; more && rows.size() < query.limit; page.limit = std::max(query.limit, k_rows_of_a_page)) {
        auto const read = m_impl->read_page(page, by);
        more = read.size() == page.limit;
        for (auto const &row : read) {
            if (rows.size() < query.limit && belongs(row.key, query.issuer, by)) {
                rows.push_back(row);
            }
        }
        if (!read.empty()) {
            page.after = std::pair{read.back().time, read.back().request_id};
        }
    }
    if (query.from == RowQuery::From::newest) {
        std::reverse(rows.begin(), rows.end());
    }
    return rows;
}

/// Rows that pass the filter of SQL, in the order they are asked for.
std::vector<Row> Source::Impl::read_page(RowQuery const &query, ByOption const &by)
{
    bool const oldest = query.from == RowQuery::From::oldest;
    auto variables =
        query.markers && table.offers("metadata") ? marker_variables(by) : table_variables(table, by, options.entry);
    auto filter = issuer_filter(query.issuer, by, options.entry, 7);
    variables["belongs"] = std::move(filter.condition);
    variables["direction"] = oldest ? "asc" : "desc";
    variables["after"] = oldest ? ">" : "<";
    SqlArgs args{instant_text(query.window.since),
                 instant_text(query.window.until),
                 tag_path(tag_names(by, options.entry)),
                 instant_text(query.after ? query.after->first
                              : oldest    ? query.window.since
                                          : query.window.until),
                 query.after ? query.after->second : "",
                 std::to_string(query.limit)};
    args.insert(args.end(), filter.args.begin(), filter.args.end());

    std::vector<Row> rows;
    KeyReader reader{by, options.entry};
    pool.acquire()->query("rows", make_statement(sql::rows, variables), args, [&](SqlRow const &row) {
        Row read;
        read.time = read_instant(row.integer(0));
        read.request_id = row.text(1);
        read.key = reader.read(row, KeyColumns::from(2));
        read.tokens = row.integer(13);
        read.spend_nano = row.integer(14);
        read.markers.reason = parse_exclusion_reason(row.text(15)).value_or(ExclusionReason::none);
        read.markers.written = row.boolean(16);
        rows.push_back(std::move(read));
    });
    return rows;
}

Source::Models Source::models()
{
    Models models;
    auto const lease = m_impl->pool.acquire();
    auto &session = *lease;
    auto const table = find_neighbour(session, m_impl->table, "LiteLLM_ProxyModelTable", {"model_id"});
    auto const config = find_neighbour(session, m_impl->table, "LiteLLM_Config", {"param_name"});
    models.readable = !table.empty() && !config.empty();
    if (!table.empty()) {
        session.query("database_models", make_statement(sql::database_models, {{"relation", table}}),
                      {std::to_string(k_most_model_ids)},
                      [&](SqlRow const &row) { models.model_ids.emplace_back(row.text(0)); });
    }
    if (!config.empty()) {
        session.query("config_params", make_statement(sql::config_params, {{"relation", config}}), {},
                      [&](SqlRow const &row) { models.config_params.emplace_back(row.text(0)); });
    }
    return models;
}

TableHealth Source::health()
{
    auto &impl = *m_impl;
    TableHealth health;
    health.server_version = impl.pool.acquire()->server_version();
    health.relation = impl.table.text();
    health.kind = kind_text(impl.table.kind);
    health.shards = impl.table.shards;
    health.missing_columns = impl.table.missing;
    health.unreadable_columns = impl.table.unreadable;
    health.unreadable_needed = impl.table.denied;
    auto variables = table_variables(impl.table, {}, impl.options.entry);
    if (!impl.table.denied.empty()) { // the newest row is not ours to see
        variables["relation"] = "(select null::timestamp as \"startTime\") as nothing";
    }
    impl.pool.acquire()->query("health", make_statement(sql::health, variables),
                               {impl.table.schema, std::string{k_spend_logs}}, [&](SqlRow const &row) {
                                   health.standby = row.boolean(0);
                                   health.time_index = row.boolean(1);
                                   if (!row.is_null(2)) {
                                       health.newest = read_instant(row.integer(2));
                                   }
                                   health.server_now = read_instant(row.integer(3));
                                   health.legacy = row.boolean(4);
                               });
    return health;
}

} // namespace misroute
