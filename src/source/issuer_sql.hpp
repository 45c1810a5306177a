// SPDX-License-Identifier: Apache-2.0
//
// Which rows are an issuer's, for every kind of issuer: as a condition of SQL, so that a page is not filled with rows
// of others, and exactly, on the rows that were read. A name as it is counted is not what stands in a column (hosts
// lose their port, long names their end, raw keys are hashed), so the condition may let through more, never less.
#pragma once

#include "misroute/model/issuer_filter.hpp"
#include "misroute/model/row_source.hpp"
#include "misroute/source.hpp"
#include "source/pg_session.hpp"

#include <string>

namespace misroute {

struct IssuerSql
{
    std::string condition; ///< with the variables of table_variables, and $n from the number asked for on
    SqlArgs args;
};

IssuerSql issuer_filter(IssuerFilter const &asked, ByOption const &by, Entry const &entry, int first_argument);

/// A key is the issuer only of rows that have no name in the dimension that is asked for.
bool belongs(CellKey const &row, IssuerFilter const &asked, ByOption const &by);

} // namespace misroute
