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
void command(TextCanvas &canvas, std::size_t indent, std::string_view label, std::string const &line)
{
    auto const remark = line.find("  # ");
    auto const body = line.substr(0, line.find_last_not_of(' ', remark) + 1);
    bool const fits = indent + k_label + text::width(text::printable(line)) <= canvas.width();
    auto const prefix = label.empty() ? std::string{} : std::string(indent, ' ') + text::padded(label, k_label);
    if (remark != std::string::npos && !fits) {
        canvas.labelled(indent, label, k_label, line.substr(line.find('#', remark)));
        canvas.verbatim(indent + k_label, body);
    } else if (prefix.empty()) {
        canvas.verbatim(indent + k_label, line);
    } else {
        canvas.verbatim(0, prefix + line);
    }
}

void step(TextCanvas &canvas, std::size_t indent, std::string_view label, Step const &step)
{
    auto const rest = Step{.command = step.command, .patch = step.patch}.lines();
    auto const end = rest.find('\n');
    if (!step.text.empty()) {
        canvas.labelled(indent, label, k_label, step.text);
    } else {
        command(canvas, indent, label, rest.substr(0, end));
    }
    auto const block = step.text.empty() ? rest.substr(std::min(end, rest.size() - 1) + 1) : rest;
    if (!block.empty()) {
        canvas.verbatim(indent + k_label, block);
    }
}

void steps(TextCanvas &canvas, std::size_t indent, std::string_view label, std::vector<Step> const &list)
{
    for (std::size_t index = 0; index < list.size(); ++index) {
        step(canvas, indent, index == 0 ? label : "", list[index]);
    }
}

void sentences(TextCanvas &canvas, std::size_t indent, std::string_view label, std::vector<std::string> const &texts)
{
    for (std::size_t index = 0; index < texts.size(); ++index) {
        canvas.labelled(indent, index == 0 ? label : "", k_label, texts[index]);
    }
}

void in_full(TextCanvas &canvas, Cause const &cause)
{
    auto const *const words = cause.confirmed ? "Cause, confirmed by the manifests: " : "Most likely cause: ";
    canvas.flow(0, 2,
                {{words + canvas.name(phrase::cause(cause.cause), 2 * k_name), Style::strong},
                 {fmt::format("{} {:.2f}", canvas.name(cause.cause, k_name), cause.score), Style::dim}});
    sentences(canvas, 4, "for", cause.evidence_for);
    sentences(canvas, 4, "against",
              cause.evidence_against.empty() ? std::vector<std::string>{"nothing"} : cause.evidence_against);
    steps(canvas, 4, "settle", cause.next);
    steps(canvas, 4, "fix", cause.steps);
    canvas.blank();
}

void in_a_line(TextCanvas &canvas, Cause const &cause)
{
    auto const against = cause.evidence_against.empty() ? "" : "against: " + cause.evidence_against.front();
    canvas.flow(0, 2,
                {{"Less likely: " + canvas.name(phrase::cause(cause.cause), 2 * k_name), Style::dim},
                 {fmt::format("{:.2f}", cause.score), Style::dim},
                 {against, Style::dim}});
}

Span mark(TextCanvas const &canvas, Severity severity)
{
    switch (severity) {
    case Severity::error:
        return {std::string{canvas.either("✗", "x")}, Style::bad};
    case Severity::warning:
        return {"!", Style::warn};
    case Severity::info:
        break;
    }
    return {"i", Style::dim};
}

void finding_in_full(TextCanvas &canvas, Finding const &finding)
{
    auto const [sign, style] = mark(canvas, finding.severity);
    auto const subject =
        finding.object.empty() ? finding.issuer.empty() ? finding.instance : finding.issuer : finding.object;
    canvas.flow(
        0, 2,
        {{fmt::format("{} {}", sign, canvas.name(subject.empty() ? to_string(finding.rule) : subject, k_name)), style},
         {subject.empty() ? "" : std::string{to_string(finding.rule)}, style},
         {finding.location ? canvas.name(finding.location->text(), 2 * k_name) : "", Style::dim}});
    canvas.paragraph(4, finding.message);
    bool const details = canvas.verbose() && !finding.expected.empty();
    if (details) {
        canvas.labelled(4, "expected", k_label, finding.expected);
        canvas.labelled(4, "observed", k_label, finding.observed);
    }
    steps(canvas, 4, "fix", finding.steps);
    canvas.blank();
}

void finding_in_a_line(TextCanvas &canvas, Finding const &finding)
{
    auto const [sign, style] = mark(canvas, finding.severity);
    canvas.paragraph(0, fmt::format("{} {}: {}", sign, to_string(finding.rule), finding.message), style, 2);
    if (canvas.verbose()) {
        steps(canvas, 4, "fix", finding.steps);
    }
}

} // namespace

bool is_drawn_elsewhere(Report const &report, Finding const &finding)
{
    bool const about_issuer = row_of(finding.rule).is_mismatch || finding.rule == Rule::mixed_backends;
    bool const drawn_issuer = std::ranges::any_of(report.issuers, [&](IssuerReport const &issuer) {
        return is_affected(issuer) && issuer.issuer.text() == finding.issuer;
    });
    bool const drawn_price = finding.rule == Rule::unpriced_traffic && report.cost && report.cost->unpriced_tokens > 0;
    return (about_issuer && drawn_issuer) || drawn_price;
}

void causes(TextCanvas &canvas, Report const &report)
{
    std::size_t drawn = 0;
    for (auto const &cause : report.causes) {
        if (drawn == 0 || canvas.verbose()) {
            in_full(canvas, cause);
        } else if (drawn <= k_less_likely) {
            in_a_line(canvas, cause);
        }
        drawn += 1;
    }
    canvas.blank();
}

void findings(TextCanvas &canvas, Report const &report)
{
    for (auto const &finding : report.findings) {
        if (finding.suppressed || is_drawn_elsewhere(report, finding)) {
            continue;
        }
        if (finding.severity == Severity::info) {
            finding_in_a_line(canvas, finding);
        } else {
            finding_in_full(canvas, finding);
        }
    }
    canvas.blank();
}

} // namespace misroute::table
