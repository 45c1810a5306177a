// SPDX-License-Identifier: Apache-2.0
#include "source/table.hpp"

#include "source/sql.hpp"
#include "source/sql_trouble.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

namespace misroute {

namespace {

// A constant instead of a column: sql/tally.sql leaves it out of its inner step.
constexpr char const *k_no_text = "null::text";
constexpr char const *k_one_bucket = "0::bigint";

// Without these there is no report; all are in LiteLLM's first migration.
constexpr std::array<std::string_view, 13> k_needed{
    "request_id",  "call_type",           "api_key",  "spend",     "total_tokens", "startTime", "model", "model_id",
    "model_group", "custom_llm_provider", "api_base", "cache_hit", "team_id"};
// Each of these is worth something; doctor says what.
constexpr std::array<std::string_view, 6> k_wanted{"request_tags", "status",   "metadata",
                                                   "user",         "end_user", "requester_ip_address"};

struct Column
{
    std::string type; ///< as format_type() writes it
    bool readable = false;
};

using Columns = std::map<std::string, Column, std::less<>>;

Columns read_columns(PgSession &session, std::string const &schema, std::string const &relation)
{
    Columns columns;
    session.query("columns", make_statement(sql::columns, {}), {schema, relation}, [&](SqlRow const &row) {
        columns.emplace(row.text(0), Column{std::string{row.text(1)}, row.boolean(2)});
    });
    return columns;
}

struct Candidate
{
    std::string schema;
    std::string kind;
    std::string owner;
    bool policies = false;
    bool citus = false; ///< the server has it; this need not be a table of it
};

std::vector<Candidate> read_candidates(PgSession &session)
{
    std::vector<Candidate> candidates;
    session.query("relations", make_statement(sql::relations, {}), {std::string{k_spend_logs}}, [&](SqlRow const &row) {
        candidates.push_back({std::string{row.text(0)}, std::string{row.text(1)}, std::string{row.text(2)},
                              row.boolean(3), row.boolean(4)});
    });
    return candidates;
}

/// The only one, or that of the schema asked for. Anybody who may create a table can make another of that name.
Candidate choose(std::vector<Candidate> const &candidates, std::string const &schema)
{
    std::vector<std::string> places;
    for (auto const &candidate : candidates) {
        if (candidate.schema == schema || (schema.empty() && candidates.size() == 1)) {
            return candidate;
        }
        places.push_back(fmt::format("{} (owner {})", candidate.schema, candidate.owner));
    }
    auto const what =
        candidates.empty() && schema.empty() ? fmt::format("this database has no table \"{}\"", k_spend_logs)
        : schema.empty() ? fmt::format("this database has {} tables \"{}\"", candidates.size(), k_spend_logs)
                         : fmt::format("schema \"{}\" has no table \"{}\"", schema, k_spend_logs);
    throw Error{what,
                {},
                candidates.empty() ? "connect to the database that LiteLLM's DATABASE_URL names"
                                   : fmt::format("add ?schema=NAME to the connection string; it stands in: {}",
                                                 fmt::join(places, ", "))};
}

/// "a", "b" and 5 more.
std::string some_of(std::vector<std::string> const &names)
{
    constexpr std::size_t k_most = 3;
    std::vector<std::string> const first{names.begin(),
                                         names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), k_most))};
    auto const rest = names.size() - first.size();
    return fmt::format("\"{}\"{}", fmt::join(first, "\", \""), rest == 0 ? "" : fmt::format(" and {} more", rest));
}

/// Columns that nothing can be said without, and that this role may not read.
std::vector<std::string> denied_columns(Table const &table, Columns const &columns)
{
    std::vector<std::string> missing;
    std::vector<std::string> unreadable;
    for (auto const name : k_needed) {
        auto const found = columns.find(name);
        if (found == columns.end()) {
            missing.emplace_back(name);
        } else if (!found->second.readable) {
            unreadable.emplace_back(name);
        }
    }
    if (!missing.empty()) {
        throw Error{fmt::format("{} is not LiteLLM's spend log: it has no column {}", table.text(), some_of(missing)),
                    {},
                    "connect to the database that LiteLLM's DATABASE_URL names"};
    }
    return unreadable;
}

