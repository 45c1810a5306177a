// SPDX-License-Identifier: Apache-2.0
//
// Reads the rows that are wanted of issuers and judges them: of several keys in one pass where that is cheaper, else
// one by one.
#pragma once

#include "misroute/detect.hpp"
#include "misroute/model/row_source.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace misroute {

/// The rows of one suspect that are wanted.
struct Wanted
{
    IssuerView const *view;
    Window window;
    std::size_t limit;
    bool bare = false; ///< only times and verdicts are wanted: of fifty suspects all the names are ten megabytes
    std::vector<JudgedRow> rows{};
    bool complete = false; ///< all that there are, or as many as wanted

    void take(JudgedRow &&judged);
};

/// Reads and judges the rows of issuers.
class RowReader
{
public:
    RowReader(RowSource &source, Expectations const &expected, Tally const &tally, DeploymentOwners const &deployments,
              ByOption by)
        : m_source{source},
          m_expected{expected},
          m_tally{tally},
          m_deployments{deployments},
          m_by{std::move(by)}
    {
    }

    /// Fills in the rows, oldest first.
    void read(std::vector<Wanted> &all, RowQuery::From from, bool markers) const;
    /// The same, one by one: an issuer may stand there several times.
    void read_each(std::vector<Wanted> &all, RowQuery::From from, bool markers) const;

private:
    void read_alone(Wanted &wanted, RowQuery query) const;
    void read_together(std::vector<Wanted> &all, RowQuery query) const;

    RowSource &m_source;
    Expectations const &m_expected;
    Tally const &m_tally;
    DeploymentOwners const &m_deployments;
    ByOption m_by;
};

} // namespace misroute
