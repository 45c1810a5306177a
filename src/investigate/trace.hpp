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

/// The issuers that together have every request of an instance once: its hosts, and the keys of rows that name no host.
std::set<Issuer> issuers_of(Tally const &tally, Expectations const &expected, std::string const &instance);

/// Reads the rows of one issuer, or of all of an instance, and hands them, judged, to a renderer.
class Tracer
{
public:
    Tracer(RowSource &source, Expectations const &expected, Tally const &tally, Issuer issuer)
        : m_source{source},
          m_expected{expected},
          m_tally{tally},
          m_deployments{known_deployments(tally, expected)},
          m_issuers{std::move(issuer)}
    {
    }
    /// All of a configured instance.
    Tracer(RowSource &source, Expectations const &expected, Tally const &tally, std::string instance);

    /// At most `limit` rows, the newest of them; 0 for all, a page at a time.
    TraceSummary trace(std::size_t limit, std::function<void(TraceRow const &)> const &show);
    std::string instance() const;

private:
    using Show = std::function<void(TraceRow const &)>;

    /// Rows of one issuer that are not shown yet, in order.
    struct Stream
    {
        RowQuery query;
        ByOption by;
        std::deque<JudgedRow> rows;
        bool ended = false;
    };

    std::vector<std::string> keys(Issuer const &issuer) const;
    Stream stream_of(Issuer const &issuer) const;
    /// Rows as they are read, those of others left out.
    void fill(Stream &stream, std::vector<Row> const &rows) const;
    void advance(Stream &stream);
    void show_newest(std::size_t limit, Show const &show);
    void show_all(Show const &show);
    void show_row(JudgedRow row, Show const &show);

    RowSource &m_source;
    Expectations const &m_expected;
    Tally const &m_tally;
    DeploymentOwners m_deployments;
    std::set<Issuer> m_issuers;
    std::string m_whole; ///< the instance of which all is shown, or empty
    std::deque<JudgedRow> m_newest;
    TraceSummary m_summary;
};

} // namespace misroute