/// A copy of the log may hold a column as another type than LiteLLM's. Types as format_type() begins them: precision
/// and time zone do not matter.
struct Demanded
{
    std::string_view column;
    std::array<std::string_view, 6> types;
    std::string_view words;
};

constexpr std::array<std::string_view, 6> k_documents{"jsonb", "json", "text", "character varying"};
constexpr std::array<std::string_view, 6> k_numbers{"bigint",  "integer",          "smallint",
                                                    "numeric", "double precision", "real"};
constexpr std::array<Demanded, 5> k_demanded{{
    {"startTime", {"timestamp"}, "a timestamp"},
    {"spend", k_numbers, "a number"},
    {"total_tokens", k_numbers, "a number"},
    {"request_tags", k_documents, "jsonb, json or text"},
    {"metadata", k_documents, "jsonb, json or text"},
}};

void demand_types(Table const &table, Columns const &columns)
{
    for (auto const &[name, types, words] : k_demanded) {
        auto const found = columns.find(name);
        if (found == columns.end()) {
            continue;
        }
        auto const &type = found->second.type;
        bool const readable = std::any_of(types.begin(), types.end(), [&](std::string_view wanted) {
            return !wanted.empty() && (type == wanted || type.starts_with(fmt::format("{}(", wanted)) ||
                                       type.starts_with(fmt::format("{} with", wanted)));
        });
        if (!readable) {
            throw Error{fmt::format("column \"{}\" of {} is of type {}", name, table.text(), type),
                        {},
                        fmt::format("misroute reads it as {}; offer it as that in a view", words)};
        }
    }
}

void demand_every_row(Table const &table, Candidate const &chosen)
{
    if (chosen.policies) {
        throw Error{fmt::format("row-level security may hide rows of {} from this role", table.text()),
                    {},
                    std::string{k_policy_hint}};
    }
}

std::vector<Leaf> find_leaves(PgSession &session, Table const &table)
{
    std::vector<std::string> columns{k_needed.begin(), k_needed.end()};
    for (auto const name : k_wanted) {
        if (table.offers(name)) {
            columns.emplace_back(name);
        }
    }
    std::vector<Leaf> leaves;
    session.query(
        "leaves", make_statement(sql::leaves, {}), {table.quoted(), to_array(columns)}, [&](SqlRow const &row) {
            leaves.push_back({std::string{row.text(0)},
                              {Instant{Milliseconds{row.integer(1)}}, Instant{Milliseconds{row.integer(2)}}}});
        });
    return leaves;
}

std::int64_t count_shards(PgSession &session, Table const &table)
{
    std::int64_t shards = 0;
    session.query("citus", make_statement(sql::citus, {}), {table.quoted()},
                  [&](SqlRow const &row) { shards = row.integer(0); });
    return shards;
}

std::string entity_column(ByOption const &by)
{
    switch (by.kind) {
    case IssuerKind::user:
        return "user";
    case IssuerKind::end_user:
        return "end_user";
    case IssuerKind::ip:
        return "requester_ip_address";
    default:
        return {};
    }
}

} // namespace

std::string Table::text() const
{
    return fmt::format("{}.{}", schema, k_spend_logs);
}

std::string Table::quoted() const
{
    return quote_identifier(schema) + "." + quote_identifier(k_spend_logs);
}

std::string Table::relation_of(Window const &slice) const
{
    auto const found = std::find_if(leaves.begin(), leaves.end(), [&](Leaf const &leaf) {
        return leaf.window.since <= slice.since && slice.until <= leaf.window.until;
    });
    return found == leaves.end() ? quoted() : found->relation;
}

std::string Table::document(std::string const &column) const
{
    if (!offers(column)) {
        return "null::jsonb";
    }
    auto const type = types.find(column);
    auto quoted = quote_identifier(column);
    if (type == types.end() || type->second == "jsonb") {
        return quoted;
    }
    // The outer step of sql/tally.sql reads what the inner one has made jsonb already, under the same name.
    return type->second == "json" ? quoted + "::jsonb" : fmt::format("nullif({}::text, '')::jsonb", quoted);
}

