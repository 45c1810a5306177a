// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "misroute/model/time.hpp"

#include <stop_token>

namespace misroute {

/// Sleeps, but returns at once when told to stop.
void pause_for(Milliseconds length, std::stop_token const &stop);

} // namespace misroute
