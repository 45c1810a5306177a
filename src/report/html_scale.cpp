// SPDX-License-Identifier: Apache-2.0
#include "report/html_scale.hpp"

#include "detect/answered_by.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace misroute::html {

namespace {

using namespace std::chrono_literals;

constexpr int k_gray = 7;
constexpr int k_most_ticks = 8;
constexpr double k_legend_line = 22;
constexpr std::size_t k_legend_columns = 26;
constexpr double k_legend_width = 225;
constexpr int k_legend_in_a_row = 4;

Milliseconds tick_length(Window const &window)
{
    constexpr std::array<Milliseconds, 17> k_lengths{1s, 5s, 15s, 1min, 5min, 15min, 30min, 1h,  2h,
                                                     3h, 6h, 12h, 24h,  48h,  168h,  336h,  720h};
    auto const fits = [&](Milliseconds length) { return window.length() <= length * k_most_ticks; };
    auto const *const found = std::ranges::find_if(k_lengths, fits);
    return found == k_lengths.end() ? window.length() / k_most_ticks + 24h : *found;
}

/// "20:30", "11-23" at midnight.
std::string tick_text(Instant at, Milliseconds length)
{
    auto const text = to_rfc3339(at);
    bool const midnight = std::chrono::floor<std::chrono::days>(at) == at;
    return midnight ? text.substr(5, 5) : text.substr(11, length < 1min ? 8 : 5);
}

} // namespace

Colors::Colors(Report const &report)
{
    std::map<std::string, std::int64_t> requests;
    for (auto const &instance : report.instances) {
        requests[instance.name] += 0;
        for (auto const &[owner, count] : instance.answered_by) {
            requests[owner] += count;
        }
    }
    for (auto const &issuer : report.issuers) {
        for (auto const &point : issuer.series) {
            for (auto const &[owner, count] : point.by_owner) {
                requests[owner] += report.instances.empty() ? count : 0;
            }
        }
        for (auto const &answered : issuer.sequence) {
            requests[answered.answered_by] += 0;
        }
    }
    std::vector<std::pair<std::string, std::int64_t>> sorted{requests.begin(), requests.end()};
    std::ranges::stable_sort(sorted, std::ranges::greater{}, &std::pair<std::string, std::int64_t>::second);
    for (auto const &[name, count] : sorted) {
        m_index.emplace(name, std::min(static_cast<int>(m_index.size()), k_gray));
    }
}

int Colors::of(std::string const &name) const
{
    auto const found = m_index.find(name);
    return found == m_index.end() ? k_gray : found->second;
}

std::map<std::string, char> letters_of(std::set<std::string> const &names, Report const &report)
{
    std::set<std::string> configured;
    for (auto const &instance : report.instances) {
        configured.insert(instance.name);
    }
    return choose_letters(names, std::move(configured));
}

double TimeScale::x(Instant at) const
{
    auto const inside = std::clamp(at, window.since, window.until);
    auto const length = std::max<double>(1, static_cast<double>(window.length().count()));
    return left + width * static_cast<double>((inside - window.since).count()) / length;
}

void add_time_axis(Element svg, TimeScale const &scale, double y)
{
    svg.add("path", "axis").set("d", fmt::format("M{:.1f} {:.1f}H{:.1f}", scale.left, y, scale.left + scale.width));
    auto const length = tick_length(scale.window);
    if (length <= Milliseconds{0} || scale.window.length() <= Milliseconds{0}) {
        return;
    }
    auto const since = scale.window.since.time_since_epoch();
    auto tick = Instant{(since / length) * length};
    for (; tick < scale.window.until; tick += length) {
        if (tick >= scale.window.since) {
            auto const x = scale.x(tick);
            svg.add("path", "axis").set("d", fmt::format("M{:.1f} {:.1f}v5", x, y));
            svg.add("text", "soft middle").set("x", x).set("y", y + 20).say(tick_text(tick, length));
        }
    }
}

void add_level(Element svg, TimeScale const &scale, double y, std::string_view label)
{
    svg.add("path", "axis").set("d", fmt::format("M{:.1f} {:.1f}H{:.1f}", scale.left, y, scale.left + scale.width));
    svg.add("text", "soft end").set("x", scale.left - 6).set("y", y + 4).say(label);
}

void add_legend(Element svg, std::vector<LegendEntry> const &entries, double left, double y)
{
    for (std::size_t index = 0; index < entries.size(); ++index) {
        auto const &entry = entries[index];
        auto const x = left + k_legend_width * static_cast<double>(index % k_legend_in_a_row);
        auto const line = index / k_legend_in_a_row;
        auto const top = y + k_legend_line * static_cast<double>(line);
        svg.add("rect", fmt::format("{}{}", entry.wrong ? "w" : "k", entry.color))
            .set("x", x)
            .set("y", top)
            .set("width", 16)
            .set("height", 16);
        auto const name = entry.letter.empty() ? entry.name : entry.letter + " = " + entry.name;
        svg.add("text").set("x", x + 22).set("y", top + 13).say(name, k_legend_columns);
    }
}

double legend_height(std::vector<LegendEntry> const &entries)
{
    auto const lines = (entries.size() + k_legend_in_a_row - 1) / k_legend_in_a_row;
    return k_legend_line * static_cast<double>(lines) + 8;
}

} // namespace misroute::html