bool Table::offers(std::string_view column) const
{
    return std::find(missing.begin(), missing.end(), column) == missing.end() &&
           std::find(unreadable.begin(), unreadable.end(), column) == unreadable.end();
}

Table find_table(PgSession &session, std::string const &schema, Demand demand)
{
    auto const chosen = choose(read_candidates(session), schema);
    Table table{.schema = chosen.schema, .kind = chosen.kind, .missing = {}, .unreadable = {}};
    if (demand == Demand::readable) {
        demand_every_row(table, chosen);
    }
    auto const columns = read_columns(session, table.schema, std::string{k_spend_logs});
    table.denied = denied_columns(table, columns);
    demand_types(table, columns);
    if (demand == Demand::readable && !table.denied.empty()) {
        throw Error{
            fmt::format("permission denied for column {} of {}", some_of(table.denied), table.text()),
            {},
            "let the table's owner run what \"misroute grants --role NAME\" prints; misroute doctor has the list"};
    }
    for (auto const name : k_wanted) {
        auto const found = columns.find(name);
        if (found == columns.end()) {
            table.missing.emplace_back(name);
        } else if (!found->second.readable) {
            table.unreadable.emplace_back(name);
        } else {
            table.types.emplace(name, found->second.type);
        }
    }
    if (table.kind == "p") {
        table.leaves = find_leaves(session, table);
    }
    if (chosen.citus) {
        table.shards = count_shards(session, table);
    }
    return table;
}

std::string find_neighbour(PgSession &session, Table const &table, std::string const &name,
                           std::vector<std::string> const &columns)
{
    auto const offered = read_columns(session, table.schema, name);
    bool const readable = std::all_of(columns.begin(), columns.end(), [&](std::string const &column) {
        auto const found = offered.find(column);
        return found != offered.end() && found->second.readable;
    });
    return readable ? quote_identifier(table.schema) + "." + quote_identifier(name) : std::string{};
}

SqlVariables table_variables(Table const &table, ByOption const &by, Entry const &entry)
{
    auto const column = [&](std::string const &name, std::string const &otherwise) {
        return table.offers(name) ? quote_identifier(name) : otherwise;
    };
    auto const entity = entity_column(by);
    bool const metadata = table.offers("metadata");
    bool const host_metadata = metadata && !entry.host_metadata.empty();
    return {
        {"relation", table.quoted()},
        {"request_tags", table.document("request_tags")},
        {"metadata", table.document("metadata")},
        {"tags", "jsonb_path_query_array(:request_tags, $3::jsonpath)"},
        {"status", column("status", k_no_text)},
        {"entity", entity.empty() ? k_no_text : column(entity, k_no_text)},
        // A field's name is an identifier of the configuration: quoted as a literal, it cannot leave its place.
        {"host_metadata",
         host_metadata ? fmt::format(":metadata -> 'spend_logs_metadata' ->> {}", quote_literal(entry.host_metadata))
                       : k_no_text},
        {"reason", std::string{sql::reason}},
        {"marker", k_no_text},
        {"written", "null::boolean"},
    };
}

SqlVariables tally_variables(SqlVariables variables, Buckets buckets)
{
    variables["bucket"] = buckets == Buckets::one
                              ? k_one_bucket
                              : R"(floor(date_part('epoch', "startTime") * 1000 / $4::float8)::bigint)";
    std::string columns;
    std::string groups;
    for (std::string const name : {"bucket", "host_metadata", "entity", "marker"}) {
        auto const group = "group_" + name;
        auto const expression = variables.at(name);
        bool const constant = expression == k_one_bucket || expression == k_no_text;
        variables[group] = constant ? expression : group;
        columns += constant ? "" : fmt::format(", {} as {}", expression, group);
        groups += constant ? "" : ", " + group;
    }
    variables["columns"] = columns;
    variables["groups"] = groups;
    return variables;
}

} // namespace misroute
