// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/text.hpp"
#include "report/html_sections.hpp"
#include "report/phrases.hpp"
#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute::html {

namespace {

constexpr std::size_t k_findings_in_full = 20;
constexpr std::size_t k_findings_in_a_line = 500;
constexpr std::size_t k_causes_in_full = 12;

void add_steps(Element parent, std::string_view heading, std::vector<Step> const &steps)
{
    if (steps.empty()) {
        return;
    }
    parent.add_text("h4", heading);
    auto const list = parent.add("ol");
    for (auto const &step : steps) {
        auto const item = list.add("li");
        if (!step.text.empty()) {
            item.add_text("p", step.text);
        }
        auto const lines = Step{.command = step.command, .patch = step.patch}.lines();
        if (!lines.empty()) {
            item.add("pre").block(lines);
        }
    }
}

void add_sentences(Element parent, std::string_view heading, std::vector<std::string> const &sentences)
{
    parent.add_text("h4", heading);
    auto const list = parent.add("ul");
    for (auto const &sentence : sentences) {
        list.add_text("li", sentence);
    }
    if (sentences.empty()) {
        list.add_text("li", "nothing", "soft");
    }
}

void add_cause(Element section, Cause const &cause, bool best)
{
    auto const card = section.add("article", "card");
    auto const heading = card.add("h3");
    heading.say(best ? (cause.confirmed ? "Confirmed by the manifests: " : "Most likely: ") : "Less likely: ");
    heading.say(phrase::cause(cause.cause));
    card.add_text("p",
                  fmt::format("{}, score {:.2f} (it orders the causes and is no probability)", one_line(cause.cause),
                              cause.score),
                  "soft");
    add_sentences(card, "For", cause.evidence_for);
    add_sentences(card, "Against", cause.evidence_against);
    add_steps(card, "What settles it", cause.next);
    add_steps(card, "The fix", cause.steps);
}

std::string about(Finding const &finding)
{
    return !finding.object.empty() ? finding.object : !finding.issuer.empty() ? finding.issuer : finding.instance;
}

char const *style_of(Finding const &finding)
{
    return finding.suppressed                      ? "badge soft"
           : finding.severity == Severity::error   ? "badge bad"
           : finding.severity == Severity::warning ? "badge warn"
                                                   : "badge soft";
}

void add_evidence(Element card, Finding const &finding)
{
    if (finding.evidence.empty()) {
        return;
    }
    std::vector<std::string> const columns{"time (UTC)", "request", "model", "answered by", "tokens#", "cost#"};
    auto const details = card.add("details");
    details.add_text("summary",
                     "Evidence: " + text::counted(static_cast<std::int64_t>(finding.evidence.size()), "request"));
    auto const frame =
        details.add("div", "scroll")
            .set("tabindex", "0")
            .set("role", "region")
            .set("aria-label", fmt::format("Evidence of {} {}", to_string(finding.rule), finding.fingerprint));
    auto const body = table(frame, "", columns);
    for (auto const &evidence : finding.evidence) {
        row(body, columns,
            {to_timestamp(evidence.time), one_line(evidence.request_id), one_line(evidence.model),
             one_line(Backend{evidence.provider, evidence.upstream, {}}.text()), text::grouped(evidence.tokens),
             phrase::cost(evidence.spend_nano)});
    }
}

void add_finding(Element section, Report const &report, Finding const &finding)
{
    auto const card = section.add("article", "card");
    auto const heading = card.add("h3");
    heading.add_text("span", finding.suppressed ? "suppressed" : to_string(finding.severity), style_of(finding));
    heading.add("code").say(to_string(finding.rule));
    if (auto const name = about(finding); !name.empty()) {
        heading.say(" of " + one_line(name));
    }
    card.add_text("p", finding.message);
    auto const list = card.add("ul");
    list.add_text("li", "expected: " + finding.expected);
    list.add_text("li", "observed: " + finding.observed);
    if (auto const place = place_of(report, finding)) {
        list.add_text("li", "where: " + place->text());
    }
    if (finding.suppressed) {
        list.add_text("li", "suppressed: " + finding.suppressed->reason +
                                (finding.suppressed->until.empty() ? "" : ", until " + finding.suppressed->until));
    }
    add_evidence(card, finding);
    add_steps(card, "What to do", finding.steps);
}

void add_short_findings(Element section, std::vector<Finding> const &findings)
{
    auto const last = std::min(findings.size(), k_findings_in_full + k_findings_in_a_line);
    auto const details = section.add("details");
    auto const name =
        text::counted(static_cast<std::int64_t>(findings.size() - k_findings_in_full), "more finding", "more findings");
    details.add_text("summary", name);
    std::vector<std::string> const columns{"severity", "rule", "of", "what"};
    auto const frame = details.add("div", "scroll").set("tabindex", "0").set("role", "region").set("aria-label", name);
    auto const body = table(frame, "", columns);
    for (std::size_t index = k_findings_in_full; index < last; ++index) {
        auto const &finding = findings[index];
        row(body, columns,
            {std::string{to_string(finding.severity)}, std::string{to_string(finding.rule)},
             one_line(about(finding), 60), one_line(finding.message)});
    }
    if (last < findings.size()) {
        details.add_text("p", fmt::format("{} more are in the JSON report.", findings.size() - last), "soft");
    }
}

} // namespace

void add_causes(HtmlPage &page, Report const &report)
{
    if (report.causes.empty()) {
        return;
    }
    auto const section = page.section("Why, and what fixes it", "why");
    for (std::size_t index = 0; index < std::min(report.causes.size(), k_causes_in_full); ++index) {
        add_cause(section, report.causes[index], index == 0);
    }
}

void add_findings(HtmlPage &page, Report const &report)
{
    if (report.findings.empty()) {
        return;
    }
    auto const section = page.section("Findings", "findings");
    for (std::size_t index = 0; index < std::min(report.findings.size(), k_findings_in_full); ++index) {
        add_finding(section, report, report.findings[index]);
    }
    if (report.findings.size() > k_findings_in_full) {
        add_short_findings(section, report.findings);
    }
}

} // namespace misroute::html
