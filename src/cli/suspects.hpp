// SPDX-License-Identifier: Apache-2.0
//
// The rows of issuers that deserve a closer look: what shows the order of dispatch, the onset, and evidence.
#pragma once

#include "misroute/detect.hpp"
#include "misroute/source.hpp"

#include <cstddef>

namespace misroute::cli {

/// Issuers whose rows are read; of more than that, the first ones of the examination.
inline constexpr std::size_t k_most_suspects = 50;

Sequences read_sequences(Source &source, Expectations const &expected, Tally const &tally,
                         Examination const &examination, ByOption const &by);

} // namespace misroute::cli
