// SPDX-License-Identifier: Apache-2.0
//
// Reading one issuer's requests in order, each with its verdict: a window may hold millions, so they pass through.
#pragma once

#include "detect/deployments.hpp"
#include "detect/traced.hpp"
#include "misroute/model/row_source.hpp"

#include <deque>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace misroute {

/// Everybody who sent a request in the window, by the ways of naming that were asked for.
std::set<Issuer> issuers_of(Tally const &tally, std::optional<IssuerKind> kind);

/// Reads one issuer's rows and hands them, judged, to a renderer.
class Tracer
{
public:
    Tracer(RowSource &source, Expectations const &expected, Tally const &tally, Issuer issuer)
        : m_source{source},
          m_expected{expected},
          m_tally{tally},
          m_deployments{known_deployments(tally, expected)},
          m_issuer{std::move(issuer)}
    {
    }

    /// At most `limit` rows, the newest of them; 0 for all, a page at a time.
    TraceSummary trace(std::size_t limit, std::function<void(TraceRow const &)> const &show);
    std::string instance() const;

private:
    std::vector<std::string> keys() const;
    bool show_page(std::vector<Row> const &rows, std::function<void(TraceRow const &)> const &show);

    RowSource &m_source;
    Expectations const &m_expected;
    Tally const &m_tally;
    DeploymentOwners m_deployments;
    Issuer m_issuer;
    std::deque<JudgedRow> m_newest;
    TraceSummary m_summary;
};

} // namespace misroute
