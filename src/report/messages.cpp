// SPDX-License-Identifier: Apache-2.0
#include "report/messages.hpp"

#include "misroute/model/text.hpp"
#include "report/brief.hpp"
#include "report/json_values.hpp"
#include "report/phrases.hpp"
#include "report/summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace misroute {

namespace {

/// No byte in it ends a block of code, or is an entity, a link or a mention to Slack.
std::string harmless_in_code(std::string_view words)
{
    std::string result;
    for (char const byte : words) {
        result += byte == '`'   ? "'"
                  : byte == '&' ? "&amp;"
                  : byte == '<' ? "&lt;"
                  : byte == '>' ? "&gt;"
                                : std::string{byte};
    }
    return result;
}

Onset const *onset_of(Report const &report, Finding const &finding)
{
    auto const issuer = std::ranges::find_if(
        report.issuers, [&](IssuerReport const &one) { return one.issuer.text() == finding.issuer; });
    return issuer != report.issuers.end() && issuer->onset ? &*issuer->onset : nullptr;
}

Json labels_of(Finding const &finding)
{
    Json labels{
        {"alertname", "Misroute"}, {"rule", to_string(finding.rule)}, {"severity", to_string(finding.severity)}};
    auto const add = [&](char const *name, std::string const &value) {
        if (!value.empty()) {
            labels[name] = text::machine(one_line(value));
        }
    };
    add("instance", finding.instance);
    add("issuer", finding.issuer);
    add("object", finding.object);
    add("fingerprint", finding.fingerprint);
    return labels;
}

Json annotations_of(Report const &report, Finding const &finding)
{
    Json annotations{{"summary", text_value(one_line(finding.message, k_sentence_columns))},
                     {"expected", text_value(finding.expected)},
                     {"observed", text_value(finding.observed)}};
    if (!report.causes.empty() && row_of(finding.rule).is_mismatch) {
        annotations["cause"] = text_value(phrase::cause(report.causes.front().cause));
    }
    return annotations;
}

Json alert_of(Report const &report, Finding const &finding)
{
    auto const *const onset = onset_of(report, finding);
    auto const begin = onset != nullptr ? onset->at : report.window ? report.window->since : report.generated_at;
    bool const over = finding.state == FindingState::ended || (onset != nullptr && !onset->ongoing);
    auto const end = !over                                 ? report.generated_at + k_alert_lives
                     : onset != nullptr && onset->ended_at ? *onset->ended_at
                                                           : report.generated_at;
    return {{"labels", labels_of(finding)},
            {"annotations", annotations_of(report, finding)},
            {"startsAt", time_value(begin)},
            {"endsAt", time_value(end)}};
}

} // namespace

std::string render_slack(Report const &report, RenderOptions const &options)
{
    std::string text = "*misroute*\n```\n";
    for (auto const &line : brief_lines(report, options.zone)) {
        text += harmless_in_code(text::printable(line)) + "\n";
    }
    return dump(Json{{"text", text + "```"}}, 2) + "\n";
}

std::string render_teams(Report const &report, RenderOptions const &options)
{
    auto body = Json::array();
    body.push_back({{"type", "TextBlock"}, {"text", "misroute"}, {"weight", "Bolder"}});
    for (auto const &line : brief_lines(report, options.zone)) {
        body.push_back(
            {{"type", "RichTextBlock"},
             {"inlines",
              {{{"type", "TextRun"}, {"text", text_value(text::printable(line))}, {"fontType", "Monospace"}}}}});
    }
    Json const card{{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
                    {"type", "AdaptiveCard"},
                    {"version", "1.4"},
                    {"body", body}};
    auto attachments = Json::array();
    attachments.push_back({{"contentType", "application/vnd.microsoft.card.adaptive"}, {"content", card}});
    return dump(Json{{"type", "message"}, {"attachments", attachments}}, 2) + "\n";
}

std::string render_alerts(Report const &report, RenderOptions const &)
{
    auto alerts = Json::array();
    for (auto const &finding : report.findings) {
        if (!finding.suppressed && finding.severity != Severity::info) {
            alerts.push_back(alert_of(report, finding));
        }
    }
    return dump(alerts, 2) + "\n";
}

} // namespace misroute
