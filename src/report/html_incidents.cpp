// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/text.hpp"
#include "report/html.hpp"
#include "report/html_page.hpp"
#include "report/html_scale.hpp"
#include "report/phrases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace misroute {

namespace html {

namespace {

constexpr double k_lanes_left = 250;
constexpr double k_lanes_width = 680;
constexpr double k_lane = 26;
constexpr std::size_t k_most_lanes = 60;
constexpr std::size_t k_lane_columns = 34;

/// Of one issuer and rule, as they were told by their finding.
struct Lane
{
    std::string name;
    std::string fingerprint;
    std::vector<Incident const *> incidents;
};

/// The issuer of the newest incident first.
std::vector<Lane> lanes_of(IncidentHistory const &history)
{
    std::vector<Lane> lanes;
    for (auto const &incident : history.incidents) {
        auto lane = std::ranges::find(lanes, incident.fingerprint, &Lane::fingerprint);
        if (lane == lanes.end()) {
            lane = lanes.insert(lanes.end(), {incident.issuer, incident.fingerprint, {}});
        }
        lane->incidents.push_back(&incident);
    }
    return lanes;
}

std::string until_of(Incident const &incident)
{
    return incident.until ? phrase::time(*incident.until) : "ongoing";
}

std::string astray_of(Incident const &incident)
{
    return fmt::format("{} of {} requests", text::grouped(incident.foreign), text::grouped(incident.requests));
}

void draw_incident(Element svg, Incident const &incident, TimeScale const &scale, double top)
{
    constexpr double k_least = 3;
    auto const from = scale.x(incident.since);
    auto const to = scale.x(incident.until.value_or(scale.window.until));
    svg.add("rect", "bar w5")
        .set("x", std::min(from, scale.left + scale.width - k_least))
        .set("y", top + 4)
        .set("width", std::max(k_least, to - from))
        .set("height", k_lane - 8)
        .add_text("title",
                  fmt::format("{} → {}: {}", phrase::time(incident.since), until_of(incident), astray_of(incident)));
    if (incident.ongoing()) {
        svg.add("text", "bad strong").set("x", scale.left + scale.width + 4).set("y", top + 17).say("→");
    }
}

void draw_lanes(HtmlPage &page, Element parent, IncidentHistory const &history)
{
    auto lanes = lanes_of(history);
    auto const all = lanes.size();
    lanes.resize(std::min(all, k_most_lanes));
    auto const height = k_lane * static_cast<double>(lanes.size());
    auto const picture = page.picture(
        parent, {"When requests went astray: a bar for each incident, an arrow where it goes on",
                 fmt::format("{} of {}", text::counted(static_cast<std::int64_t>(history.incidents.size()), "incident"),
                             text::counted(static_cast<std::int64_t>(all), "issuer and rule", "issuers and rules")),
                 960, height + 40});
    TimeScale const scale{history.window, k_lanes_left, k_lanes_width};
    double top = 4;
    for (auto const &lane : lanes) {
        picture.svg.add("text", "end").set("x", k_lanes_left - 8).set("y", top + 17).say(lane.name, k_lane_columns);
        for (auto const *incident : lane.incidents) {
            draw_incident(picture.svg, *incident, scale, top);
        }
        top += k_lane;
    }
    add_time_axis(picture.svg, scale, height + 8);
    if (all > lanes.size()) {
        parent.add_text("p", "Older ones are in the table only.", "soft");
    }
}

void list_incidents(Element parent, IncidentHistory const &history)
{
    std::vector<std::string> const columns{"since (UTC)", "until (UTC)", "issuer",    "entered at", "rule",
                                           "astray#",     "tokens#",     "unbilled#", "cause"};
    auto const frame =
        parent.add("div", "scroll").set("tabindex", "0").set("role", "region").set("aria-label", "Incidents");
    auto const body = table(frame, "Newest first", columns);
    for (auto const &one : history.incidents) {
        auto const &usd = one.estimated_unbilled_usd;
        row(body, columns,
            {phrase::time(one.since), until_of(one), one.issuer, one.instance, std::string{to_string(one.rule)},
             fmt::format("{} of {}", text::grouped(one.foreign), text::grouped(one.requests)),
             text::grouped(one.tokens), usd ? phrase::usd(*usd) : "-", one.cause.empty() ? "-" : one.cause});
    }
}

/// What a clean history may not be taken for.
void add_reservations(Element header, IncidentHistory const &history)
{
    for (auto const &gap : history.gaps) {
        header.add_text("p",
                        fmt::format("{} → {} could not be read, and incidents may be missing: {}",
                                    phrase::time(gap.window.since), phrase::time(gap.window.until), gap.reason),
                        "warn strong");
    }
    if (!history.judged) {
        header.add_text("p", "No request of this window could be judged.", "warn strong");
    }
}

std::string title_of(IncidentHistory const &history)
{
    auto const all = static_cast<std::int64_t>(history.incidents.size());
    auto const ongoing = std::ranges::count_if(history.incidents, &Incident::ongoing);
    return all == 0 ? std::string{"No incident"}
                    : fmt::format("{}, {} ongoing", text::counted(all, "incident"), ongoing);
}

} // namespace

} // namespace html

std::string render_html_incidents(IncidentHistory const &history, RenderOptions const & /*options*/)
{
    html::HtmlPage page{html::title_of(history), "misroute incidents"};
    auto const header = page.header();
    header.add_text("p", phrase::window(history.window), "soft");
    html::add_reservations(header, history);
    if (!history.incidents.empty()) {
        auto const section = page.section("Incidents", "incidents");
        html::draw_lanes(page, section, history);
        html::list_incidents(section, history);
    }
    page.foot("Times are UTC. This page loads nothing and sends nothing.");
    return page.finish();
}

} // namespace misroute
