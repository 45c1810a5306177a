// SPDX-License-Identifier: Apache-2.0
//
// How right misroute was about simulated traffic.
#pragma once

#include "simulator/scenario.hpp"

#include <optional>
#include <string>
#include <vector>

namespace misroute::simulator {

/// Counts over the seeds of a scenario, or of several together.
struct Score
{
    /// Right of judged.
    struct Part
    {
        int right = 0;
        int judged = 0;

        void add(bool is_right);
        /// Nothing where nothing was judged: that meets no demand.
        std::optional<double> share() const;
        Part &operator+=(Part const &other);
    };

    Part verdicts; ///< issuers
    Part cause;    ///< runs: the right cause comes first, or none where there is none
    Part dispatch; ///< misrouted issuers with 100 requests or more during the fault; a wrong "certain" is wrong
    Part interval; ///< misrouted issuers: the first request during the fault lies in [earliest, at]
    Part ending;   ///< misrouted issuers: ongoing while the fault is there, ended once it is not
    std::vector<int> onset_error; ///< requests of the issuer between the first one during the fault and `at`

    std::optional<int> median_onset_error() const;
    void add(Traffic const &traffic, Outcome const &outcome);
    Score &operator+=(Score const &other);
};

/// Runs `seeds` seeds of a scenario, from 1.
Score score(Scenario const &scenario, int seeds);

} // namespace misroute::simulator
