// SPDX-License-Identifier: Apache-2.0
//
// The line from rows to findings, as scan and check walk it: count everything once, then read single rows of the few
// issuers that deserve it.
#pragma once

#include "misroute/config.hpp"
#include "misroute/detect.hpp"
#include "misroute/model/report.hpp"
#include "misroute/source.hpp"

#include <optional>

namespace misroute::cli {

struct Inquiry
{
    Window window;
    std::optional<ByOption> by; ///< nothing: by host when any row names one, else by key
    Instant now{};
    std::string command;
};

/// Counts, judges, reads the suspects' rows and draws the conclusions. `cluster` may be nullptr.
Report investigate(Source &source, Config const &config, Inquiry const &inquiry, Cluster const *cluster);

} // namespace misroute::cli
