// SPDX-License-Identifier: Apache-2.0
//
// A simulated fleet: rows as LiteLLM would have written them, with the truth beside them. The rows go through the same
// pure pipeline as those of a database: tally, examine, exact rows of suspects, detect, diagnose.
#pragma once

#include "misroute/detect.hpp"
#include "misroute/diagnose.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace misroute::simulator {

/// What a scenario did, and what misroute should therefore say.
struct Truth
{
    std::string cause;                  ///< the cause that must come first; empty: there is nothing to explain
    std::set<Pattern> patterns;         ///< admissible patterns of the misrouted issuers; empty: not judged
    std::optional<Instant> begun;       ///< the fault; none: the onset is not judged
    std::optional<Instant> ended;       ///< none: it goes on
    std::map<Issuer, Verdict> verdicts; ///< of every issuer
};

struct Traffic
{
    std::vector<Row> rows; ///< in order of time
    Expectations expected;
    DatabaseModels database;
    Window window;
    IssuerKind by = IssuerKind::host;
    bool markers_written = true;
    Truth truth;
};

/// All that misroute concludes from the traffic.
struct Outcome
{
    Tally tally;
    std::map<Issuer, std::vector<JudgedRow>> rows; ///< all of them, judged
    Examination examination;
    Sequences sequences; ///< what a command would have read of the suspects' rows
    std::vector<Finding> findings;
    std::vector<Cause> causes;
};

/// Limits of the exact rows that are read of an issuer.
inline constexpr std::size_t k_newest_rows = 1000;
inline constexpr std::size_t k_rows_before = 50;
inline constexpr std::size_t k_evidence_rows = 5;

Tally tally_of(std::vector<Row> const &rows, Window const &window);

Outcome examine(Traffic const &traffic, Cluster const *cluster = nullptr);

} // namespace misroute::simulator
