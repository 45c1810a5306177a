// SPDX-License-Identifier: Apache-2.0
//
// What metadata says of foreign rows: fallbacks, internal calls and routers' choices leave before any verdict.
#pragma once

#include "misroute/detect.hpp"
#include "misroute/model/row_source.hpp"

#include <string>

namespace misroute {

struct MarkersRead
{
    bool changed = false; ///< the tally is not what it was: examine it again
    std::string note;     ///< where a sample stands for the rest; empty when every row was read
};

/// Where LiteLLM writes markers, counts foreign cells of `tally` again by what metadata says: all of them, or, where
/// they are many, those of which a sample does not say that there is nothing to find.
MarkersRead exclude_fallbacks(RowSource &source, Tally &tally, Examination const &examination,
                              Sequences const &sequences, ByOption const &by);

} // namespace misroute
