// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/text.hpp"
#include "report/html_pictures.hpp"
#include "report/phrases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace misroute::html {

namespace {

constexpr double k_cost_left = 90;
constexpr double k_cost_width = 780;
constexpr double k_cost_top = 30;
constexpr double k_cost_bottom = 190;

struct Tokens
{
    Window stretch;
    std::int64_t here = 0;
    std::int64_t so_far = 0;
};

std::vector<Tokens> tokens_of(Report const &report)
{
    std::map<Instant, Tokens> by_start;
    for (auto const &issuer : report.issuers) {
        for (auto const &point : issuer.series) {
            if (point.unpriced_tokens > 0) {
                auto &tokens = by_start[point.stretch.since];
                tokens.stretch = point.stretch;
                tokens.here += point.unpriced_tokens;
            }
        }
    }
    std::vector<Tokens> all;
    std::int64_t sum = 0;
    for (auto &[since, tokens] : by_start) {
        sum += tokens.here;
        tokens.so_far = sum;
        all.push_back(tokens);
    }
    return all;
}

/// The estimate spread over time by tokens; no more than that is known of a single stretch.
double dollars_of(Report const &report, std::int64_t tokens)
{
    auto const all = static_cast<double>(std::max<std::int64_t>(1, report.cost->unpriced_tokens));
    return report.cost->estimated_unbilled_usd.value_or(0) * static_cast<double>(tokens) / all;
}

void draw_curve(Element svg, Report const &report, std::vector<Tokens> const &all, TimeScale const &scale)
{
    auto const sum = static_cast<double>(all.back().so_far);
    auto const y = [&](std::int64_t tokens) {
        return k_cost_bottom - (k_cost_bottom - k_cost_top) * static_cast<double>(tokens) / sum;
    };
    auto path = fmt::format("M{:.1f} {:.1f}", scale.left, k_cost_bottom);
    for (auto const &tokens : all) {
        path += fmt::format("H{:.1f}V{:.1f}", scale.x(tokens.stretch.until), y(tokens.so_far));
    }
    path += fmt::format("H{:.1f}", scale.left + scale.width);
    svg.add("path", "curve").set_verbatim("d", path);
    svg.add("text", "strong")
        .set("x", scale.left + scale.width + 4)
        .set("y", k_cost_top + 4)
        .say(phrase::usd(dollars_of(report, all.back().so_far)));
}

void draw_bars(Element svg, std::vector<Tokens> const &all, TimeScale const &scale)
{
    std::int64_t highest = 1;
    for (auto const &tokens : all) {
        highest = std::max(highest, tokens.here);
    }
    add_level(svg, scale, k_cost_top, text::grouped(highest));
    for (auto const &tokens : all) {
        auto const x = scale.x(tokens.stretch.since);
        auto const height =
            (k_cost_bottom - k_cost_top) * static_cast<double>(tokens.here) / static_cast<double>(highest);
        svg.add("rect", "bar w1")
            .set("x", x)
            .set("y", k_cost_bottom - height)
            .set("width", std::max(1.0, scale.x(tokens.stretch.until) - x))
            .set("height", height)
            .add_text("title", fmt::format("{}: {} tokens", phrase::time(tokens.stretch.since), tokens.here));
    }
}

} // namespace

void draw_cost(HtmlPage &page, Report const &report)
{
    auto const all = tokens_of(report);
    if (!report.cost || !report.window || all.empty()) {
        return;
    }
    bool const priced = report.cost->estimated_unbilled_usd.has_value();
    auto const section = page.section("What it cost", "cost");
    auto const estimate = priced ? ", about " + phrase::usd(*report.cost->estimated_unbilled_usd) + " not billed" : "";
    auto const picture = page.picture(section, {"Tokens answered elsewhere without a price, over time",
                                                fmt::format("{} tokens{}", text::grouped(all.back().so_far), estimate),
                                                960, k_cost_bottom + 30});
    TimeScale const scale{*report.window, k_cost_left, k_cost_width};
    draw_bars(picture.svg, all, scale);
    if (priced) {
        draw_curve(picture.svg, report, all, scale);
    }
    add_time_axis(picture.svg, scale, k_cost_bottom);
    std::vector<std::string> columns{"from (UTC)", "tokens#"};
    if (priced) {
        columns.emplace_back("dollars so far#");
        section.add_text("p", "The line is the estimate of the whole, spread over time by tokens.", "soft");
    }
    auto const body = HtmlPage::numbers(picture, columns);
    for (auto const &tokens : all) {
        std::vector<std::string> cells{phrase::time(tokens.stretch.since), text::grouped(tokens.here)};
        if (priced) {
            cells.push_back(phrase::usd(dollars_of(report, tokens.so_far)));
        }
        row(body, columns, cells);
    }
}

} // namespace misroute::html
