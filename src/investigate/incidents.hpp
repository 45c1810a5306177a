// SPDX-License-Identifier: Apache-2.0
//
// `misroute incidents`: every episode of every mismatch in a window, each with what it cost and why it was.
#pragma once

#include "misroute/investigate.hpp"
#include "misroute/model/incident.hpp"

namespace misroute {

/// Causes are found by looking at each stretch of time again; of more stretches than this, the newest ones.
inline constexpr std::size_t k_most_explained = 20;

IncidentHistory history_of(RowSource &source, Fleet const &fleet, ScanRequest const &request);

} // namespace misroute
