// SPDX-License-Identifier: Apache-2.0
#include "source/rollups.hpp"

#include "misroute/model/litellm.hpp"
#include "source/reading.hpp"
#include "source/sql.hpp"
#include "source/statement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace misroute {

namespace {

using std::chrono::days;

struct RollupTable
{
    IssuerKind kind;
    char const *name;
    char const *entity; ///< column
};

constexpr std::array<RollupTable, 5> k_tables{{
    {IssuerKind::host, "LiteLLM_DailyTagSpend", "tag"},
    {IssuerKind::tag, "LiteLLM_DailyTagSpend", "tag"},
    {IssuerKind::key, "LiteLLM_DailyUserSpend", "api_key"},
    {IssuerKind::user, "LiteLLM_DailyUserSpend", "user_id"},
    {IssuerKind::team, "LiteLLM_DailyTeamSpend", "team_id"},
}};

RollupTable table_of(IssuerKind kind)
{
    auto const *const found =
        std::find_if(k_tables.begin(), k_tables.end(), [&](RollupTable const &table) { return table.kind == kind; });
    if (found == k_tables.end()) {
        throw Error{fmt::format("LiteLLM keeps no daily roll-up by {}", to_string(kind)),
                    {},
                    "use --by host, key, tag:NAME, user or team, or --source log"};
    }
    return *found;
}

std::string day_text(Instant at)
{
    return to_timestamp(at).substr(0, std::string_view{"2026-11-22"}.size());
}

/// The names of tags, the most trusted first; elsewhere the one empty prefix.
std::vector<std::string> prefixes_of(ByOption const &by, Entry const &entry)
{
    auto const names = by.kind == IssuerKind::host  ? entry.host_tags
                       : by.kind == IssuerKind::tag ? std::vector{by.tag}
                                                    : std::vector<std::string>{};
    if (names.empty()) {
        return {""};
    }
    std::vector<std::string> prefixes;
    prefixes.reserve(names.size());
    for (auto const &name : names) {
        prefixes.push_back(name + ":");
    }
    return prefixes;
}

CellKey key_of(SqlRow const &row, ByOption const &by, std::string const &prefix)
{
    auto entity = std::string{row.text(1)};
    if (!prefix.empty()) {
        entity = litellm::tag_value({entity}, {prefix.substr(0, prefix.size() - 1)});
    }
    auto const model = row.text(4);
    CellKey key;
    key.key = safe_key(row.text(2));
    (by.kind == IssuerKind::host   ? key.host
     : by.kind == IssuerKind::team ? key.team
                                   : key.entity) = cut_name(by.kind == IssuerKind::host  ? litellm::normal_host(entity)
                                                            : by.kind == IssuerKind::key ? std::string{}
                                                                                         : entity);
    key.backend.provider = cut_name(litellm::provider_of(row.text(3), model));
    key.model = cut_name(model);
    key.model_group = cut_name(litellm::model_group_of({}, model));
    return key;
}

} // namespace

Rollups read_rollups(PgSession &session, Table const &table, RollupQuery const &query, BoundedCells cells)
{
    auto const &window = query.window;
    auto const &by = query.by;
    auto const from = table_of(by.kind);
    auto const relation =
        find_neighbour(session, table, from.name,
                       {"date", from.entity, "api_key", "custom_llm_provider", "model", "successful_requests",
                        "failed_requests", "prompt_tokens", "completion_tokens", "spend"});
    if (relation.empty()) {
        throw Error{fmt::format("{}.{} is not there, or may not be read", table.schema, from.name),
                    {},
                    "let the table's owner run what \"misroute grants --role NAME\" prints, or use --source log"};
    }
    auto const mcp = find_neighbour(session, table, from.name, {"mcp_namespaced_tool_name"});
    auto const sql = make_statement(sql::daily, {{"relation", relation},
                                                 {"entity", quote_identifier(from.entity)},
                                                 {"mcp", mcp.empty() ? "''" : "mcp_namespaced_tool_name"}});
    Rollups rollups;
    rollups.relation = fmt::format("{}.{}", table.schema, from.name);
    rollups.tally.window = {std::chrono::floor<days>(window.since), std::chrono::ceil<days>(window.until)};
    rollups.tally.bucket = days{1};
    bool any = false;
    for (auto const &prefix : prefixes_of(by, query.entry)) {
        SqlArgs const args{day_text(rollups.tally.window.since), day_text(rollups.tally.window.until), prefix};
        session.query("daily", sql, args, [&](SqlRow const &row) {
            Instant const day{Milliseconds{row.integer(0)}};
            auto key = key_of(row, by, prefix);
            Sums sums{row.integer(5),
                      row.integer(7),
                      row.integer(8),
                      row.integer(9),
                      row.integer(10),
                      day,
                      day + days{1} - Milliseconds{1}};
            any = true;
            if (sums.requests > 0) {
                cells.add(key, day, sums);
            }
            if (row.integer(6) > 0) {
                key.reason = ExclusionReason::failure;
                cells.add(key, day, {row.integer(6), 0, 0, 0, 0, sums.first, sums.last});
            }
        });
        if (any) {
            break; // a request with both tags is in the roll-ups of both
        }
    }
    rollups.tally.overflow = cells.overflow();
    rollups.tally.cells = cells.take();
    return rollups;
}

} // namespace misroute
