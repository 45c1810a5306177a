// SPDX-License-Identifier: Apache-2.0
#include "source/reading.hpp"

#include "misroute/model/litellm.hpp"
#include "misroute/model/text.hpp"
#include "source/hash.hpp"
#include "source/tags.hpp"

namespace misroute {

namespace {

constexpr std::size_t k_longest_name =
    200; // bytes; clients choose hosts, models and tags; sql/tally.sql sends a little more
constexpr std::size_t k_most_tags = 1'000; // of 2,000 bytes at most

} // namespace

std::string cut_name(std::string_view name)
{
    if (name.size() <= k_longest_name) {
        return std::string{name};
    }
    return std::string{text::beginning(name, k_longest_name)} + "…";
}

std::string safe_key(std::string_view api_key)
{
    if (litellm::is_key_hash(api_key) || litellm::is_key_literal(api_key)) {
        return std::string{api_key};
    }
    return sha256(api_key);
}

std::vector<std::string> tag_names(ByOption const &by, Entry const &entry)
{
    auto names = entry.host_tags;
    names.push_back(entry.instance_tag);
    if (by.kind == IssuerKind::tag) {
        names.push_back(by.tag);
    }
    return names;
}

KeyReader::Tagged const &KeyReader::tagged(std::string_view json)
{
    std::string text{json};
    if (auto const known = m_tagged.find(text); known != m_tagged.end()) {
        return known->second;
    }
    if (m_tagged.size() >= k_most_tags) {
        m_tagged.clear();
    }
    auto const tags = parse_tags(json);
    Tagged read{cut_name(litellm::normal_host(litellm::tag_value(tags, m_entry.host_tags))),
                cut_name(litellm::tag_value(tags, {m_entry.instance_tag})),
                m_by.kind == IssuerKind::tag ? cut_name(litellm::tag_value(tags, {m_by.tag})) : std::string{}};
    return m_tagged.emplace(std::move(text), std::move(read)).first->second;
}

CellKey KeyReader::read(SqlRow const &row, KeyColumns const &columns)
{
    auto const &tags = tagged(row.text(columns.tags));
    auto const model = row.text(columns.model);
    CellKey key;
    key.host = tags.host.empty() ? cut_name(litellm::normal_host(row.text(columns.host_metadata))) : tags.host;
    key.key = safe_key(row.text(columns.api_key));
    key.team = cut_name(row.text(columns.team));
    key.entity = m_by.kind == IssuerKind::tag ? tags.entity : cut_name(row.text(columns.entity));
    key.backend.provider = cut_name(litellm::provider_of(row.text(columns.provider), model));
    key.backend.guessed = row.text(columns.provider).empty() && !key.backend.provider.empty();
    key.backend.upstream = cut_name(litellm::upstream_of(row.text(columns.api_base)));
    key.backend.stamp = tags.stamp;
    key.model = cut_name(model);
    key.model_group = cut_name(litellm::model_group_of(row.text(columns.model_group), model));
    key.model_id = cut_name(row.text(columns.model_id));
    key.reason = parse_exclusion_reason(row.text(columns.reason)).value_or(ExclusionReason::none);
    return key;
}

} // namespace misroute
