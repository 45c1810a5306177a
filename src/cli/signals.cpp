// SPDX-License-Identifier: Apache-2.0
#include "cli/signals.hpp"

#include <ctime>
#include <unistd.h>

namespace misroute::cli {

namespace {

constexpr int k_signal_base = 128; // a shell's exit code for a process that a signal ended

} // namespace

Signals::Signals()
{
    std::signal(SIGPIPE, SIG_IGN);
    sigemptyset(&m_signals);
    sigaddset(&m_signals, SIGINT);
    sigaddset(&m_signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
    m_listener = std::jthread{[this](std::stop_token const &finished) { listen(finished); }};
}

void Signals::listen(std::stop_token const &finished)
{
    constexpr timespec k_poll{0, 50'000'000};
    while (!finished.stop_requested()) {
        int const signal = sigtimedwait(&m_signals, nullptr, &k_poll);
        if (signal <= 0) {
            continue;
        }
        if (m_received.exchange(signal) != 0) {
            _exit(k_signal_base + signal);
        }
        m_stop.request_stop();
    }
}

std::optional<ExitCode> Signals::received() const
{
    int const signal = m_received.load();
    return signal == 0 ? std::nullopt : std::optional{static_cast<ExitCode>(k_signal_base + signal)};
}

} // namespace misroute::cli
