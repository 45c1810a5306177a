// SPDX-License-Identifier: Apache-2.0
#include "report/phrases.hpp"
#include "report/summary.hpp"
#include "report/table_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute::table {

namespace {

using text::counted;
using text::grouped;

constexpr std::size_t k_drawn_in_full = 5;
constexpr std::size_t k_drawn_in_a_line = 20;
constexpr std::size_t k_folded = 5; // calm issuers that are named
constexpr std::size_t k_examples = 5;

std::string name_of(TextCanvas const &canvas, IssuerReport const &issuer)
{
    return canvas.name(phrase::issuer(issuer.issuer), k_name);
}

// "another instance" only when every backend that answered belongs to one.
std::string_view who_answered(IssuerReport const &issuer)
{
    std::size_t owned = 0;
    std::size_t foreign = 0;
    for (auto const &use : issuer.backends) {
        if (use.row_class == RowClass::foreign) {
            foreign += 1;
            owned += use.owner.empty() ? 0U : 1U;
        }
    }
    return owned == foreign ? "another instance" : owned == 0 ? "a backend that no instance serves" : "other backends";
}

std::string verdict_of(IssuerReport const &issuer)
{
    auto const requests = issuer.counts.home + issuer.counts.foreign;
    auto const foreign = issuer.counts.foreign;
    if (requests == 1) {
        return fmt::format("its only request was answered by {}", who_answered(issuer));
    }
    auto const part = foreign == requests ? fmt::format("all {}", counted(requests, "request"))
                                          : fmt::format("{} of {}", grouped(foreign), counted(requests, "request"));
    return fmt::format("{} {} answered by {}", part, foreign == 1 ? "was" : "were", who_answered(issuer));
}

void headline(TextCanvas &canvas, IssuerReport const &issuer)
{
    if (issuer.verdict == Verdict::mixed) {
        auto const shown = static_cast<std::int64_t>(issuer.backends.size());
        canvas.flow(0, 2,
                    {{"! " + name_of(canvas, issuer), Style::warn},
                     {fmt::format("{} alternate between {}", counted(issuer.counts.scanned(), "request"),
                                  counted(shown, "backend")),
                      Style::warn},
                     {"nothing says which is right", Style::dim}});
        return;
    }
    auto const share = issuer.foreign_share ? phrase::share(*issuer.foreign_share) : std::string{};
    canvas.flow(0, 2,
                {{fmt::format("{} {}", canvas.either("✗", "x"), name_of(canvas, issuer)), Style::bad},
                 {verdict_of(issuer), Style::bad},
                 {share, Style::dim}});
}

std::int64_t elsewhere(IssuerReport const &issuer)
{
    std::int64_t requests = 0;
    for (auto const &[owner, count] : issuer.excluded_elsewhere) {
        requests += count;
    }
    return requests;
}

/// Which rows no verdict was passed on, and whose backends were among them.
std::string left_out(IssuerReport const &issuer)
{
    auto const excluded = issuer.counts.excluded;
    if (excluded == 0) {
        return {};
    }
    auto text = counted(excluded, "more request") + " left out of the verdict";
    std::string separator = ", ";
    for (auto const &[owner, count] : issuer.excluded_elsewhere) {
        text += fmt::format("{}{} of them with the backend of {}", separator, grouped(count), owner.text());
        separator = " and ";
    }
    return text;
}

std::string order_of(IssuerReport const &issuer)
{
    if (!issuer.dispatch) {
        return {};
    }
    auto const &order = issuer.dispatch->order;
    return order.empty() ? phrase::dispatch(*issuer.dispatch)
                         : fmt::format("order {}: {}", text::fit(text::printable(order), k_name),
                                       phrase::dispatch(*issuer.dispatch));
}

void examples(TextCanvas &canvas, Finding const &finding)
{
    canvas.labelled(4, "expected", 11, finding.expected);
    canvas.labelled(4, "observed", 11, finding.observed);
    auto const shown = std::min(k_examples, finding.evidence.size());
    for (std::size_t index = 0; index < shown; ++index) {
        auto const &evidence = finding.evidence[index];
        canvas.line(4, {{index == 0 ? "examples   " : "           ", Style::dim},
                        {to_timestamp(evidence.time, canvas.zone()) + "  "},
                        {text::padded(canvas.name(evidence.model, 28), 28)},
                        {fmt::format("{:>9}  {:>8}  ", grouped(evidence.tokens), phrase::cost(evidence.spend_nano))},
                        {canvas.name(evidence.request_id, 40), Style::dim}});
    }
}

void in_full(TextCanvas &canvas, Report const &report, IssuerReport const &issuer)
{
    headline(canvas, issuer);
    backends(canvas, issuer);
    auto const onset =
        issuer.onset && report.window ? phrase::onset(*issuer.onset, *report.window, canvas.zone()) : std::string{};
    canvas.flow(4, 2, {{onset}, {order_of(issuer)}, {left_out(issuer), Style::dim}}, " · ");
    for (auto const &finding : report.findings) {
        bool const own = finding.issuer == issuer.issuer.text() && !finding.suppressed;
        if (own && canvas.verbose() && !finding.evidence.empty()) {
            examples(canvas, finding);
        }
        if (own && finding.rule == Rule::mixed_backends) {
            for (auto const &step : finding.steps) {
                canvas.labelled(4, "fix", 6, step.lines());
            }
        }
    }
    canvas.blank();
}

/// Who answered a clean issuer, no more exactly than it is known.
std::string own_of(Report const &report, IssuerReport const &issuer)
{
    if (issuer.instance.empty() || issuer.instance.several()) {
        return "their own instances";
    }
    auto const name = issuer.instance.text();
    return cannot_be_told_apart(report, name) ? fmt::format("a backend that {} shares with another instance", name)
                                              : name;
}

std::string calm_words(Report const &report, IssuerReport const &issuer)
{
    auto const &counts = issuer.counts;
    auto const own = own_of(report, issuer);
    switch (issuer.verdict) {
    case Verdict::clean:
        if (elsewhere(issuer) > 0) {
            return fmt::format("{} of {} were answered by {}, and none foreign", grouped(counts.home),
                               counted(counts.scanned(), "request"), own);
        }
        return counts.home == 1 ? fmt::format("its only request was answered by {}", own)
                                : fmt::format("all {} were answered by {}", counted(counts.home, "request"), own);
    case Verdict::unassigned:
        return fmt::format("{}, of no configured instance", counted(counts.scanned(), "request"));
    default:
        return fmt::format("{}, none of which tells who answered", counted(counts.scanned(), "request"));
    }
}

void calm(TextCanvas &canvas, Report const &report, std::vector<IssuerReport const *> const &issuers, Span const &mark,
          std::string_view what)
{
    auto const shown = canvas.verbose() ? issuers.size() : std::min(issuers.size(), k_folded);
    for (std::size_t index = 0; index < shown; ++index) {
        canvas.flow(0, 2,
                    {{mark.text + " " + name_of(canvas, *issuers[index]), mark.style},
                     {calm_words(report, *issuers[index]), Style::dim},
                     {left_out(*issuers[index]), Style::dim}});
    }
    if (shown < issuers.size()) {
        auto const rest = static_cast<std::int64_t>(issuers.size() - shown);
        canvas.line(2, {{fmt::format("and {} {}", grouped(rest), what), Style::dim}});
    }
}

} // namespace

