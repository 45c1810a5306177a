// SPDX-License-Identifier: Apache-2.0
#include "report/table.hpp"

#include "report/brief.hpp"
#include "report/cluster_picture.hpp"
#include "report/digest.hpp"
#include "report/phrases.hpp"
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

void header(Page &page, Report const &report)
{
    std::vector<Span> parts{{report.command == "scan" ? "misroute" : "misroute " + report.command, Style::strong}};
    if (report.source) {
        parts.push_back({page.name(database(*report.source), table::k_name)});
    }
    if (report.window) {
        parts.push_back({phrase::window(*report.window, page.zone())});
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
        parts.push_back({since ? "changes since " + phrase::time(*since, page.zone()) : "changes: the first look"});
    }
    page.flow(0, 2, parts);
    page.blank();
}

// One sentence for a report in which all is well.
void all_clean(Page &page, Report const &report)
{
    auto const troubled = [](Finding const &finding) {
        return !finding.suppressed && finding.severity != Severity::info;
    };
    bool const judged = report.totals ? report.totals->home > 0 && report.totals->foreign == 0
                                      : report.cluster && !report.cluster->services.empty() && report.complete();
    if (report.check || !judged || std::ranges::any_of(report.findings, troubled) ||
        std::ranges::any_of(report.issuers, table::is_flagged)) {
        return;
    }
    auto const number =
        report.totals ? report.totals->home : static_cast<std::int64_t>(report.cluster->services.size());
    auto const sentence = !report.totals
                              ? text::counted(number, "Service") +
                                    (number == 1 ? " selects its own pods alone" : ", each selects its own pods alone")
                          : number == 1 ? std::string{"the one request was answered by its own instance"}
                                        : text::counted(number, "request") + ", every one answered by its own instance";
    page.flow(0, 2, {{fmt::format("{} {}", page.either("✓", "+"), sentence), Style::good}});
    page.blank();
}

void closing(Page &page, Report const &report)
{
    if (report.changes) {
        page.flow(0, 0,
                  {{table::count_changes(report), Style::strong},
                   {report.complete() ? "" : "incomplete", Style::warn},
                   {fmt::format("exit {}", page.exit_code()), Style::dim}},
                  " · ");
        return;
    }
    auto const counts = count_findings(report);
    auto const style = counts.errors > 0 ? Style::bad : counts.warnings > 0 ? Style::warn : Style::strong;
    page.flow(0, 0,
              {{counts.text(), style},
               {report.complete() ? "" : "incomplete", Style::warn},
               {fmt::format("exit {}", page.exit_code()), Style::dim}},
              " · ");
}

} // namespace

std::string render_table(Report const &report, RenderOptions const &options)
{
    if (options.brief) {
        return render_brief(report, options);
    }
    Page page{options};
    header(page, report);
    if (report.changes) {
        table::changes(page, report);
        closing(page, report);
        return page.text();
    }
    table::conclusion(page, report);
    all_clean(page, report);
    table::nothing_examined(page, report);
    table::flagged_issuers(page, report);
    table::price(page, report);
    table::matrix(page, report);
    table::causes(page, report);
    if (report.cluster) {
        draw_cluster(page, *report.cluster);
    }
    table::findings(page, report);
    table::calm_issuers(page, report);
    table::small_print(page, report);
    closing(page, report);
    return page.text();
}

} // namespace misroute
