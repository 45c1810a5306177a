// SPDX-License-Identifier: Apache-2.0
//
// The machine-readable report, docs/report.schema.json. Keys are written in a fixed order and never renamed; what is
// added later is added, so that a reader who ignores unknown keys goes on working.
#pragma once

#include "misroute/report.hpp"
#include "report/json_values.hpp"

#include <string>

namespace misroute {

/// With shares, costs and scores as JSON has them, so that every format shows the same at once and of the saved report.
/// What `check` excludes is left exact: its sentence names it with more digits.
Report as_written(Report report);

std::string render_json(Report const &report, RenderOptions const &options);

/// Services with what they select, and hostnames with what they reach.
Json cluster_value(Cluster const &cluster);

} // namespace misroute
