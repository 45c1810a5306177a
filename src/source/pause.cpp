// SPDX-License-Identifier: Apache-2.0
#include "source/pause.hpp"

#include <condition_variable>
#include <mutex>

namespace misroute {

void pause_for(Milliseconds length, std::stop_token const &stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    never.wait_for(lock, stop, length, [] { return false; });
}

} // namespace misroute
