// SPDX-License-Identifier: Apache-2.0
//
// When the last complete run was: one time in one file of the state folder, for each thing that is scanned.
#pragma once

#include "misroute/model/time.hpp"

#include <optional>
#include <stop_token>
#include <string>

namespace misroute::cli {

/// $XDG_STATE_HOME/misroute or ~/.local/state/misroute; empty where this user has neither.
std::string state_folder();

/// Two runs of the same scan would tell the same twice, so the second one waits for the first: for a minute. A run that
/// hangs must not silence the ones after it. The lock is the kernel's (flock), and goes with the process however that
/// ends.
class LastRun
{
public:
    /// `what` names the scan: another database, configuration or part of the traffic is another one. Throws Error when
    /// there is no folder for state, or it cannot be written.
    LastRun(std::string const &what, std::stop_token const &stop);
    ~LastRun();
    LastRun(LastRun const &) = delete;
    LastRun &operator=(LastRun const &) = delete;

    /// Nothing before the first one, and, with a warning, where the file holds no time or one that lies ahead of `now`:
    /// a clock has jumped, or a --now was mistyped.
    std::optional<Instant> before(Instant now);

    /// Keeps the later one of `at` and what is kept, unless that lay ahead. Throws Error.
    void keep(Instant at) const;

private:
    std::optional<Instant> kept() const;

    std::string m_file;
    std::optional<Instant> m_ahead;
    int m_lock = -1;
};

} // namespace misroute::cli
