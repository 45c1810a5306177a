// SPDX-License-Identifier: Apache-2.0
//
// The zone that people read and type times in.
#pragma once

#include "misroute/model/time.hpp"

#include <string>

namespace misroute::cli {

/// --tz, else TZ, else UTC. From then on it is the zone of this process, which the C library keeps: call it once,
/// before any time is read or shown. Throws Error when the system knows no such zone.
Zone zone_of(std::string const &given);

} // namespace misroute::cli
