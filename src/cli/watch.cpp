// SPDX-License-Identifier: Apache-2.0
#include "cli/watch.hpp"

#include "cli/investigate.hpp"
#include "cli/terminal.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace misroute::cli {

namespace {

/// Before the deploy: long enough to have seen how sticky the traffic is.
constexpr Milliseconds k_look_back = std::chrono::hours{24};

/// False when it was told to stop.
bool sleep_for(Milliseconds length, std::stop_token const &stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    never.wait_for(lock, stop, length, [] { return false; });
    return !stop.stop_requested();
}

} // namespace

Watch::Watch(SourceOptions options, Fleet const &fleet, CheckPlan plan)
    : m_options{std::move(options)},
      m_fleet{fleet},
      m_plan{std::move(plan)}
{
}

Report Watch::investigated(Window const &window)
{
    if (!m_source) {
        m_source = std::make_unique<Source>(m_options);
    }
    return investigate(*m_source, m_fleet.config, {window, {}, window.until, "check"},
                       m_fleet.cluster ? &*m_fleet.cluster : nullptr);
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
        return report;
    } catch (Error const &error) {
        if (!m_looked || last || m_options.stop.stop_requested()) {
            throw;
        }
        spdlog::warn("{}; looking again", safe(error.what()));
        m_source.reset();
        return std::nullopt;
    }
}

Report Watch::run(Instant since, Instant now, Patience const &patience)
{
    auto const began = std::chrono::steady_clock::now();
    auto const passed = [&] {
        return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began);
    };
    std::string said;
    for (Milliseconds waited{};; waited = passed()) {
        bool const last = waited >= patience.wait;
        if (auto report = look({since, std::max(now + waited, since + Milliseconds{1})}, last)) {
            auto &check = *report->check;
            check.waited_seconds = std::chrono::duration_cast<std::chrono::seconds>(waited).count();
            if (last || all_decided(check) || (patience.fail_fast && check.verdict == "fail")) {
                return std::move(*report);
            }
            if (check.sentence != said) {
                said = check.sentence;
                spdlog::info("{}", safe(said));
            }
        }
        auto const left = std::max(patience.wait - passed(), Milliseconds{1});
        if (!sleep_for(std::min(patience.poll, left), m_options.stop)) {
            throw Error{"interrupted", {}, {}};
        }
    }
}

} // namespace misroute::cli
