// SPDX-License-Identifier: Apache-2.0
#include "report/table.hpp"

#include "report/brief.hpp"
#include "report/cluster_picture.hpp"
#include "report/phrases.hpp"
#include "report/summary.hpp"
#include "report/table_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace misroute {

namespace {

std::string database(SourceInfo const &source)
{
    bool const socket = source.host.empty() || source.host.starts_with('/');
    return source.database + (socket ? "" : " on " + source.host);
}

std::string contents(Cluster const &cluster)
{
    auto const count = [](std::size_t number, std::string_view what) {
        return text::counted(static_cast<std::int64_t>(number), what);
    };
    std::set<std::string_view> hosts;
    for (auto const &route : cluster.routes) {
        hosts.insert(route.host);
    }
    return fmt::format("{} · {} · {}", count(cluster.services.size(), "Service"),
                       count(cluster.workloads.size(), "workload"), count(hosts.size(), "hostname"));
}

void header(TextCanvas &canvas, Report const &report)
{
    std::vector<Span> parts{{report.command == "scan" ? "misroute" : "misroute " + report.command, Style::strong}};
    if (report.source) {
        parts.push_back({canvas.name(database(*report.source), table::k_name)});
    }
    if (report.window) {
        parts.push_back({phrase::window(*report.window, canvas.zone())});
    }
    if (report.window && report.totals) {
        parts.push_back({fmt::format("{} in {}", text::counted(report.totals->scanned(), "request"),
                                     phrase::duration(report.window->length())),
                         Style::dim});
    } else if (report.cluster) {
        parts.push_back({contents(*report.cluster), Style::dim});
    }
    if (report.changes) {
        auto const &since = report.changes->since;
        parts.push_back({since ? "changes since " + phrase::time(*since, canvas.zone()) : "changes: the first look"});
    }
    canvas.flow(0, 2, parts);
    canvas.blank();
}

// One sentence for a report in which all is well.
void all_clean(TextCanvas &canvas, Report const &report)
{
    auto const troubled = [](Finding const &finding) {
        return !finding.suppressed && finding.severity != Severity::info;
    };
    bool const judged = report.totals ? report.totals->home > 0 && report.totals->foreign == 0
                                      : report.cluster && !report.cluster->services.empty() && report.complete();
    if (report.check || report.partial || !judged || std::ranges::any_of(report.findings, troubled) ||
        std::ranges::any_of(report.issuers, table::is_affected)) {
        return;
    }
    auto const number =
        report.totals ? report.totals->home : static_cast<std::int64_t>(report.cluster->services.size());
    auto const sentence =
        !report.totals ? text::counted(number, "Service") +
                             (number == 1 ? " selects its own pods alone" : ", each selects its own pods alone")
        : cannot_be_told_apart(report)
            ? text::counted(number, "request") +
                  ", every one answered by a backend of its own instance; some instances have the same"
        : number == 1 ? std::string{"the one request was answered by its own instance"}
                      : text::counted(number, "request") + ", every one answered by its own instance";
    canvas.flow(0, 2, {{fmt::format("{} {}", canvas.either("✓", "+"), sentence), Style::good}});
    canvas.blank();
}

void closing(TextCanvas &canvas, Report const &report)
{
    if (report.changes) {
        canvas.flow(0, 0,
                    {{table::count_changes(report), Style::strong},
                     {report.complete() ? "" : "incomplete", Style::warn},
                     {fmt::format("exit {}", canvas.exit_code()), Style::dim}},
                    " · ");
        return;
    }
    auto const counts = count_findings(report);
    auto const style = counts.errors > 0 ? Style::bad : counts.warnings > 0 ? Style::warn : Style::strong;
    canvas.flow(0, 0,
                {{counts.text(), style},
                 {report.complete() ? "" : "incomplete", Style::warn},
                 {fmt::format("exit {}", canvas.exit_code()), Style::dim}},
                " · ");
}

} // namespace

std::string render_table(Report const &report, RenderOptions const &options)
{
    if (options.brief) {
        return render_brief(report, options);
    }
    TextCanvas canvas{options};
    header(canvas, report);
    if (report.changes) {
        table::changes(canvas, report);
        closing(canvas, report);
        return canvas.text();
    }
    table::conclusion(canvas, report);
    all_clean(canvas, report);
    table::nothing_examined(canvas, report);
    table::affected_issuers(canvas, report);
    table::price(canvas, report);
    table::matrix(canvas, report);
    table::causes(canvas, report);
    if (report.cluster) {
        draw_cluster(canvas, *report.cluster);
    }
    table::findings(canvas, report);
    table::calm_issuers(canvas, report);
    table::small_print(canvas, report);
    closing(canvas, report);
    return canvas.text();
}

} // namespace misroute
