// SPDX-License-Identifier: Apache-2.0
//
// Looking at the log again and again until the traffic since a deploy decides. Every look is a scan of that stretch, so
// its report says what a scan would say; the check's verdict is one more part of it.
#pragma once

#include "detect/check.hpp"
#include "misroute/investigate.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace misroute {

struct Patience
{
    Milliseconds wait; ///< longest; zero: one look
    Milliseconds poll; ///< between two looks
    bool fail_fast = false;
};

/// What goes on around a watch.
struct Surroundings
{
    std::function<std::shared_ptr<RowSource>()> connect; ///< throws Error when the log cannot be reached
    std::function<Milliseconds()> passed;                ///< time since the first look
    std::function<void(Milliseconds)> pause;             ///< returns early when told to stop
    std::function<bool()> stopped;
    std::function<void(std::string const &)> tell; ///< how far it is, whenever that changes
    std::function<void(std::string const &)> warn;
};

/// A database that is lost between two looks is asked again at the next one; at the first and the last look the error
/// is thrown.
class Watch
{
public:
    Watch(Surroundings around, Fleet const &fleet, CheckPlan plan);

    /// Looks until every instance is decided or `patience` is over; the clock starts at `now`. Throws Error when it is
    /// told to stop.
    Report run(Instant since, Instant now, Patience const &patience);

private:
    Report investigated(Window const &window);
    std::optional<Report> look(Window const &window, bool last);

    Surroundings m_around;
    Fleet const &m_fleet;
    CheckPlan m_plan;
    std::shared_ptr<RowSource> m_source;
    std::optional<Dependence> m_dependence; ///< as the traffic before the deploy showed it
    bool m_looked = false;
};

} // namespace misroute
