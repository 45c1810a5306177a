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
    sigaddset(&m_signals, SIGRTMIN); // from the destructor
    pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
    m_listener = std::jthread{[this](std::stop_token const &finished) { listen(finished); }};
}

Signals::~Signals()
{
    m_listener.request_stop();
    pthread_kill(m_listener.native_handle(), SIGRTMIN); // or every command would end with the rest of a poll
}

void Signals::listen(std::stop_token const &finished)
{
    constexpr timespec k_poll{0, 50'000'000};
    constexpr int k_most_polls = 20; // statements on a server end in far less than this second
    int polls = 0;
    while (!finished.stop_requested()) {
        int const caught = sigtimedwait(&m_signals, nullptr, &k_poll);
        int const signal = caught == SIGRTMIN ? 0 : caught;
        int const before = m_received.load();
        polls += before != 0 ? 1 : 0;
        if (before != 0 && (signal > 0 || polls > k_most_polls)) {
            _exit(k_signal_base + before);
        }
        if (signal > 0) {
            m_received = signal;
            m_stop.request_stop();
        }
    }
}

std::optional<ExitCode> Signals::received() const
{
    int const signal = m_received.load();
    return signal == 0 ? std::nullopt : std::optional{static_cast<ExitCode>(k_signal_base + signal)};
}

} // namespace misroute::cli
