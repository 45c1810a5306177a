// SPDX-License-Identifier: Apache-2.0
//
// LiteLLM's daily roll-ups as a tally: providers by the day, without touching the log.
#pragma once

#include "misroute/model/bounded_cells.hpp"
#include "misroute/source.hpp"
#include "source/pg_session.hpp"
#include "source/table.hpp"

#include <string>

namespace misroute {

/// What the roll-ups of a window count, and which relation that was.
struct Rollups
{
    Tally tally;
    std::string relation; ///< for people
};

struct RollupQuery
{
    Window window; ///< is widened to whole days, UTC
    ByOption by;
    Entry const &entry; ///< whose tags name hosts
};

/// Throws Error when this kind of issuer has no roll-up that can be read.
Rollups read_rollups(PgSession &session, Table const &table, RollupQuery const &query, BoundedCells cells);

} // namespace misroute
