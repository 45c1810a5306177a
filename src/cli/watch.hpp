// SPDX-License-Identifier: Apache-2.0
//
// Looking at the log again and again until the traffic since a deploy decides. Every look is a scan of that stretch, so
// its report says what a scan would say; the check's verdict is one more part of it.
#pragma once

#include "cli/fleet.hpp"
#include "detect/check.hpp"
#include "misroute/model/report.hpp"
#include "misroute/source.hpp"

#include <memory>
#include <optional>

namespace misroute::cli {

struct Patience
{
    Milliseconds wait; ///< longest; zero: one look
    Milliseconds poll; ///< between two looks
    bool fail_fast = false;
};

/// A database that is lost between two looks is asked again at the next one; at the first and the last look the error
/// is thrown.
class Watch
{
public:
    Watch(SourceOptions options, Fleet const &fleet, CheckPlan plan);

    /// Looks until every instance is decided or `patience` is over; the clock starts at `now`. Throws Error when it is
    /// told to stop.
    Report run(Instant since, Instant now, Patience const &patience);

private:
    Report investigated(Window const &window);
    std::optional<Report> look(Window const &window, bool last);

    SourceOptions m_options;
    Fleet const &m_fleet;
    CheckPlan m_plan;
    std::unique_ptr<Source> m_source;
    std::optional<Dependence> m_dependence; ///< as the traffic before the deploy showed it
    bool m_looked = false;
};

} // namespace misroute::cli
