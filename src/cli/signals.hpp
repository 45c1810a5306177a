// SPDX-License-Identifier: Apache-2.0
//
// SIGINT and SIGTERM become a request to stop, which cancels what runs on the server; a second one ends the process at
// once, and so does a second without an end: whatever is being read or computed then, nothing is half written. SIGPIPE
// is ignored: a closed pipe is a write error like any other.
#pragma once

#include "misroute/model/error.hpp"

#include <atomic>
#include <csignal>
#include <optional>
#include <stop_token>
#include <thread>

namespace misroute::cli {

/// Made before any other thread, so that all of them leave the signals to it.
class Signals
{
public:
    Signals();
    ~Signals();
    Signals(Signals const &) = delete;
    Signals &operator=(Signals const &) = delete;

    std::stop_token stop() const { return m_stop.get_token(); }

    /// The exit code of the signal that came, if one came.
    std::optional<ExitCode> received() const;

private:
    void listen(std::stop_token const &finished);

    sigset_t m_signals{};
    std::stop_source m_stop;
    std::atomic<int> m_received{0};
    std::jthread m_listener; ///< last: it uses the others
};

} // namespace misroute::cli
