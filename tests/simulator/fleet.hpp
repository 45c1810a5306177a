// SPDX-License-Identifier: Apache-2.0
//
// The fleet of the founding incident: claude, kelly and yxaiapp, a hostname and a few keys each, and a day of requests.
#pragma once

#include "simulator/random.hpp"
#include "simulator/traffic.hpp"

#include <string>
#include <vector>

namespace misroute::simulator {

/// Instances by number.
inline constexpr std::size_t k_claude = 0;
inline constexpr std::size_t k_kelly = 1;
inline constexpr std::size_t k_yxaiapp = 2;
inline constexpr std::size_t k_instances = 3;

std::string const &name_of(std::size_t instance);
std::string const &host_of(std::size_t instance);
Backend const &backend_of(std::size_t instance);

/// The hash of a client's key; every client has its own.
std::string key_of(std::size_t instance, std::size_t client);

/// The three instances with host, provider and upstream.
Expectations fleet();

/// One request on its way: when, by which instance's hostname, from which of that hostname's clients.
struct Request
{
    Instant time;
    std::size_t entered = 0;
    std::size_t client = 0;
    bool faulty = false; ///< it came while the fault was there
};

/// The row of a request that a backend answered.
Row row_of(Request const &request, Backend const &backend, Random &random);

struct Shape
{
    std::size_t requests = 400; ///< per hostname, over the day
    std::size_t clients = 4;    ///< per hostname
};

/// The day as a window.
Window window_of_day();

/// A moment of the day, uniformly random.
Instant any_time(Random &random);

/// A moment between 30 and 60 % of the day: for faults that begin.
Instant some_time(Random &random);

/// A day of requests at random times, in order; the fault holds in [begun, ended).
std::vector<Request> day(Random &random, Shape const &shape, Truth const &truth);

/// Verdicts from the truth: misrouted is whoever has a row, other than a marked one, that another's backend answered.
void label_hosts(Traffic &traffic);
void label_keys(Traffic &traffic);

} // namespace misroute::simulator
