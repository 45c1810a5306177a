// SPDX-License-Identifier: Apache-2.0
#include "misroute/diagnose.hpp"
#include "misroute/model/text.hpp"
#include "report/markdown_parts.hpp"
#include "report/markdown_text.hpp"
#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute::markdown {

namespace {

constexpr std::size_t k_evidence_rows = 5;

std::string evidence_table(Finding const &finding, Zone const &zone)
{
    auto result = fmt::format("\n| Time ({}) | Request | Model | Answered by | Tokens | Spend (USD) |\n"
                              "| --- | --- | --- | --- | ---: | ---: |\n",
                              zone.name);
    for (std::size_t row = 0; row < std::min(finding.evidence.size(), k_evidence_rows); ++row) {
        auto const &seen = finding.evidence[row];
        result +=
            fmt::format("| {} | {} | {} | {} | {} | {} |\n", to_timestamp(seen.time, zone), cell_code(seen.request_id),
                        cell_code(seen.model), backend_cell(seen.provider, seen.upstream), text::grouped(seen.tokens),
                        exact_usd(seen.spend_nano));
    }
    return result;
}

/// A numbered step: prose, and a block for what is longer than a line or goes into a file.
std::string numbered(std::size_t number, Step const &step)
{
    auto const head = fmt::format("{}. ", number);
    bool const short_command = step.patch.empty() && step.command.find('\n') == std::string::npos;
    if (step.text.empty() && short_command) {
        return head + code(step.command) + "\n";
    }
    auto const rest = Step{.command = step.command, .patch = step.patch}.lines();
    auto const words = step.text.empty() ? std::string{"Apply:"} : prose(step.text);
    return head + words + "\n" + (rest.empty() ? "" : "\n" + fenced(rest, head.size()));
}

std::string steps(std::vector<Step> const &list)
{
    std::string result;
    for (std::size_t number = 0; number < list.size(); ++number) {
        result += numbered(number + 1, list[number]);
    }
    return result;
}

std::string check(Step const &step)
{
    return step.command.empty() ? prose(step.lines()) : code(step.lines());
}

std::string finding_section(Finding const &finding, Zone const &zone)
{
    auto const &about =
        finding.object.empty() ? finding.issuer.empty() ? finding.instance : finding.issuer : finding.object;
    auto const state = finding.state ? fmt::format(", {}", to_string(*finding.state)) : std::string{};
    auto result = fmt::format("#### {}: {}{}{}\n\n{}\n\n", to_string(finding.severity), code(to_string(finding.rule)),
                              about.empty() ? "" : " of " + code(about), state, prose(finding.message));
    result += "- expected: " + prose(finding.expected) + "\n- observed: " + prose(finding.observed) + "\n";
    if (finding.location) {
        result += "- where: " + code(finding.location->text()) + "\n";
    }
    if (!finding.evidence.empty()) {
        result += evidence_table(finding, zone);
    }
    return finding.steps.empty() ? result : result + "\nWhat to do:\n\n" + steps(finding.steps);
}

std::string cause_title(std::string const &name)
{
    auto const table = causes();
    auto const row =
        std::find_if(table.begin(), table.end(), [&](CauseRow const &known) { return known.cause == name; });
    return row == table.end() ? code(name) : prose(row->title) + " (" + code(name) + ")";
}

} // namespace

std::string table(std::string_view head, std::vector<std::string> const &rows)
{
    std::string result{head};
    auto const shown = std::min(rows.size(), k_table_rows);
    for (std::size_t row = 0; row < shown; ++row) {
        result += rows[row] + "\n";
    }
    if (shown < rows.size()) {
        result += fmt::format("\n{} more are not shown here.\n",
                              text::grouped(static_cast<std::int64_t>(rows.size() - shown)));
    }
    return result;
}

std::string backend_cell(std::string const &provider, std::string const &upstream)
{
    return cell_code(provider.empty() ? "unknown" : provider) + (upstream.empty() ? "" : " at " + cell_code(upstream));
}

void add_findings(Sections &sections, Report const &report, Zone const &zone)
{
    std::string heading = "### Findings\n\n";
    for (auto const &finding : report.findings) {
        if (!finding.suppressed) {
            sections.push_back(heading + finding_section(finding, zone));
            heading.clear();
        }
    }
    std::vector<std::string> rows;
    for (auto const &finding : report.findings) {
        if (finding.suppressed) {
            auto const &until = finding.suppressed->until;
            rows.push_back(fmt::format("| {} | {} | {} | {} |", cell_code(to_string(finding.rule)),
                                       cell_code(finding.issuer.empty() ? finding.object : finding.issuer),
                                       cell_code(finding.suppressed->reason), until.empty() ? "" : cell_code(until)));
        }
    }
    if (!rows.empty()) {
        sections.push_back("### Suppressed\n\n" +
                           table("| Rule | Of | Reason | Until |\n| --- | --- | --- | --- |\n", rows));
    }
}

void add_causes(Sections &sections, Report const &report)
{
    std::string heading = "### Most likely cause\n\n";
    for (auto const &cause : report.causes) {
        auto result = heading + fmt::format("**{}**: score {:.2f}{}\n\n", cause_title(cause.cause), cause.score,
                                            cause.confirmed ? ", confirmed by the manifests" : "");
        for (auto const &fact : cause.evidence_for) {
            result += "- for: " + prose(fact) + "\n";
        }
        for (auto const &fact : cause.evidence_against) {
            result += "- against: " + prose(fact) + "\n";
        }
        for (auto const &step : cause.next) {
            result += "- to settle it: " + check(step) + "\n";
        }
        sections.push_back(cause.steps.empty() ? result : result + "\nWhat to do:\n\n" + steps(cause.steps));
        heading = "### Less likely\n\n";
    }
}

} // namespace misroute::markdown
