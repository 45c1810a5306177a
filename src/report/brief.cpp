// SPDX-License-Identifier: Apache-2.0
#include "report/brief.hpp"

#include "misroute/model/text.hpp"
#include "report/phrases.hpp"
#include "report/summary.hpp"
#include "report/table_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

IssuerReport const *worst(Report const &report)
{
    auto const found = std::ranges::find_if(report.issuers, table::is_affected);
    return found == report.issuers.end() ? nullptr : &*found;
}

/// What people are told of first: the gravest finding that counts.
Finding const *first_finding(Report const &report)
{
    auto const found = std::ranges::find_if(report.findings, [&](Finding const &finding) {
        return !finding.suppressed && (report.changes ? is_told(finding) : finding.severity != Severity::info);
    });
    return found == report.findings.end() ? nullptr : &*found;
}

std::string verdict(Report const &report, IssuerReport const *issuer)
{
    auto const *const finding = first_finding(report);
    auto const state = finding != nullptr && finding->state ? std::string{to_string(*finding->state)} + ": " : "";
    if (issuer != nullptr && issuer->foreign_share) {
        auto const others = std::ranges::count_if(report.issuers, table::is_affected) - 1;
        return fmt::format("{}{}: {} of {} requests answered by another instance, {}{}", state,
                           one_line(phrase::issuer(issuer->issuer)), text::grouped(issuer->counts.foreign),
                           text::grouped(issuer->counts.home + issuer->counts.foreign),
                           phrase::share(*issuer->foreign_share),
                           others > 0 ? fmt::format("; and {} more", text::counted(others, "issuer")) : "");
    }
    return finding != nullptr ? fmt::format("{}{}: {}", state, to_string(finding->rule),
                                            one_line(finding->message, k_sentence_columns))
                              : headline(report);
}

std::string cost(Report const &report)
{
    if (!report.cost || report.cost->unpriced_tokens == 0) {
        return "nothing was answered without a price";
    }
    auto const &usd = report.cost->estimated_unbilled_usd;
    return text::counted(report.cost->unpriced_tokens, "token") + " at no price" +
           (usd ? ", " + phrase::usd(*usd) + " not billed" : "");
}

std::string cause(Report const &report)
{
    return report.causes.empty() ? "none is known"
                                 : fmt::format("{} ({} {:.2f})", one_line(phrase::cause(report.causes.front().cause)),
                                               one_line(report.causes.front().cause), report.causes.front().score);
}

std::string first_line(std::string const &words)
{
    return one_line(words.substr(0, words.find('\n')), k_sentence_columns);
}

/// Of what settles the cause, else of what the finding says to do.
std::string command(Report const &report)
{
    auto const in = [](std::vector<Step> const &steps) {
        auto const found = std::ranges::find_if(steps, [](Step const &step) { return !step.command.empty(); });
        return found == steps.end() ? std::string{} : first_line(found->command);
    };
    auto const *const finding = first_finding(report);
    auto words = report.causes.empty() ? std::string{} : in(report.causes.front().next);
    if (words.empty() && finding != nullptr) {
        words = in(finding->steps);
    }
    return words.empty() ? "misroute scan" : words;
}

} // namespace

std::vector<std::string> brief_lines(Report const &report, Zone const &zone)
{
    auto const *const issuer = worst(report);
    std::vector<std::string> lines{verdict(report, issuer)};
    if (issuer == nullptr && first_finding(report) == nullptr) {
        return lines;
    }
    if (issuer != nullptr && issuer->onset && report.window) {
        lines.push_back(phrase::onset(*issuer->onset, *report.window, zone));
    }
    if (issuer != nullptr) {
        lines.push_back("cost: " + cost(report));
        lines.push_back("cause: " + cause(report));
    }
    lines.push_back("next: " + command(report));
    return lines;
}

std::string render_brief(Report const &report, RenderOptions const &options)
{
    std::string result;
    for (auto const &line : brief_lines(report, options.zone)) {
        result += text::printable(line) + "\n";
    }
    return result;
}

} // namespace misroute
