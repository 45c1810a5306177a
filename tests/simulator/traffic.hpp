// SPDX-License-Identifier: Apache-2.0
//
// A simulated fleet: rows as LiteLLM would have written them, with the truth beside them. They stand behind the same
// interface as those of a database, and the product's own investigation reads them.
#pragma once

#include "investigate/memory_rows.hpp"
#include "misroute/investigate.hpp"

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

/// Traffic as a source of rows: what metadata says of a row is found out by reading it, as in a database.
class SimulatedRows final : public RowSource
{
public:
    explicit SimulatedRows(Traffic const &traffic);

    Knowledge knows() const override { return Knowledge::everything(); }
    Tally tally(Window const &window, std::optional<ByOption> const &by) override;
    Tally tally_markers(Tally const &counted, ByOption const &by, Candidates const &which) override;
    std::vector<Row> rows(RowQuery const &query, ByOption const &by) override;
    DatabaseModels models() override { return m_database; }

private:
    CountedRows m_traffic; ///< no row's key has a reason that only metadata tells
    DatabaseModels m_database;
};

/// All that misroute concludes from the traffic.
struct Outcome
{
    Report report;
    ScanData data;                                 ///< what it was concluded from
    std::map<Issuer, std::vector<JudgedRow>> rows; ///< all of them, judged, what their metadata says included
};

Outcome examine(Traffic const &traffic, Cluster const *cluster = nullptr);

} // namespace misroute::simulator
