// SPDX-License-Identifier: Apache-2.0
//
// What scenarios are made of: days, and who answers on them.
#pragma once

#include "simulator/fleet.hpp"
#include "simulator/random.hpp"
#include "simulator/traffic.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace misroute::simulator {

/// Picks the instance that answers a faulty request.
using Dispatcher = std::function<std::size_t(Request const &, Random &)>;

/// The row of a request that failed: it tells nothing about who answered.
Row failure_of(Request const &request, Random &random);

/// The instance entered at.
std::size_t home(Request const &request, Random &random);

/// The day and the fleet without rows, and what is true of it.
Traffic empty_day(std::string cause, std::set<Pattern> patterns);

/// A day on which faulty requests go to whom `dispatch` says, and the others home.
Traffic dispatched(Random &random, Shape const &shape, Traffic traffic, Dispatcher const &dispatch);

/// With the verdict of every hostname, told by the backends.
Traffic by_hosts(Traffic traffic);

/// Deals the requests of each hostname out in turn, with `workers` independent counters, over pods in random order.
Dispatcher in_turn(Random &random, std::vector<std::size_t> pods, std::size_t workers = 1);

// Scenarios in which model_id is what matters (scenario_deployments.cpp).
Traffic one_upstream(Random &random);
Traffic copied_entries(Random &random);
Traffic rotated_key(Random &random);
Traffic router_inside(Random &random);
Traffic balanced_inside(Random &random);
Traffic balanced_unconfigured(Random &random);

} // namespace misroute::simulator
