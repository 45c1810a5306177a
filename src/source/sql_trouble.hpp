// SPDX-License-Identifier: Apache-2.0
//
// What can go wrong with a statement, told by its SQLSTATE: whether to try again, to ask for less, or to give up, and
// what to tell people.
#pragma once

#include "misroute/model/error.hpp"

#include <string>
#include <string_view>

namespace misroute {

/// What kind of failure a statement met; decides whether to try again, to split, or to give up.
enum class SqlTrouble
{
    unreachable, ///< no connection could be made
    lost,        ///< the connection broke or the server is going down: try again on a new one
    conflict,    ///< recovery conflict, serialization failure or deadlock: try again
    timeout,     ///< statement_timeout: ask for less
    locked,      ///< lock_timeout: less would wait for the same lock
    gone,        ///< the server was in trouble for longer than the command puts up with: ask it nothing more
    busy,        ///< the server has other things to do; never from a statement
    privilege,
    undefined, ///< no such table, column or function
    cancelled, ///< on our own request
    other,
};

struct SqlError : Error
{
    SqlError(SqlTrouble kind, std::string const &message, std::string where, std::string advice)
        : Error{message, std::move(where), std::move(advice)},
          trouble{kind}
    {
    }
    SqlTrouble trouble;
};

/// What lets a role read all rows of a table with row-level security; a policy, however wide, is not told from others.
inline constexpr std::string_view k_policy_hint =
    "a scan needs every row: let a superuser run alter role NAME bypassrls, or read a table without row-level security";

/// What a SQLSTATE means for us, and what to do about it.
struct TroubleRow
{
    std::string_view sqlstate; ///< a whole code or the class it begins with
    SqlTrouble trouble;
    std::string_view hint;
};

/// `message` is the server's: it tells a missing privilege from a policy that would hide rows.
TroubleRow trouble_of(std::string_view sqlstate, std::string_view message = {});

/// libpq ends its messages with a line break and may add LINE and DETAIL parts; the first line says it all.
std::string first_line(std::string_view message);

/// What to look at when no connection could be made.
std::string connect_hint(std::string const &message);

} // namespace misroute
