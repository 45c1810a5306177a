// SPDX-License-Identifier: Apache-2.0
//
// From the columns of a result to the vocabulary: the one place where a raw value of a row is turned into who asked,
// who answered and what kind of row it was.
#pragma once

#include "misroute/model/tally.hpp"
#include "misroute/source.hpp"
#include "source/pg_session.hpp"

#include <string>
#include <string_view>

namespace misroute {

/// Positions of the columns that sql/tally.sql and sql/rows.sql share; they stand in this order from `tags` on.
struct KeyColumns
{
    std::size_t tags, host_metadata, api_key, team, entity, provider, api_base, model, model_group, model_id, reason;

    /// The eleven columns from `first` on.
    static KeyColumns from(std::size_t first)
    {
        return {first,     first + 1, first + 2, first + 3, first + 4, first + 5,
                first + 6, first + 7, first + 8, first + 9, first + 10};
    }
};

/// Reads the keys of a result. A few sets of tags stand in most of its rows; each is parsed once.
class KeyReader
{
public:
    /// References must outlive the reader.
    KeyReader(ByOption const &by, Entry const &entry) : m_by{by}, m_entry{entry} {}

    CellKey read(SqlRow const &row, KeyColumns const &columns);

private:
    /// What tags say.
    struct Tagged
    {
        std::string host;
        std::string stamp;
        std::string entity; ///< of `--by tag:NAME`
    };
    Tagged const &tagged(std::string_view json);

    ByOption const &m_by;
    Entry const &m_entry;
    std::unordered_map<std::string, Tagged> m_tagged; ///< by the JSON text
};

/// A name that clients choose, at most 200 bytes of it.
std::string cut_name(std::string_view name);

/// LiteLLM stores hashes; a value that is neither a hash nor a literal of LiteLLM's may be a raw key and is hashed
/// (SHA-256, as LiteLLM itself does) before it goes anywhere.
std::string safe_key(std::string_view api_key);

/// The names of tags that are worth sending: host, instance stamp and the tag of `--by tag:NAME`.
std::vector<std::string> tag_names(ByOption const &by, Entry const &entry);

} // namespace misroute
