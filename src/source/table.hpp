// SPDX-License-Identifier: Apache-2.0
//
// Which relation is the spend log, and which columns it has: LiteLLM adds some with every year, and a role may not be
// allowed to read them all. What is missing is replaced by NULL in the queries.
#pragma once

#include "misroute/source.hpp"
#include "source/pg_session.hpp"
#include "source/statement.hpp"

#include <map>
#include <string>
#include <vector>

namespace misroute {

/// A partition that is worth asking directly.
struct Leaf
{
    std::string relation; ///< quoted, with its schema
    Window window;        ///< all rows of that stretch, and no others
};

struct Table
{
    std::string schema;
    std::string kind;                    ///< pg_class.relkind
    std::vector<std::string> missing;    ///< columns that this version of LiteLLM does not have
    std::vector<std::string> unreadable; ///< columns that this role may not read
    std::vector<std::string> denied{};   ///< the same, of those without which nothing can be counted; see Demand
    std::vector<Leaf> leaves{};          ///< in order of time
    std::int64_t shards = 0;             ///< of a distributed table of Citus
    std::map<std::string, std::string, std::less<>> types{}; ///< of optional columns that can be read

    /// "public.LiteLLM_SpendLogs", for people.
    std::string text() const;
    bool offers(std::string_view column) const;
    /// A column of JSON as an expression of type jsonb.
    std::string document(std::string const &column) const;
    /// As a query names it.
    std::string quoted() const;
    /// The relation, quoted, that has all rows of `slice`.
    std::string relation_of(Window const &slice) const;
};

inline constexpr std::string_view k_spend_logs = "LiteLLM_SpendLogs";

enum class Demand
{
    readable, ///< what cannot be done without has to be there, and this role may read it
    there,    ///< it has to be there; Table::denied has what may not be read
};

/// Finds the spend log, in `schema` when one is given. Throws Error when there is none, several, or when a column does
/// not meet the demand.
Table find_table(PgSession &session, std::string const &schema, Demand demand);

/// A neighbour of the spend log that is there and whose `columns` may be read; empty otherwise. Quoted, with schema.
std::string find_neighbour(PgSession &session, Table const &table, std::string const &name,
                           std::vector<std::string> const &columns);

/// What stands for the variables of sql/rows.sql, and in tally_variables, on this table.
SqlVariables table_variables(Table const &table, ByOption const &by, Entry const &entry);

/// Whether a slice lies in one bucket of time, or spans several.
enum class Buckets
{
    one,
    several,
};

/// What stands for the variables of sql/tally.sql: its inner step has a column only for what the rows differ in.
SqlVariables tally_variables(SqlVariables variables, Buckets buckets);

} // namespace misroute
