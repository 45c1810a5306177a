// SPDX-License-Identifier: Apache-2.0
#include "source/issuer_sql.hpp"

#include "source/statement.hpp"
#include "source/tags.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

constexpr std::string_view k_cut = "…"; // ends a name that was too long

/// Builds a condition, numbering what it binds.
class Filter
{
public:
    Filter(IssuerFilter const &asked, ByOption const &by, Entry const &entry, int first)
        : m_asked{asked},
          m_by{by},
          m_entry{entry},
          m_next{first}
    {
    }

    IssuerSql build()
    {
        auto condition = m_asked.issuer.kind == IssuerKind::key
                             ? fmt::format("({}) and not coalesce({}, false)", of_keys(), has_entity())
                             : of_entity();
        return {std::move(condition), std::move(m_args)};
    }

private:
    std::string bind(std::string value, std::string_view type)
    {
        m_args.emplace_back(std::move(value));
        return fmt::format("${}::{}", m_next++, type);
    }

    std::string of_keys();
    std::string of_entity();
    std::string of_column(std::string_view column);
    std::string has_entity();
    std::string has_host();

    IssuerFilter const &m_asked;
    ByOption const &m_by;
    Entry const &m_entry;
    int m_next;
    SqlArgs m_args;
};

/// A raw key is asked for by the hash that it was counted by.
std::string Filter::of_keys()
{
    auto const keys = bind(to_array(m_asked.keys), "text[]");
    // The length apart from the letters: PostgreSQL takes twelve times as long for a pattern that counts to 64.
    return fmt::format("api_key collate \"C\" = any ({0}) or "
                       "(octet_length(api_key) <> 64 or api_key collate \"C\" !~ '^[0-9a-f]*$') and "
                       "encode(sha256(convert_to(left(api_key, 1000), 'UTF8')), 'hex') = any ({0})",
                       keys);
}

std::string Filter::of_column(std::string_view column)
{
    auto const &name = m_asked.issuer.name;
    return name.ends_with(k_cut)
               ? fmt::format("starts_with({} collate \"C\", {}) or {} = {}", column,
                             bind(name.substr(0, name.size() - k_cut.size()), "text"), column, bind(name, "text"))
               : fmt::format("{} = {}", column, bind(name, "text"));
}

std::string Filter::of_entity()
{
    std::string_view name = m_asked.issuer.name;
    if (name.ends_with(k_cut)) {
        name.remove_suffix(k_cut.size());
    }
    switch (m_asked.issuer.kind) {
    case IssuerKind::host:
        // Only the letters of ASCII are made small, whatever language the database is in.
        return fmt::format("jsonb_path_exists(:request_tags, {}) or position({} in lower((:host_metadata) collate "
                           "\"C\")) > 0",
                           bind(mention_path(m_entry.host_tags, name), "jsonpath"), bind(std::string{name}, "text"));
    case IssuerKind::tag:
        return fmt::format("jsonb_path_exists(:request_tags, {})", bind(mention_path({m_by.tag}, name), "jsonpath"));
    case IssuerKind::team:
        return of_column("team_id");
    default:
        return of_column(":entity");
    }
}

/// The row certainly has a hostname: one whose first letter is not taken off. Where tags were cut off, the reader sees
/// others than the server.
std::string Filter::has_host()
{
    return fmt::format("coalesce(jsonb_path_exists(:request_tags, {}) and not jsonb_path_exists(:request_tags, {}) and "
                       "length((:tags)::text) <= 2000, false) or left(:host_metadata, 201) ~ '^[ \\t]*[^ \\t,:.]'",
                       bind(value_path(m_entry.host_tags, R"([^ \t,:.])"), "jsonpath"),
                       bind(value_path(m_entry.host_tags, "[,:.]"), "jsonpath"));
}

std::string Filter::has_entity()
{
    switch (m_by.kind) {
    case IssuerKind::key:
        return "false";
    case IssuerKind::host:
        return has_host();
    case IssuerKind::tag:
        return fmt::format("jsonb_path_exists(:request_tags, {}) and length((:tags)::text) <= 2000",
                           bind(value_path({m_by.tag}, R"([^ \t])"), "jsonpath"));
    case IssuerKind::team:
        return "team_id <> ''";
    default:
        return ":entity <> ''";
    }
}

} // namespace

IssuerSql issuer_filter(IssuerFilter const &asked, ByOption const &by, Entry const &entry, int first_argument)
{
    return Filter{asked, by, entry, first_argument}.build();
}

bool belongs(CellKey const &row, IssuerFilter const &asked, ByOption const &by)
{
    if (asked.issuer.kind != IssuerKind::key) {
        return entity_of(row, asked.issuer.kind) == asked.issuer.name;
    }
    return entity_of(row, by.kind).empty() && std::ranges::find(asked.keys, row.key) != asked.keys.end();
}

} // namespace misroute
