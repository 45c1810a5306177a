// SPDX-License-Identifier: Apache-2.0
//
// From findings to causes: which of six explanations fits, what speaks for it and against it, and what settles it.
#pragma once

#include "misroute/detect.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace misroute {

/// What causes are weighed by: the facts about the incident, gathered once for all of them (private to diagnose).
struct IncidentEvidence;

/// A row of the cause table. `score` fills score and evidence; a score of (nearly) 0 drops the cause from the report.
struct CauseRow
{
    std::string_view cause;
    std::string_view title; ///< "a Service selects the pods of several instances"
    Cause (*score)(Facts const &, IncidentEvidence const &);
    Knowledge needs{}; ///< without which there is no evidence for it or against it
};

/// The six causes, in the order of the documentation.
std::span<CauseRow const> causes();

/// Those that have what they need, ranked by score, then by the order of the table. Empty when nothing was found that
/// needs explaining.
std::vector<Cause> diagnose(Facts const &facts, std::vector<Finding> const &findings);

} // namespace misroute
