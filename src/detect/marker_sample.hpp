// SPDX-License-Identifier: Apache-2.0
//
// How much of `metadata` has to be read. What it says of a foreign row (a fallback, an internal call, a router's
// choice) can make that row innocent, but it is about 5 kB and out of line, so of many foreign rows only a sample is
// read.
#pragma once

#include "misroute/detect.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace misroute {

/// Foreign requests of one issuer at one deployment: fallbacks lead to a deployment of their own, so what a sample of
/// them says speaks for all.
struct MarkerStratum
{
    std::vector<CellKey> cells;
    std::int64_t requests = 0;
};
using MarkerStrata = std::map<std::pair<Issuer, std::string>, MarkerStratum>; ///< by issuer and model_id

/// Every cell with foreign requests, but for those whose deployments could not be told apart (k_overflow).
MarkerStrata foreign_strata(Examination const &examination);

std::int64_t requests_of(MarkerStrata const &strata);

/// One row in how many to read, a power of two: as many rows as a budget of 2,000 allows, so all of them where they are
/// few; where no sample of enough rows fits into it, the cheapest. What a sample will not decide, and so has to be read
/// in full, is part of its cost.
int sample_rate(MarkerStrata const &strata);

/// The strata that have to be read in full: a sampled row carries a marker, or too few rows were sampled. Of the others
/// 50 rows or more carry none, so at 95 % confidence fewer than 6 % of the rows can (rule of three: 3 / n).
MarkerStrata undecided(MarkerStrata const &strata, Tally const &sample);

/// The word comes from metadata, not from a column.
bool is_marker(ExclusionReason reason);

} // namespace misroute
