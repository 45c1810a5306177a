// SPDX-License-Identifier: Apache-2.0
//
// A window is read in slices of time: each is small, has its own timeout, and can be tried again or split alone.
#pragma once

#include "misroute/model/tally.hpp"
#include "misroute/source.hpp"
#include "source/connection_pool.hpp"

#include <functional>
#include <vector>

namespace misroute {

/// Cuts the window: into `count` equal parts, or at multiples of `length`, or (both 0) at the bounds of the buckets.
std::vector<Window> cut(Window const &window, Milliseconds bucket, int count, Milliseconds length);

/// The length of about `count` slices of the window: a multiple of the bucket that is the same for windows as long.
Milliseconds long_slice(Window const &window, Milliseconds bucket, int count);

/// Joins slices that touch, as far as no multiple of `length` lies between them: the same in the next hour.
std::vector<Window> join(std::vector<Window> const &slices, Milliseconds length);

/// How slices are read and what happens when one cannot be.
struct SliceReader
{
    std::function<ConnectionPool::Lease()> open;
    std::function<std::int64_t(PgSession &, Window const &)> read; ///< all or nothing; returns the number of rows
    std::function<void(Progress const &)> progress;
    RetryPolicy *retries = nullptr; ///< of the sessions; must outlive the reading
    std::stop_token stop;
    int jobs = 2;
    Progress before; ///< what was done without reading
};

/// Reads every slice, on `jobs` connections. A slice that times out is split in two, one that loses its connection is
/// tried again as the retry policy allows; what stays unreadable, and all that is left when that gives up, is
/// returned, in order of time. Throws SqlError for what no retry can mend, and when not one slice could be read.
std::vector<Gap> read_slices(std::vector<Window> const &slices, SliceReader const &reader);

} // namespace misroute
