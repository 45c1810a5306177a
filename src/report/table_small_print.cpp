// SPDX-License-Identifier: Apache-2.0
#include "report/phrases.hpp"
#include "report/summary.hpp"
#include "report/table_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute::table {

namespace {

constexpr std::size_t k_listed = 5; // gaps and suppressed findings that are named

std::string more(std::size_t all)
{
    return fmt::format("and {} more", all - k_listed);
}

void gaps(TextCanvas &canvas, Report const &report)
{
    if (report.gaps.empty()) {
        return;
    }
    Milliseconds missing{};
    for (auto const &gap : report.gaps) {
        missing += gap.window.length();
    }
    auto const whole = report.window ? " of " + phrase::duration(report.window->length()) : std::string{};
    canvas.flow(0, 2,
                {{fmt::format("! incomplete: {}{} could not be read", phrase::duration(missing), whole), Style::warn}});
    for (std::size_t index = 0; index < std::min(k_listed, report.gaps.size()); ++index) {
        auto const &[window, reason] = report.gaps[index];
        canvas.flow(4, 2, {{phrase::window(window, canvas.zone())}, {reason, Style::dim}});
    }
    if (report.gaps.size() > k_listed) {
        canvas.line(4, {{more(report.gaps.size()), Style::dim}});
    }
    canvas.blank();
}

void suppressed(TextCanvas &canvas, Report const &report)
{
    std::size_t all = 0;
    for (auto const &finding : report.findings) {
        if (!finding.suppressed || ++all > k_listed) {
            continue;
        }
        auto const &[reason, until] = *finding.suppressed;
        auto const who = !finding.issuer.empty() ? finding.issuer : finding.object;
        canvas.flow(0, 2,
                    {{fmt::format("suppressed: {} {}", to_string(finding.rule), canvas.name(who, k_name)), Style::dim},
                     {until.empty() ? reason : fmt::format("{} (until {})", reason, until), Style::dim}});
    }
    if (all > k_listed) {
        canvas.line(2, {{more(all), Style::dim}});
    }
}

// Two lines: what was not possible, and the next step.
void advice(TextCanvas &canvas, std::string_view problem, std::string_view step)
{
    canvas.paragraph(0, fmt::format("? {}", problem), Style::warn, 2);
    canvas.paragraph(2, step);
    canvas.blank();
}

std::string_view next_step(Report const &report)
{
    if (report.config_file.empty()) {
        return "misroute init > misroute.yaml writes a configuration from what was seen; then say there which "
               "instance each host or key belongs to";
    }
    auto const &totals = *report.totals;
    if (totals.excluded == totals.scanned()) {
        return "every row was of a kind that says nothing about routing: widen the window with --since 7d";
    }
    return totals.unknown > totals.unassigned
               ? "misroute doctor says which columns are missing or unreadable"
               : "compare the hosts and keys of the configuration with the issuers below; misroute doctor lists both";
}

} // namespace

void nothing_examined(TextCanvas &canvas, Report const &report)
{
    if (report.check || !(report.totals || report.cluster)) {
        return;
    }
    if (!report.totals) {
        if (!report.examined()) {
            advice(canvas, "no Service and no workload in the input: nothing was examined",
                   "kubectl -n NAMESPACE get deploy,sts,rs,pod,svc,endpointslices,ing -o json | misroute k8s -");
        } else if (!report.complete()) {
            canvas.paragraph(0, "? only a part was examined: the reasons stand below", Style::warn, 2);
            canvas.blank();
        }
        return;
    }
    if (report.examined()) {
        return;
    }
    if (report.source && report.source->ahead) {
        advice(canvas, "no verdict: rows of this log lie in the future, so its times are not UTC",
               "find the proxy or the copy that writes them in another time zone; --until looks into that future");
    } else if (report.totals->scanned() > 0) {
        advice(canvas,
               fmt::format("no verdict: {} seen, none of which could be judged",
                           text::counted(report.totals->scanned(), "request")),
               next_step(report));
    } else if (report.complete()) {
        advice(canvas, "no requests in this window: nothing was examined",
               "widen it with --since 7d; misroute doctor shows the newest row");
    } else {
        advice(canvas, "nothing could be read: nothing was examined", "the reasons stand below");
    }
}

void conclusion(TextCanvas &canvas, Report const &report)
{
    if (!report.check) {
        return;
    }
    auto const &check = *report.check;
    bool const pass = check.verdict == "pass";
    bool const fail = check.verdict == "fail";
    auto const sign = pass ? canvas.either("✓", "+") : fail ? canvas.either("✗", "x") : "?";
    auto const style = pass ? Style::good : fail ? Style::bad : Style::warn;
    canvas.paragraph(0, fmt::format("{} {}: {}", sign, check.verdict, check.sentence), style, 2);
    for (auto const &instance : check.instances) {
        auto const excluded = instance.excludes_share ? fmt::format("a wrong share above {:.3g} % is excluded",
                                                                    *instance.excludes_share * 100)
                                                      : std::string{"no wrong share can be excluded"};
        canvas.flow(
            4, 2,
            {{text::padded(canvas.name(instance.name, 24), 14), Style::plain},
             {fmt::format("{} home, {} foreign", text::grouped(instance.home), text::grouped(instance.foreign))},
             {excluded, Style::dim}});
    }
    if (check.waited_seconds > 0) {
        canvas.line(4, {{"waited " + phrase::duration(std::chrono::seconds{check.waited_seconds}), Style::dim}});
    }
    canvas.blank();
}

void small_print(TextCanvas &canvas, Report const &report)
{
    gaps(canvas, report);
    if (report.cluster) {
        for (auto const &problem : report.cluster->problems) {
            canvas.paragraph(0, "! not understood: " + problem, Style::warn, 2);
        }
    }
    suppressed(canvas, report);
    for (auto const &note : report.notes) {
        canvas.paragraph(0, note, Style::dim, 2);
    }
    if (report.totals && report.totals->scanned() > 0) {
        canvas.paragraph(0, phrase::classes(*report.totals), Style::dim, 2);
    }
    if (canvas.verbose() && !report.config_file.empty()) {
        canvas.paragraph(0, "configuration: " + report.config_file, Style::dim, 2);
    }
}

} // namespace misroute::table
