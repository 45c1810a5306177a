// SPDX-License-Identifier: Apache-2.0
#include "report/table.hpp"

#include "report/cluster_picture.hpp"
#include "report/page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace misroute {

namespace {

using text::counted;
using text::grouped;

constexpr std::size_t k_bar = 20;           // columns of a full bar
constexpr std::size_t k_folded_issuers = 5; // issuers without trouble that are named
constexpr std::size_t k_name = 24;          // columns of a name before it is cut

std::string percent(double share)
{
    double const value = share * 100;
    return value > 0 && value < 1 ? "<1" : fmt::format("{:.0f}", value);
}

std::string money(double usd)
{
    return usd < 0.005 && usd > 0 ? "less than $0.01" : fmt::format("about ${:.2f}", usd);
}

/// "2026-11-22 20:28"; seconds where they matter.
std::string minute(Instant at)
{
    return to_timestamp(std::chrono::floor<std::chrono::seconds>(at)).substr(0, 16);
}
std::string second(Instant at)
{
    return to_timestamp(std::chrono::floor<std::chrono::seconds>(at));
}

std::string bar(Page const &page, std::int64_t part, std::int64_t whole)
{
    if (whole <= 0) {
        return {};
    }
    double const length = static_cast<double>(part) * k_bar / static_cast<double>(whole);
    auto const full = static_cast<std::size_t>(length);
    std::string result;
    for (std::size_t index = 0; index < full; ++index) {
        result += page.either("█", "#");
    }
    return length - static_cast<double>(full) >= 0.5 || (full == 0 && part > 0)
               ? result + std::string{page.either("▌", "#")}
               : result;
}

/// Draws a report; one function a part of the page, in the order of the page.
class TableReport
{
public:
    TableReport(Report const &report, RenderOptions const &options)
        : m_report{report},
          m_options{options},
          m_page{options}
    {
    }

    std::string render();

private:
    void header();
    void headline(std::vector<Span> spans, Span aside);
    void flagged(IssuerReport const &issuer);
    void uses(IssuerReport const &issuer);
    void timing(IssuerReport const &issuer);
    void price();
    void matrix();
    void calm_issuers();
    void cause(Cause const &cause, bool best);
    void causes();
    void findings();
    void object_finding(Finding const &finding);
    void remarks();
    void classes();
    void nothing();
    void checked();
    void closing();
    std::string order_sentence(Dispatch const &dispatch) const;
    std::string onset_sentence(Onset const &onset) const;

    bool is_flagged(IssuerReport const &issuer) const
    {
        return issuer.verdict == Verdict::misrouted || issuer.verdict == Verdict::mixed;
    }
    /// The issuer's own part is drawn in full; its findings need no second line.
    bool is_drawn(Finding const &finding) const
    {
        return finding.rule == "provider-mismatch" || finding.rule == "upstream-mismatch" ||
               finding.rule == "instance-mismatch" || finding.rule == "mixed-backends" ||
               finding.rule == "unpriced-traffic";
    }

