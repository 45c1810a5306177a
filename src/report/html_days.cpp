// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/text.hpp"
#include "report/html.hpp"
#include "report/html_pictures.hpp"
#include "report/html_sections.hpp"
#include "report/phrases.hpp"
#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace misroute {

namespace html {

namespace {

constexpr double k_days_left = 70;
constexpr double k_days_top = 40;
constexpr double k_days_bottom = 200;
constexpr std::size_t k_most_instances = 100;

/// What a column is called: the day its window begins, else when it was made.
std::string day_of(Report const &report)
{
    auto const since = report.window ? report.window->since : report.generated_at;
    auto const midnight = std::chrono::floor<std::chrono::days>(since) == since;
    return to_timestamp(since).substr(0, midnight ? 10 : 16);
}

std::int64_t judged_of(Report const &report)
{
    return report.totals ? report.totals->home + report.totals->foreign : 0;
}

std::string cell_of(Report const &report, std::string const &name)
{
    auto const found = std::ranges::find(report.instances, name, &InstanceReport::name);
    if (found == report.instances.end()) {
        return "";
    }
    auto const all = found->counts.home + found->counts.foreign;
    if (found->counts.foreign == 0) {
        return mark_of(found->verdict).text + (all > 0 ? ", " + text::grouped(all) : "");
    }
    return fmt::format("✗ {} of {}", text::grouped(found->counts.foreign), text::grouped(all));
}

std::set<std::string> instances_in(std::vector<Report> const &reports)
{
    std::set<std::string> names;
    for (auto const &report : reports) {
        for (auto const &instance : report.instances) {
            names.insert(instance.name);
        }
    }
    return names;
}

void add_instances(HtmlPage &page, std::vector<Report> const &reports)
{
    auto const names = instances_in(reports);
    if (names.empty()) {
        return;
    }
    auto const section = page.section("Instances", "instances");
    std::vector<std::string> columns{"entered at"};
    for (auto const &report : reports) {
        columns.push_back(day_of(report));
    }
    auto const frame =
        section.add("div", "scroll").set("tabindex", "0").set("role", "region").set("aria-label", "Instances by day");
    auto const body = table(frame, "Answered elsewhere, of all requests", columns);
    std::size_t shown = 0;
    for (auto const &name : names) {
        if (++shown > k_most_instances) {
            section.add_text("p", "More instances are in the single reports.", "soft");
            break;
        }
        std::vector<std::string> cells{name};
        for (auto const &report : reports) {
            cells.push_back(cell_of(report, name));
        }
        row(body, columns, cells);
    }
}

void add_days(HtmlPage &page, std::vector<Report> const &reports)
{
    auto const section = page.section("Each report", "reports");
    for (auto const &report : reports) {
        auto const card = section.add("article", "card");
        auto const mark = mark_of(report);
        card.add_text("h3", day_of(report));
        card.add_text("p", mark.text, std::string{"strong "} + mark.style);
        card.add_text("p", headline(report));
        if (!report.causes.empty()) {
            card.add_text("p", "most likely: " + phrase::cause(report.causes.front().cause));
        }
        if (report.cost && report.cost->estimated_unbilled_usd) {
            card.add_text("p", "about " + phrase::usd(*report.cost->estimated_unbilled_usd) + " not billed");
        }
    }
}

void draw_day(Element svg, Report const &report, double x, double width, double highest)
{
    auto const y = [&](double requests) { return k_days_bottom - (k_days_bottom - k_days_top) * requests / highest; };
    auto const bar = [&](char const *style, double from, double requests, std::string const &words) {
        if (requests > 0) {
            svg.add("rect", style)
                .set("x", x)
                .set("y", y(from + requests))
                .set("width", width)
                .set("height", y(from) - y(from + requests))
                .add_text("title", fmt::format("{} {}: {:.0f}", day_of(report), words, requests));
        }
    };
    auto const home = report.totals ? static_cast<double>(report.totals->home) : 0;
    auto const foreign = report.totals ? static_cast<double>(report.totals->foreign) : 0;
    bar("bar k0", 0, home, "home");
    bar("bar w5", home, foreign, "elsewhere");
    if (!report.complete()) {
        svg.add("text", "strong middle").set("x", x + width / 2).set("y", k_days_top - 8).say("!");
    }
}

} // namespace

void draw_days(HtmlPage &page, Element parent, std::vector<Report> const &reports)
{
    double highest = 1;
    for (auto const &report : reports) {
        highest = std::max(highest, static_cast<double>(judged_of(report)));
    }
    auto const picture = page.picture(parent, {"Requests by report: at home, and elsewhere (striped)",
                                               text::counted(static_cast<std::int64_t>(reports.size()), "report"), 960,
                                               k_days_bottom + 34});
    add_legend(picture.svg, {{"home", "", 0, false}, {"elsewhere", "", 5, true}}, k_days_left, 2);
    TimeScale const scale{{}, k_days_left, 960 - k_days_left};
    add_level(picture.svg, scale, k_days_top, text::grouped(static_cast<std::int64_t>(highest)));
    add_level(picture.svg, scale, k_days_bottom, "0");
    auto const step = scale.width / static_cast<double>(reports.size());
    auto const every = static_cast<std::size_t>(std::max(1.0, std::ceil(110 / step)));
    std::vector<std::string> const columns{"report", "home#", "elsewhere#", "tokens elsewhere#", "complete"};
    auto const body = HtmlPage::numbers(picture, columns);
    for (std::size_t index = 0; index < reports.size(); ++index) {
        auto const &report = reports[index];
        auto const x = k_days_left + step * static_cast<double>(index);
        draw_day(picture.svg, report, x + step * .1, std::min(step * .8, 90.0), highest);
        if (index % every == 0) {
            picture.svg.add("text", "soft").set("x", x + step * .1).set("y", k_days_bottom + 20).say(day_of(report));
        }
        row(body, columns,
            {day_of(report), text::grouped(report.totals ? report.totals->home : 0),
             text::grouped(report.totals ? report.totals->foreign : 0),
             text::grouped(report.cost ? report.cost->foreign_tokens : 0), report.complete() ? "yes" : "no"});
    }
}

} // namespace html

std::string render_html_days(std::vector<Report> const &reports, RenderOptions const & /*options*/)
{
    auto const count = text::counted(static_cast<std::int64_t>(reports.size()), "report");
    html::HtmlPage page{count + " side by side", "misroute render"};
    auto const section = page.section("Day by day", "days");
    html::draw_days(page, section, reports);
    html::add_instances(page, reports);
    html::add_days(page, reports);
    page.foot("Times are UTC. This page loads nothing and sends nothing.");
    return page.finish();
}

} // namespace misroute
