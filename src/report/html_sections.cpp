// SPDX-License-Identifier: Apache-2.0
#include "report/html_sections.hpp"

#include "misroute/model/shell.hpp"
#include "misroute/model/text.hpp"
#include "misroute/version.hpp"
#include "report/phrases.hpp"
#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute::html {

namespace {

constexpr std::size_t k_issuers_unfolded = 20;

void fact(Element list, std::string_view term, std::string_view value)
{
    auto const group = list.add("div");
    group.add_text("dt", term);
    group.add_text("dd", value);
}

std::string cost_text(Cost const &cost)
{
    auto text = text::grouped(cost.foreign_tokens) + " tokens";
    return cost.estimated_unbilled_usd ? text + ", about " + phrase::usd(*cost.estimated_unbilled_usd) + " not billed"
                                       : text;
}

std::string answered_text(IssuerReport const &issuer)
{
    constexpr std::size_t k_most = 4;
    std::string text;
    std::size_t shown = 0;
    for (auto const &use : issuer.backends) {
        if (shown++ == k_most) {
            return text + ", …";
        }
        auto const who = use.owner.empty() ? use.backend.text() : use.owner.text();
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", one_line(who, 40), use.sums.requests);
    }
    return text;
}

std::vector<std::string> const k_issuer_columns{"issuer", "instance",   "verdict",         "requests#",
                                                "home#",  "elsewhere#", "share elsewhere", "answered by"};

/// Kept short: of these there may be thousands.
void add_issuer(Element body, IssuerReport const &issuer)
{
    constexpr std::size_t k_columns = 60;
    auto const mark = mark_of(issuer.verdict);
    auto const row = body.add("tr");
    row.add("td").say(phrase::issuer(issuer.issuer), k_columns);
    row.add("td").say(issuer.instance.text(), k_columns);
    row.add_text("td", mark.text, mark.style);
    row.add_text("td", text::grouped(issuer.counts.scanned()), "n");
    row.add_text("td", text::grouped(issuer.counts.home), "n");
    row.add_text("td", text::grouped(issuer.counts.foreign), "n");
    row.add_text("td", issuer.foreign_share ? phrase::share(*issuer.foreign_share) : std::string{});
    row.add("td").say(answered_text(issuer), 2 * k_columns);
}

Element issuer_table(Element parent, std::string_view caption)
{
    auto const frame =
        parent.add("div", "scroll").set("tabindex", "0").set("role", "region").set("aria-label", caption);
    return table(frame, caption, k_issuer_columns);
}

/// Without a script it would do nothing: the script shows it.
void add_filter(Element section)
{
    auto const filter = section.add("p", "filter").set("id", "filtering").set("hidden", "hidden");
    filter.add("label").set("for", "filter").say("Filter by name, instance, verdict or who answered ");
    filter.add("input").set("id", "filter").set("type", "search").set("autocomplete", "off");
    filter.add("span", "soft").set("id", "shown").set("role", "status");
}

std::string command_of(Report const &report)
{
    auto command = "misroute " + shell::word(report.command);
    if (!report.config_file.empty()) {
        command += " --config " + shell::word(report.config_file);
    }
    if (report.command == "probe" || !report.window) {
        return command + (report.command == "k8s" ? " MANIFESTS" : "");
    }
    command += " --since " + to_rfc3339(report.window->since) + " --until " + to_rfc3339(report.window->until);
    command += " --now " + to_rfc3339(report.generated_at);
    return report.command == "scan" ? command + " --by " + shell::word(report.by) : command;
}

} // namespace

Mark mark_of(Verdict verdict)
{
    switch (verdict) {
    case Verdict::clean:
        return {"✓ clean", "v good"};
    case Verdict::misrouted:
        return {"✗ misrouted", "v bad"};
    case Verdict::mixed:
        return {"! mixed", "v warn"};
    default:
        return {"– " + std::string{to_string(verdict)}, "v soft"};
    }
}

