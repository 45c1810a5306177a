// SPDX-License-Identifier: Apache-2.0
//
// A tally of a part of the window that another tally was counted for, so that one look at the log serves several
// judgements of it.
#pragma once

#include "misroute/model/tally.hpp"

namespace misroute {

/// What of `tally` lies in `window`. Exact where the bounds are bounds of its buckets. In a bucket that a bound cuts,
/// rows are taken as evenly spread between the first and the last of their cell; that there are some on a side is
/// never lost.
Tally part_of(Tally const &tally, Window const &window);

} // namespace misroute
