// SPDX-License-Identifier: Apache-2.0
#include "source/backoff.hpp"

#include "source/pause.hpp"

#include <random>

namespace misroute {

namespace {

constexpr Milliseconds k_first_pause{100};

} // namespace

void pause_before_retry(int attempt, std::stop_token const &stop)
{
    thread_local std::minstd_rand random{std::random_device{}()};
    auto const base = k_first_pause * (1 << attempt);
    auto const jitter = Milliseconds{std::uniform_int_distribution<std::int64_t>{0, base.count() / 2}(random)};
    pause_for(base + jitter, stop);
}

} // namespace misroute