    Report const &m_report;
    RenderOptions const &m_options;
    Page m_page;
};

void TableReport::header()
{
    std::vector<Span> spans{{"misroute", Style::strong}};
    if (m_report.source) {
        bool const socket = m_report.source->host.empty() || m_report.source->host.starts_with('/');
        spans.push_back({"  " + m_report.source->database + (socket ? "" : "@" + m_report.source->host)});
    }
    if (m_report.window) {
        auto const &window = *m_report.window;
        spans.push_back(
            {fmt::format("  {} {} {} UTC", minute(window.since), m_page.either("→", "to"), minute(window.until))});
        headline(spans, {fmt::format("{} in {}", counted(m_report.totals ? m_report.totals->scanned() : 0, "request"),
                                     to_text(window.length())),
                         Style::dim});
    } else {
        m_page.line(0, spans);
    }
    m_page.blank();
}

/// A line with an aside at its end, or below it where the page is too narrow.
void TableReport::headline(std::vector<Span> spans, Span aside)
{
    std::size_t width = 2 + text::width(text::printable(aside.text, m_page.charset()));
    for (auto const &span : spans) {
        width += text::width(text::printable(span.text, m_page.charset()));
    }
    if (width <= m_page.width()) {
        spans.push_back({"  " + aside.text, aside.style});
        m_page.line(0, spans);
        return;
    }
    m_page.line(0, spans);
    m_page.line(4, {aside});
}

void TableReport::uses(IssuerReport const &issuer)
{
    std::size_t owner = 4;
    std::size_t provider = 4;
    std::size_t upstream = 4;
    for (auto const &use : issuer.backends) {
        auto const name = use.owner.empty() ? "nobody" : text::printable(use.owner, m_page.charset());
        owner = std::max(owner, std::min(k_name, text::width(name)));
        provider = std::max(provider, text::width(text::printable(use.backend.provider, m_page.charset())));
        upstream = std::max(upstream, text::width(text::printable(use.backend.upstream, m_page.charset())));
    }
    provider = std::min(provider, k_name);
    upstream = std::min(upstream, 2 * k_name);
    auto const cell = [&](std::string const &value, std::string_view otherwise, std::size_t columns) {
        auto const printable = text::printable(value.empty() ? otherwise : value, m_page.charset());
        return text::padded(text::fit(printable, columns, m_page.charset()), columns + 2);
    };
    bool const configured = issuer.verdict == Verdict::misrouted;
    m_page.line(4, {{configured ? "entered at " + issuer.instance + ", answered by" : "answered by", Style::dim}});
    for (auto const &use : issuer.backends) {
        bool const foreign = use.row_class == RowClass::foreign;
        auto const style = foreign ? Style::bad : use.row_class == RowClass::home ? Style::good : Style::plain;
        std::vector<Span> spans{{foreign ? std::string{m_page.either("✗ ", "x ")} : "  ", style}};
        if (configured) {
            spans.push_back({cell(use.owner, "nobody", owner), style});
        }
        spans.push_back({cell(use.backend.provider, "?", provider)});
        spans.push_back({cell(use.backend.upstream, "?", upstream)});
        spans.push_back({fmt::format("{:>9}", grouped(use.sums.requests))});
        spans.push_back({"  " + bar(m_page, use.sums.requests, issuer.counts.scanned()), style});
        m_page.line(4, spans);
    }
}

std::string TableReport::onset_sentence(Onset const &onset) const
{
    std::string sentence = "since " + second(onset.at) + " UTC";
    if (onset.earliest < onset.at) {
        sentence += m_report.window && onset.earliest <= m_report.window->since
                        ? " or earlier"
                        : fmt::format(" (not before {})", second(onset.earliest));
    }
    sentence += onset.ongoing || !onset.ended_at ? ", ongoing" : fmt::format(", ended {}", second(*onset.ended_at));
    return onset.episodes > 1 ? fmt::format("{}, in {} episodes", sentence, onset.episodes) : sentence;
}

std::string TableReport::order_sentence(Dispatch const &dispatch) const
{
    auto const pods = dispatch.backends ? fmt::format(" over {}", counted(*dispatch.backends, "pod")) : std::string{};
    std::string what;
    switch (dispatch.pattern) {
    case Pattern::single:
        what = "one backend only";
        break;
    case Pattern::round_robin:
        what = "a round-robin" + pods;
        break;
    case Pattern::random:
        what = "a random choice" + pods;
        break;
    case Pattern::sticky:
        what = "sticky connections" + pods;
        break;
    case Pattern::switched:
        what = "a single switch";
        break;
    case Pattern::undetermined:
        return fmt::format("order {}: no pattern can be told", dispatch.order);
    }
    return fmt::format("order {}: {} {}", dispatch.order, dispatch.certain ? "is" : "compatible with", what);
}

void TableReport::timing(IssuerReport const &issuer)
{
    if (issuer.onset) {
        m_page.paragraph(4, onset_sentence(*issuer.onset), Style::plain, 2);
    }
    if (issuer.dispatch && !issuer.dispatch->order.empty()) {
        m_page.paragraph(4, order_sentence(*issuer.dispatch), Style::plain, 2);
    }
}

void TableReport::flagged(IssuerReport const &issuer)
{
    auto const &counts = issuer.counts;
    auto const name = issuer.issuer.kind == IssuerKind::host ? issuer.issuer.name : issuer.issuer.text();
    if (issuer.verdict == Verdict::misrouted) {
        auto const share = issuer.foreign_share.value_or(Share{});
        bool const owned = std::any_of(issuer.backends.begin(), issuer.backends.end(), [](BackendUse const &use) {
            return use.row_class == RowClass::foreign && !use.owner.empty();
        });
        headline({{std::string{m_page.either("✗ ", "x ")}, Style::bad},
                  {name, Style::strong},
                  {fmt::format("  {} of {} answered by {}", grouped(counts.foreign),
                               counted(counts.home + counts.foreign, "request"),
                               owned ? "another instance" : "a backend of no instance"),
                   Style::bad}},
                 {fmt::format("{} % [{}{}{} %]", percent(share.estimate), percent(share.low), m_page.either("–", "-"),
                              percent(share.high)),
                  Style::dim});
    } else {
        m_page.line(0, {{"! ", Style::warn},
                        {name, Style::strong},
                        {fmt::format("  {} alternate between {} backends", counted(counts.unassigned, "request"),
                                     issuer.backends.size()),
                         Style::warn},
                        {"  not configured", Style::dim}});
    }
    uses(issuer);
    timing(issuer);
    m_page.blank();
}

void TableReport::price()
{
    if (!m_report.cost || m_report.cost->unpriced_tokens == 0) {
        return;
    }
    auto const &cost = *m_report.cost;
    auto const bill = cost.estimated_unbilled_usd ? fmt::format(" {} {} not billed", m_page.either("·", "-"),
                                                                money(*cost.estimated_unbilled_usd))
                                                  : std::string{};
    m_page.paragraph(0, fmt::format("{} at no price{}", counted(cost.unpriced_tokens, "foreign token"), bill),
                     Style::warn);
    m_page.blank();
}

/// Entered at × answered by: equal rows mean that one pool of pods serves them all.
void TableReport::matrix()
{
    std::vector<std::string> owners;
    std::size_t rows = 0;
    for (auto const &instance : m_report.instances) {
        rows += instance.answered_by.empty() ? 0U : 1U;
        for (auto const &[owner, requests] : instance.answered_by) {
            if (std::find(owners.begin(), owners.end(), owner) == owners.end()) {
                owners.push_back(owner);
            }
        }
    }
    std::sort(owners.begin(), owners.end());
    std::size_t const column = 12;
    bool const fits = 16 + owners.size() * column <= m_page.width();
    if (rows < 2 || owners.size() < 2 || !fits || !m_report.totals || m_report.totals->foreign == 0) {
        return;
    }
    auto const cell = [&](std::string const &value, std::size_t columns) {
        return text::padded(text::fit(text::printable(value, m_page.charset()), columns - 1, m_page.charset()),
                            columns);
    };
    std::vector<Span> heading{{cell("entered at", 14), Style::dim}};
    for (auto const &owner : owners) {
        heading.push_back({cell(owner, column), Style::dim});
    }
    heading.push_back({m_page.width() >= 16 + owners.size() * column + 14 ? "<- answered by" : "", Style::dim});
    m_page.line(0, heading);
    for (auto const &instance : m_report.instances) {
        if (instance.answered_by.empty()) {
            continue;
        }
        std::vector<Span> spans{{cell(instance.name, 14)}};
        for (auto const &owner : owners) {
            auto const found = instance.answered_by.find(owner);
            bool const none = found == instance.answered_by.end();
            auto const style = none ? Style::dim : owner == instance.name ? Style::good : Style::bad;
            spans.push_back({cell(none ? "-" : grouped(found->second), column), style});
        }
        m_page.line(0, spans);
    }
    m_page.blank();
}

void TableReport::calm_issuers()
{
    std::vector<IssuerReport const *> clean;
    for (auto const &issuer : m_report.issuers) {
        if (issuer.verdict == Verdict::clean) {
            clean.push_back(&issuer);
        }
    }
    auto const shown = m_options.verbose ? clean.size() : std::min(clean.size(), k_folded_issuers);
    for (std::size_t index = 0; index < shown; ++index) {
        auto const &issuer = *clean[index];
        auto const name = issuer.issuer.kind == IssuerKind::host ? issuer.issuer.name : issuer.issuer.text();
        m_page.line(0, {{std::string{m_page.either("✓ ", "+ ")}, Style::good},
                        {name},
                        {fmt::format("  all of {} answered by {}", counted(issuer.counts.home, "request"),
                                     issuer.instance.empty() ? "their instances" : issuer.instance),
                         Style::dim}});
    }
    if (shown < clean.size()) {
        m_page.line(2, {{fmt::format("and {} more without a foreign request", clean.size() - shown), Style::dim}});
    }
    if (!clean.empty()) {
        m_page.blank();
    }
}

void TableReport::cause(Cause const &cause, bool best)
{
    auto const words = cause.confirmed ? "Confirmed cause: " : best ? "Most likely cause: " : "Less likely: ";
    m_page.line(0, {{words, best ? Style::strong : Style::dim},
                    {cause.cause, best ? Style::strong : Style::plain},
                    {fmt::format("  {:.2f}", cause.score), Style::dim}});
    auto const list = [&](std::string_view label, std::vector<std::string> const &sentences) {
        for (std::size_t index = 0; index < sentences.size(); ++index) {
            m_page.paragraph(2, fmt::format("{:<9}{}", index == 0 ? label : "", sentences[index]), Style::plain, 9);
        }
    };
    if (!best && !m_options.verbose) {
        return;
    }
    list("for", cause.evidence_for);
    list("against", cause.evidence_against.empty() ? std::vector<std::string>{"nothing"} : cause.evidence_against);
    auto const block = [&](std::string_view label, std::vector<std::string> const &steps) {
        if (!steps.empty()) {
            m_page.line(2, {{std::string{label}, Style::dim}});
        }
        for (auto const &step : steps) {
            m_page.verbatim(4, step);
        }
    };
    block("to settle it", cause.next);
    block("to end it", best ? cause.remedy : std::vector<std::string>{});
    m_page.blank();
}

void TableReport::causes()
{
    for (std::size_t index = 0; index < m_report.causes.size(); ++index) {
        cause(m_report.causes[index], index == 0);
    }
    m_page.blank();
}

void TableReport::object_finding(Finding const &finding)
{
    auto const place = finding.location ? "  " + finding.location->text() : std::string{};
    auto const style = finding.severity == Severity::error ? Style::bad : Style::warn;
    m_page.line(0, {{std::string{finding.severity == Severity::error ? m_page.either("✗ ", "x ") : "! "}, style},
                    {finding.object.empty() ? finding.rule : finding.object, Style::strong},
                    {"  " + finding.rule, style},
                    {place, Style::dim}});
    m_page.paragraph(4, finding.message);
    m_page.paragraph(4, finding.observed, Style::dim);
    for (auto const &step : finding.remedy) {
        m_page.verbatim(4, step);
    }
    m_page.blank();
}

void TableReport::findings()
{
    bool any = false;
    for (auto const &finding : m_report.findings) {
        bool const drawn = is_drawn(finding) || finding.suppressed;
        if (!finding.object.empty() && !finding.suppressed) {
            object_finding(finding);
        } else if (!drawn) {
            any = true;
            m_page.paragraph(0, fmt::format("{}: {}: {}", to_string(finding.severity), finding.rule, finding.message),
                             finding.severity == Severity::info ? Style::dim : Style::warn, 2);
            for (auto const &step : finding.remedy) {
                if (m_options.verbose || finding.severity != Severity::info) {
                    m_page.verbatim(4, step);
                }
            }
        }
    }
    if (any) {
        m_page.blank();
    }
}

void TableReport::remarks()
{
    for (auto const &gap : m_report.gaps) {
        m_page.paragraph(
            0,
            fmt::format("not read: {} to {} UTC ({})", second(gap.window.since), second(gap.window.until), gap.reason),
            Style::bad, 2);
    }
    for (auto const &note : m_report.notes) {
        m_page.paragraph(0, note, Style::dim, 2);
    }
}

void TableReport::classes()
{
    if (!m_report.totals || m_report.totals->scanned() == 0) {
        return;
    }
    auto const &totals = *m_report.totals;
    std::vector<std::string> parts;
    auto const part = [&](std::int64_t requests, std::string_view name) {
        if (requests > 0) {
            parts.push_back(fmt::format("{} {}", grouped(requests), name));
        }
    };
    part(totals.home, "home");
    part(totals.foreign, "foreign");
    part(totals.unknown, "unknown");
    part(totals.unassigned, "unassigned");
    part(totals.excluded, "excluded");
    std::vector<std::string> reasons;
    for (std::size_t index = 1; index < totals.by_reason.size(); ++index) {
        if (totals.by_reason.at(index) > 0) {
            reasons.push_back(fmt::format("{} {}", grouped(totals.by_reason.at(index)),
                                          to_string(static_cast<ExclusionReason>(index))));
        }
    }
    auto const excluded = reasons.empty() ? std::string{} : fmt::format(" ({})", fmt::join(reasons, ", "));
    m_page.paragraph(0, fmt::format("{} scanned = {}{}", grouped(totals.scanned()), fmt::join(parts, " + "), excluded),
                     Style::dim, 2);
}

void TableReport::nothing()
{
    if (!m_report.totals || m_report.totals->home + m_report.totals->foreign > 0) {
        return;
    }
    bool const mixed = std::any_of(m_report.issuers.begin(), m_report.issuers.end(),
                                   [](IssuerReport const &issuer) { return issuer.verdict == Verdict::mixed; });
    auto const &totals = *m_report.totals;
    if (totals.scanned() == 0) {
        m_page.paragraph(0, "no rows in this window: nothing was examined", Style::warn);
        m_page.paragraph(0, "widen it with --since 7d; \"misroute doctor\" shows the newest row");
        m_page.blank();
    } else if (!mixed) {
        m_page.paragraph(0,
                         "no request could be judged: none of them is known to belong to an instance and tells who "
                         "answered it",
                         Style::warn);
        m_page.paragraph(0, m_report.config_file.empty()
                                ? "write a configuration with \"misroute init\", or by hand: docs/configuration.md"
                                : "compare the hosts and keys of the configuration with \"misroute doctor\"");
        m_page.blank();
    }
}

void TableReport::checked()
{
    if (m_report.check) {
        bool const pass = m_report.check->verdict == "pass";
        m_page.paragraph(0, m_report.check->verdict + ": " + m_report.check->sentence,
                         pass ? Style::good : Style::warn);
        m_page.blank();
    }
}

void TableReport::closing()
{
    std::array<std::int64_t, 3> counts{};
    std::int64_t suppressed = 0;
    for (auto const &finding : m_report.findings) {
        (finding.suppressed ? suppressed : counts.at(static_cast<std::size_t>(finding.severity)))++;
    }
    std::vector<std::string> parts;
    for (auto const severity : {Severity::error, Severity::warning, Severity::info}) {
        auto const count = counts.at(static_cast<std::size_t>(severity));
        if (count > 0) {
            parts.push_back(severity == Severity::info ? fmt::format("{} info", count)
                                                       : counted(count, to_string(severity)));
        }
    }
    if (suppressed > 0) {
        parts.push_back(fmt::format("{} suppressed", suppressed));
    }
    auto const found = parts.empty() ? std::string{"no findings"} : fmt::format("{}", fmt::join(parts, ", "));
    m_page.line(0, {{found, counts.at(2) > 0 ? Style::bad : Style::strong},
                    {m_report.complete() ? "" : fmt::format(" {} incomplete", m_page.either("·", "-")), Style::bad},
                    {fmt::format(" {} exit {}", m_page.either("·", "-"), m_options.exit_code), Style::dim}});
}

std::string TableReport::render()
{
    header();
    checked();
    if (m_report.cluster) {
        draw_cluster(m_page, *m_report.cluster);
    }
    for (auto const &issuer : m_report.issuers) {
        if (is_flagged(issuer)) {
            flagged(issuer);
        }
    }
    price();
    matrix();
    calm_issuers();
    nothing();
    causes();
    findings();
    remarks();
    classes();
    closing();
    return m_page.text();
}

} // namespace

std::string render_table(Report const &report, RenderOptions const &options)
{
    return TableReport{report, options}.render();
}

} // namespace misroute
