// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/text.hpp"
#include "report/phrases.hpp"
#include "report/table_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace misroute::table {

namespace {

constexpr std::size_t k_state = 10; // "reminded  "

Style style_of(Finding const &finding)
{
    return finding.state == FindingState::ended    ? Style::good
           : finding.severity == Severity::error   ? Style::bad
           : finding.severity == Severity::warning ? Style::warn
                                                   : Style::dim;
}

std::string when(Report const &report, Finding const &finding, Zone const &zone)
{
    auto const issuer = std::ranges::find_if(
        report.issuers, [&](IssuerReport const &one) { return one.issuer.text() == finding.issuer; });
    bool const known = issuer != report.issuers.end() && issuer->onset && report.window;
    return known ? phrase::onset(*issuer->onset, *report.window, zone) : std::string{};
}

void change(TextCanvas &canvas, Report const &report, Finding const &finding)
{
    auto const &subject =
        finding.object.empty() ? finding.issuer.empty() ? finding.instance : finding.issuer : finding.object;
    canvas.flow(0, k_state,
                {{text::padded(to_string(*finding.state), k_state - 2), style_of(finding)},
                 {std::string{to_string(finding.rule)}, style_of(finding)},
                 {canvas.name(subject, k_name), Style::strong}});
    // Only what is no incident leaves nothing behind when it ends: its sentence was true before.
    bool const past = finding.state == FindingState::ended && !row_of(finding.rule).is_mismatch &&
                      finding.rule != Rule::unpriced_traffic;
    canvas.paragraph(k_state, (past ? "no longer so: " : "") + finding.message);
    auto const since = finding.rule == Rule::unpriced_traffic ? std::string{} : when(report, finding, canvas.zone());
    if (!since.empty()) {
        canvas.paragraph(k_state, since, Style::dim);
    }
}

bool is_news(Finding const &finding)
{
    return finding.state == FindingState::fresh || finding.state == FindingState::worse;
}

} // namespace

std::string count_changes(Report const &report)
{
    std::string words;
    for (auto const state : {FindingState::fresh, FindingState::worse, FindingState::reminded, FindingState::ended}) {
        auto const count = std::ranges::count_if(
            report.findings, [&](Finding const &finding) { return is_told(finding) && finding.state == state; });
        if (count > 0) {
            words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, to_string(state));
        }
    }
    return words.empty() ? "nothing changed" : words;
}

void changes(TextCanvas &canvas, Report const &report)
{
    for (auto const &finding : report.findings) {
        if (is_told(finding)) {
            change(canvas, report, finding);
        }
    }
    canvas.blank();
    if (report.changes->lost_sight || !report.complete()) {
        nothing_examined(canvas, report);
    }
    bool const news = std::ranges::any_of(report.findings, is_news);
    if (news) {
        affected_issuers(canvas, report);
    }
    if (std::ranges::any_of(report.findings, [](Finding const &one) { return row_of(one.rule).is_mismatch; })) {
        price(canvas, report);
    }
    if (news) {
        matrix(canvas, report);
        causes(canvas, report);
    }
    small_print(canvas, report);
}

} // namespace misroute::table
