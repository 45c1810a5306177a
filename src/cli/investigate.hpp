// SPDX-License-Identifier: Apache-2.0
//
// The line from rows to findings, as scan, check and probe walk it: count everything once, then read single rows of the
// few issuers that deserve it.
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

/// What was counted and read, by whatever means: all that conclusions are drawn from.
struct Observed
{
    Tally tally;
    Examination examination;
    Sequences sequences;
    DatabaseModels models;
    bool at_once = false; ///< all rows lie within moments: two backends among them are mixed, never switched
};

/// Draws the conclusions: onset, dispatch, findings, causes. `cluster` may be nullptr.
Report conclusions(Observed &&observed, Config const &config, Inquiry const &inquiry, ByOption const &by,
                   Cluster const *cluster);

/// Counts, judges, reads the suspects' rows and draws the conclusions. `cluster` may be nullptr.
Report investigate(Source &source, Config const &config, Inquiry const &inquiry, Cluster const *cluster);

} // namespace misroute::cli