bool is_affected(IssuerReport const &issuer)
{
    return issuer.verdict == Verdict::misrouted || issuer.verdict == Verdict::mixed;
}

void affected_issuers(TextCanvas &canvas, Report const &report)
{
    std::size_t drawn = 0;
    for (auto const &issuer : report.issuers) {
        if (!is_affected(issuer)) {
            continue;
        }
        drawn += 1;
        if (canvas.verbose() || drawn <= k_drawn_in_full) {
            in_full(canvas, report, issuer);
        } else if (drawn <= k_drawn_in_a_line) {
            headline(canvas, issuer);
        }
    }
    if (!canvas.verbose() && drawn > k_drawn_in_a_line) {
        canvas.line(2, {{fmt::format("and {} more", drawn - k_drawn_in_a_line), Style::dim}});
    }
    canvas.blank();
}

void price(TextCanvas &canvas, Report const &report)
{
    if (!report.cost || report.cost->unpriced_tokens == 0) {
        return;
    }
    auto const &cost = *report.cost;
    auto const bill = cost.estimated_unbilled_usd
                          ? *cost.estimated_unbilled_usd < 0.005
                                ? phrase::usd(*cost.estimated_unbilled_usd) + " not billed"
                                : "about " + phrase::usd(*cost.estimated_unbilled_usd) + " not billed"
                          : std::string{};
    canvas.flow(
        0, 2,
        {{fmt::format("! {} answered elsewhere at no price", counted(cost.unpriced_tokens, "token")), Style::warn},
         {bill, Style::warn}},
        " · ");
    canvas.blank();
}

void calm_issuers(TextCanvas &canvas, Report const &report)
{
    std::vector<IssuerReport const *> clean;
    std::vector<IssuerReport const *> unjudged;
    for (auto const &issuer : report.issuers) {
        if (issuer.verdict == Verdict::clean) {
            clean.push_back(&issuer);
        } else if (!is_affected(issuer)) {
            unjudged.push_back(&issuer);
        }
    }
    calm(canvas, report, clean, {std::string{canvas.either("✓", "+")}, Style::good},
         "more whose requests stayed at home");
    calm(canvas, report, unjudged, {"?", Style::plain}, "more that could not be judged");
    canvas.blank();
}

} // namespace misroute::table
