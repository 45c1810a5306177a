// SPDX-License-Identifier: Apache-2.0
#include "report/incidents.hpp"

#include "misroute/model/text.hpp"
#include "misroute/version.hpp"
#include "report/csv_cell.hpp"
#include "report/html.hpp"
#include "report/json_values.hpp"
#include "report/phrases.hpp"
#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace misroute {

namespace {

constexpr std::size_t k_issuer_columns = 32;

using Cells = std::array<std::string, 8>;

std::string minute(Instant at, Zone const &zone)
{
    return to_timestamp(std::chrono::floor<std::chrono::minutes>(at), zone).substr(0, 16);
}

Cells cells_of(Incident const &incident, Zone const &zone)
{
    auto const &usd = incident.estimated_unbilled_usd;
    return {minute(incident.since, zone),
            incident.until ? minute(*incident.until, zone) : "ongoing",
            one_line(incident.issuer, k_issuer_columns),
            std::string{to_string(incident.rule)},
            fmt::format("{} of {}", text::grouped(incident.foreign), text::grouped(incident.requests)),
            text::grouped(incident.tokens),
            usd ? phrase::usd(*usd) : "-",
            incident.cause.empty() ? "-" : one_line(incident.cause)};
}

std::string line_of(Cells const &cells, std::array<std::size_t, 8> const &widths)
{
    std::string line;
    for (std::size_t column = 0; column < cells.size(); ++column) {
        auto const blanks = std::string(widths.at(column) - text::width(cells.at(column)), ' ');
        bool const number = column >= 4 && column <= 6;
        line += (column == 0 ? "" : "  ") + (number ? blanks + cells.at(column) : cells.at(column) + blanks);
    }
    return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

std::string history_table(IncidentHistory const &history, RenderOptions const &options)
{
    std::vector<Cells> rows{{"since", "until", "issuer", "rule", "astray", "tokens", "unbilled", "cause"}};
    for (auto const &incident : history.incidents) {
        rows.push_back(cells_of(incident, options.zone));
    }
    std::array<std::size_t, 8> widths{};
    for (auto const &cells : rows) {
        for (std::size_t column = 0; column < cells.size(); ++column) {
            widths.at(column) = std::max(widths.at(column), text::width(cells.at(column)));
        }
    }
    if (history.incidents.empty()) {
        return fmt::format("no incident in {}\n", phrase::window(history.window, options.zone));
    }
    std::string result;
    for (auto const &cells : rows) {
        result += line_of(cells, widths);
    }
    return result;
}

Json incident_value(Incident const &incident)
{
    return {{"fingerprint", text_value(incident.fingerprint)},
            {"rule", to_string(incident.rule)},
            {"issuer", text_value(incident.issuer)},
            {"instance", name_value(incident.instance)},
            {"since", time_value(incident.since)},
            {"until", incident.until ? time_value(*incident.until) : Json(nullptr)},
            {"ongoing", incident.ongoing()},
            {"requests", incident.requests},
            {"foreign", incident.foreign},
            {"tokens", incident.tokens},
            {"estimated_unbilled_usd", number_value(incident.estimated_unbilled_usd, 4)},
            {"cause", name_value(incident.cause)}};
}

std::string history_json(IncidentHistory const &history, RenderOptions const &)
{
    Json json{
        {"schema", "misroute.incidents/1"},
        {"tool",
         {{"name", "misroute"}, {"version", history.version.empty() ? Json(k_version) : text_value(history.version)}}},
        {"window", window_value(history.window)},
        {"incidents", Json::array()},
        {"complete", history.gaps.empty()},
        {"judged", history.judged}};
    for (auto const &incident : history.incidents) {
        json["incidents"].push_back(incident_value(incident));
    }
    return dump(json, 2) + "\n";
}

std::string history_csv(IncidentHistory const &history, RenderOptions const &)
{
    std::string result =
        "since,until,ongoing,issuer,instance,rule,requests,foreign,tokens,estimated_unbilled_usd,cause,fingerprint\r\n";
    for (auto const &one : history.incidents) {
        result +=
            fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\r\n", csv_cell(to_rfc3339(one.since)),
                        one.until ? csv_cell(to_rfc3339(*one.until)) : "", one.ongoing(), csv_cell(one.issuer),
                        csv_cell(one.instance), csv_cell(to_string(one.rule)), one.requests, one.foreign, one.tokens,
                        one.estimated_unbilled_usd ? fmt::format("{:.4f}", *one.estimated_unbilled_usd) : "",
                        csv_cell(one.cause), csv_cell(one.fingerprint));
    }
    return result;
}

constexpr std::array k_history_formats{
    HistoryFormat{"table", ".txt", history_table}, HistoryFormat{"json", ".json", history_json},
    HistoryFormat{"csv", ".csv", history_csv}, HistoryFormat{"html", ".html", render_html_incidents}};

} // namespace

std::span<HistoryFormat const> history_formats()
{
    return k_history_formats;
}

HistoryFormat const *find_history_format(std::string_view name)
{
    auto const *const found = std::ranges::find(k_history_formats, name, &HistoryFormat::name);
    return found == k_history_formats.end() ? nullptr : found;
}

} // namespace misroute
