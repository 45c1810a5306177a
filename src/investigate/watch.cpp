// SPDX-License-Identifier: Apache-2.0
#include "investigate/watch.hpp"

#include "misroute/model/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

/// Before the deploy: long enough to have seen how sticky the traffic is.
constexpr Milliseconds k_look_back = std::chrono::hours{24};

/// What is awaited and for how long: to the minute, so that nothing is said twice where nothing comes.
std::string countdown(CheckResult const &check, Milliseconds left)
{
    auto const minutes = std::chrono::ceil<std::chrono::minutes>(left).count();
    auto const missing = still_missing(check);
    return fmt::format("waiting for {}, {} min at most", missing.empty() ? check.sentence : missing, minutes);
}

} // namespace

Watch::Watch(Surroundings around, Fleet const &fleet, CheckPlan plan)
    : m_around{std::move(around)},
      m_fleet{fleet},
      m_plan{std::move(plan)}
{
}

Report Watch::investigated(Window const &window)
{
    if (!m_source) {
        m_source = m_around.connect();
    }
    return investigate(*m_source, m_fleet, {window, {}, window.until, "check"});
}

std::optional<Report> Watch::look(Window const &window, bool last)
{
    try {
        if (!m_dependence) {
            m_dependence = dependence_seen(investigated({window.since - k_look_back, window.since}));
        }
        auto report = investigated(window);
        report.check = conclude_check(report, m_plan, *m_dependence);
        m_looked = true;
        if (!report.complete()) {
            m_source.reset(); // a source that gave the server up asks it nothing more
        }
        return report;
    } catch (Error const &error) {
        if (!m_looked || last || m_around.stopped()) {
            throw;
        }
        m_around.warn(std::string{error.what()} + "; looking again");
        m_source.reset();
        return std::nullopt;
    }
}

Report Watch::run(Instant since, Instant now, Patience const &patience)
{
    std::string said;
    for (Milliseconds waited{};; waited = m_around.passed()) {
        bool const last = waited >= patience.wait;
        if (auto report = look({since, std::max(now + waited, since + Milliseconds{1})}, last)) {
            auto &check = *report->check;
            check.waited_seconds = std::chrono::duration_cast<std::chrono::seconds>(waited).count();
            if (last || all_decided(check) || (patience.fail_fast && check.verdict == "fail")) {
                return std::move(*report);
            }
            if (auto const now_missing = countdown(check, patience.wait - waited); now_missing != said) {
                said = now_missing;
                m_around.tell(said);
            }
        }
        auto const left = std::max(patience.wait - m_around.passed(), Milliseconds{1});
        m_around.pause(std::min(patience.poll, left));
        if (m_around.stopped()) {
            throw Error{"interrupted", {}, {}};
        }
    }
}

} // namespace misroute
