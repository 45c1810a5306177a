// SPDX-License-Identifier: Apache-2.0
//
// How often, and how long apart, something is tried again that the server may mend by itself.
#pragma once

#include <stop_token>

namespace misroute {

inline constexpr int k_most_attempts = 7; ///< 0.1 + 0.2 + … + 6.4 s: long enough for a server to restart

/// Sleeps 0.1 s × 2^attempt and up to half as much again, so that several do not come back at the same moment. Returns
/// early when told to stop.
void pause_before_retry(int attempt, std::stop_token const &stop);

} // namespace misroute
