// SPDX-License-Identifier: Apache-2.0
//
// The rows of issuers that deserve a closer look: what shows the order of dispatch, the onset, and evidence.
#pragma once

#include "misroute/detect.hpp"
#include "misroute/model/row_source.hpp"

#include <cstddef>

namespace misroute {

/// Issuers whose rows are read; of more than that, the first ones of the examination.
inline constexpr std::size_t k_most_suspects = 50;

/// Of which rows metadata is read. It costs the database more than all the rest of a row.
enum class MarkerReading
{
    probe, ///< of evidence, and of a few of the newest rows: enough to learn whether this LiteLLM writes any
    all,   ///< of the newest rows too: some row of the window is known to carry one
};

/// How issuers are told apart, and how closely their rows are looked at.
struct SamplingPlan
{
    ByOption by;
    MarkerReading markers = MarkerReading::probe;
};

Sequences read_sequences(RowSource &source, Expectations const &expected, Tally const &tally,
                         Examination const &examination, SamplingPlan const &plan);

} // namespace misroute
