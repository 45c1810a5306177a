// SPDX-License-Identifier: Apache-2.0
#include "report/phrases.hpp"
#include "report/table_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute::table {

namespace {

constexpr std::size_t k_label = 9;       // "against  "
constexpr std::size_t k_less_likely = 3; // causes named after the best

// A command that is too long for the page leaves its remark, after "    # ", on a line above it.
void command(Page &page, std::size_t indent, std::string_view label, std::string const &line)
{
    auto const remark = line.find("  # ");
    auto const body = line.substr(0, line.find_last_not_of(' ', remark) + 1);
    bool const fits = indent + k_label + text::width(text::printable(line)) <= page.width();
    auto const prefix = label.empty() ? std::string{} : std::string(indent, ' ') + text::padded(label, k_label);
    if (remark != std::string::npos && !fits) {
        page.labelled(indent, label, k_label, line.substr(line.find('#', remark)));
        page.verbatim(indent + k_label, body);
    } else if (prefix.empty()) {
        page.verbatim(indent + k_label, line);
    } else {
        page.verbatim(0, prefix + line);
    }
}

void step(Page &page, std::size_t indent, std::string_view label, Step const &step)
{
    auto const rest = Step{.command = step.command, .patch = step.patch}.lines();
    auto const end = rest.find('\n');
    if (!step.text.empty()) {
        page.labelled(indent, label, k_label, step.text);
    } else {
        command(page, indent, label, rest.substr(0, end));
    }
    auto const block = step.text.empty() ? rest.substr(std::min(end, rest.size() - 1) + 1) : rest;
    if (!block.empty()) {
        page.verbatim(indent + k_label, block);
    }
}

void steps(Page &page, std::size_t indent, std::string_view label, std::vector<Step> const &list)
{
    for (std::size_t index = 0; index < list.size(); ++index) {
        step(page, indent, index == 0 ? label : "", list[index]);
    }
}

void sentences(Page &page, std::size_t indent, std::string_view label, std::vector<std::string> const &texts)
{
    for (std::size_t index = 0; index < texts.size(); ++index) {
        page.labelled(indent, index == 0 ? label : "", k_label, texts[index]);
    }
}

void in_full(Page &page, Cause const &cause)
{
    auto const *const words = cause.confirmed ? "Cause, confirmed by the manifests: " : "Most likely cause: ";
    page.flow(0, 2,
              {{words + page.name(phrase::cause(cause.cause), 2 * k_name), Style::strong},
               {fmt::format("{} {:.2f}", page.name(cause.cause, k_name), cause.score), Style::dim}});
    sentences(page, 4, "for", cause.evidence_for);
    sentences(page, 4, "against",
              cause.evidence_against.empty() ? std::vector<std::string>{"nothing"} : cause.evidence_against);
    steps(page, 4, "settle", cause.next);
    steps(page, 4, "fix", cause.steps);
    page.blank();
}

void in_a_line(Page &page, Cause const &cause)
{
    auto const against = cause.evidence_against.empty() ? "" : "against: " + cause.evidence_against.front();
    page.flow(0, 2,
              {{"Less likely: " + page.name(phrase::cause(cause.cause), 2 * k_name), Style::dim},
               {fmt::format("{:.2f}", cause.score), Style::dim},
               {against, Style::dim}});
}

Span mark(Page const &page, Severity severity)
{
    switch (severity) {
    case Severity::error:
        return {std::string{page.either("✗", "x")}, Style::bad};
    case Severity::warning:
        return {"!", Style::warn};
    case Severity::info:
        break;
    }
    return {"i", Style::dim};
}

void finding_in_full(Page &page, Finding const &finding)
{
    auto const [sign, style] = mark(page, finding.severity);
    auto const subject =
        finding.object.empty() ? finding.issuer.empty() ? finding.instance : finding.issuer : finding.object;
    page.flow(
        0, 2,
        {{fmt::format("{} {}", sign, page.name(subject.empty() ? to_string(finding.rule) : subject, k_name)), style},
         {subject.empty() ? "" : std::string{to_string(finding.rule)}, style},
         {finding.location ? page.name(finding.location->text(), 2 * k_name) : "", Style::dim}});
    page.paragraph(4, finding.message);
    bool const details = page.verbose() && !finding.expected.empty();
    if (details) {
        page.labelled(4, "expected", k_label, finding.expected);
        page.labelled(4, "observed", k_label, finding.observed);
    }
    steps(page, 4, "fix", finding.steps);
    page.blank();
}

void finding_in_a_line(Page &page, Finding const &finding)
{
    auto const [sign, style] = mark(page, finding.severity);
    page.paragraph(0, fmt::format("{} {}: {}", sign, to_string(finding.rule), finding.message), style, 2);
    if (page.verbose()) {
        steps(page, 4, "fix", finding.steps);
    }
}

} // namespace

bool is_drawn_elsewhere(Report const &report, Finding const &finding)
{
    bool const about_issuer = row_of(finding.rule).is_mismatch || finding.rule == Rule::mixed_backends;
    bool const drawn_issuer = std::ranges::any_of(report.issuers, [&](IssuerReport const &issuer) {
        return is_flagged(issuer) && issuer.issuer.text() == finding.issuer;
    });
    bool const drawn_price = finding.rule == Rule::unpriced_traffic && report.cost && report.cost->unpriced_tokens > 0;
    return (about_issuer && drawn_issuer) || drawn_price;
}

void causes(Page &page, Report const &report)
{
    std::size_t drawn = 0;
    for (auto const &cause : report.causes) {
        if (drawn == 0 || page.verbose()) {
            in_full(page, cause);
        } else if (drawn <= k_less_likely) {
            in_a_line(page, cause);
        }
        drawn += 1;
    }
    page.blank();
}

void findings(Page &page, Report const &report)
{
    for (auto const &finding : report.findings) {
        if (finding.suppressed || is_drawn_elsewhere(report, finding)) {
            continue;
        }
        if (finding.severity == Severity::info) {
            finding_in_a_line(page, finding);
        } else {
            finding_in_full(page, finding);
        }
    }
    page.blank();
}

} // namespace misroute::table