Mark mark_of(Report const &report)
{
    auto const found = count_findings(report);
    if (found.errors > 0 || (report.check && report.check->verdict == "fail")) {
        return {"✗ " + found.text(), "bad"};
    }
    bool const judged = report.totals ? report.examined() : report.cluster.has_value();
    if (found.warnings > 0 || !report.complete() || !judged) {
        return {"! " + found.text() + (report.complete() ? "" : ", incomplete"), "warn"};
    }
    return {"✓ " + found.text(), "good"};
}

void add_facts(Element parent, Report const &report)
{
    auto const mark = mark_of(report);
    parent.add_text("p", mark.text, std::string{"strong "} + mark.style);
    auto const list = parent.add("dl", "facts");
    if (report.window) {
        fact(list, "Window", phrase::window(*report.window));
    }
    if (report.source) {
        auto const &source = *report.source;
        fact(list, "Source", source.database + (source.host.empty() ? "" : " at " + source.host));
    }
    if (report.totals) {
        fact(list, "Requests",
             fmt::format("{} ({} home, {} elsewhere)", text::grouped(report.totals->scanned()),
                         text::grouped(report.totals->home), text::grouped(report.totals->foreign)));
    }
    if (report.cost && report.cost->foreign_tokens > 0) {
        fact(list, "Answered elsewhere", cost_text(*report.cost));
    }
    fact(list, "Made", phrase::time(report.generated_at) + " UTC");
}

void add_check(HtmlPage &page, Report const &report)
{
    if (!report.check) {
        return;
    }
    auto const section = page.section("The check", "check");
    section.add_text("p", report.check->verdict + ": " + report.check->sentence);
    std::vector<std::string> const columns{"instance", "verdict", "home#", "elsewhere#", "wrong share excluded", "why"};
    auto const frame =
        section.add("div", "scroll").set("tabindex", "0").set("role", "region").set("aria-label", "Instances checked");
    auto const body = table(frame, "", columns);
    for (auto const &instance : report.check->instances) {
        auto const excluded = instance.excludes_share ? phrase::percent(*instance.excludes_share) + " or more" : "none";
        row(body, columns,
            {instance.name, instance.verdict, text::grouped(instance.home), text::grouped(instance.foreign), excluded,
             instance.sentence});
    }
}

void add_issuers(HtmlPage &page, Report const &report)
{
    if (report.issuers.empty()) {
        return;
    }
    auto const section = page.section("Issuers", "issuers");
    add_filter(section);
    auto body = issuer_table(section, fmt::format("Who asked, by {}: misrouted first, then by requests", report.by));
    for (std::size_t index = 0; index < report.issuers.size(); ++index) {
        if (index == k_issuers_unfolded) {
            auto const more = section.add("details");
            auto const name =
                text::counted(static_cast<std::int64_t>(report.issuers.size() - index), "more issuer", "more issuers");
            more.add_text("summary", name);
            body = issuer_table(more, name);
        }
        add_issuer(body, report.issuers[index]);
    }
}

void add_left_out(HtmlPage &page, Report const &report)
{
    auto const section = page.section("What was left out, and why", "left-out");
    auto const list = section.add("ul");
    for (auto const &gap : report.gaps) {
        list.add_text("li", phrase::window(gap.window) + " could not be read: " + gap.reason);
    }
    if (report.totals && report.totals->excluded + report.totals->unknown + report.totals->unassigned > 0) {
        list.add_text("li", phrase::classes(*report.totals) +
                                ". Excluded rows tell nothing about routing; unknown ones do not say who answered; "
                                "unassigned ones belong to no configured instance.");
    }
    for (auto const &note : report.notes) {
        list.add_text("li", note);
    }
    if (report.cluster) {
        for (auto const &problem : report.cluster->problems) {
            list.add_text("li", "could not be read: " + problem);
        }
    }
    if (report.complete() && report.notes.empty()) {
        list.add_text("li", "The whole window was read.");
    }
}

void add_reproduction(HtmlPage &page, Report const &report)
{
    auto const section = page.section("How to see it again", "again");
    section.add("pre").block(command_of(report));
    section.add_text("p", fmt::format("Made by misroute {} on {} UTC. The same rows give the same report.",
                                      report.version.empty() ? std::string{k_version} : report.version,
                                      phrase::time(report.generated_at)));
}

} // namespace misroute::html
