// SPDX-License-Identifier: Apache-2.0
#include "misroute/investigate.hpp"
#include "misroute/model/error.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

namespace misroute {

namespace {

using std::chrono::days;

constexpr std::size_t k_most_days = 7; ///< that a note names one by one

/// Days on which a foreign provider answered, or, where nothing is configured, several of them the same model.
void add_suspect_days(std::set<Instant> &suspect, Tally const &tally, IssuerView const &view)
{
    std::map<std::pair<Instant, std::string>, std::set<std::string>> providers;
    for (auto const &cell : view.cells) {
        bool const foreign = cell.judged.row_class == RowClass::foreign;
        if (!foreign && cell.judged.row_class != RowClass::unassigned) {
            continue;
        }
        for (auto const &[day, sums] : tally.cells.at(cell.key).series) {
            auto &seen = providers[{day, cell.key.model_group}];
            seen.insert(cell.key.backend.provider);
            if (foreign || seen.size() > 1) {
                suspect.insert(day);
            }
        }
    }
}

std::set<Instant> suspect_days(Tally const &tally, Examination const &examination)
{
    std::set<Instant> suspect;
    for (auto const &view : examination.issuers) {
        add_suspect_days(suspect, tally, view);
    }
    return suspect;
}

std::string day_text(Instant day)
{
    return to_rfc3339(day).substr(0, std::string_view{"2026-11-22"}.size());
}

/// "on 2 days (2026-11-21, 2026-11-22)".
std::string days_text(std::set<Instant> const &suspect)
{
    std::vector<std::string> named;
    named.reserve(suspect.size());
    for (auto const day : suspect) {
        named.push_back(day_text(day));
    }
    auto const more = named.size() > k_most_days ? named.size() - k_most_days : 0;
    named.resize(named.size() - more);
    return fmt::format("on {} ({}{})", text::counted(static_cast<std::int64_t>(suspect.size()), "day"),
                       fmt::join(named, ", "), more == 0 ? "" : fmt::format(" and {} more", more));
}

std::string note_of_suspect(std::set<Instant> const &suspect)
{
    return fmt::format("another provider answered {}: misroute scan --since {} --until {} reads the log of {}",
                       days_text(suspect), day_text(*suspect.begin()), day_text(*suspect.rbegin() + days{1}),
                       suspect.size() == 1 ? "that day" : "those days");
}

} // namespace

Report investigate_days(RowSource &daily, Fleet const &fleet, ScanRequest const &request)
{
    auto data = read_scan(daily, fleet.config.expectations, request);
    auto const suspect = suspect_days(data.tally, data.examination);
    auto report = conclude(std::move(data), fleet, request);
    report.notes.emplace_back("counted from LiteLLM's daily roll-ups: they know providers by the day, and neither "
                              "upstreams nor the order of requests, fallbacks or cache hits; instances that use the "
                              "same provider cannot be told apart, and no cause can be named");
    if (!suspect.empty()) {
        report.notes.push_back(note_of_suspect(suspect));
    }
    return report;
}

std::vector<std::string> notes_of_purged_days(RowSource &daily, std::optional<Instant> oldest, Fleet const &fleet,
                                              ScanRequest const &request)
{
    auto const until = std::chrono::floor<days>(oldest.value_or(request.window.until));
    if (request.window.since >= until) {
        return {};
    }
    auto purged = request;
    purged.window.until = until;
    try {
        auto const data = read_scan(daily, fleet.config.expectations, purged);
        auto const suspect = suspect_days(data.tally, data.examination);
        if (data.tally.cells.empty()) {
            return {};
        }
        auto const known = suspect.empty() ? std::string{"no day with another provider"}
                                           : fmt::format("another provider {}", days_text(suspect));
        return {fmt::format("the log begins {}; of the days before, LiteLLM's daily roll-ups know {}: misroute scan "
                            "--source daily --since {}",
                            oldest ? to_rfc3339(*oldest) : "after this window", known,
                            day_text(std::chrono::floor<days>(purged.window.since)))};
    } catch (Error const &) { // roll-ups are not needed for this report
        return {};
    }
}

} // namespace misroute
