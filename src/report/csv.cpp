// SPDX-License-Identifier: Apache-2.0
//
// RFC 4180, made for spreadsheets: first a row per issuer and backend ("traffic"), which is what people sum and pivot,
// then a row per finding ("finding"). One header serves both; a column that does not apply is empty.
#include "report/csv_cell.hpp"
#include "report/formats.hpp"
#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace misroute {

namespace {

constexpr std::array<std::string_view, 29> k_columns{
    "record",   "since",    "until",      "instance",    "issuer",    "verdict",           "class",      "owner",
    "provider", "upstream", "requests",   "tokens",      "spend_usd", "unpriced_requests", "first_seen", "last_seen",
    "models",   "rule",     "severity",   "object",      "message",   "expected",          "observed",   "remedy",
    "file",     "line",     "suppressed", "fingerprint", "state"};

/// A row by the name of its columns.
class Line
{
public:
    Line &text(std::string_view column, std::string_view value)
    {
        at(column) = csv_cell(value);
        return *this;
    }

    /// Our own digits, dots and signs: they may be unquoted, and a minus is a minus.
    Line &number(std::string_view column, std::string value)
    {
        at(column) = std::move(value);
        return *this;
    }

    std::string str() const { return fmt::format("{}\r\n", fmt::join(m_cells, ",")); }

private:
    std::string &at(std::string_view column)
    {
        auto const *const found = std::find(k_columns.begin(), k_columns.end(), column);
        return m_cells.at(static_cast<std::size_t>(found - k_columns.begin()));
    }

    std::array<std::string, k_columns.size()> m_cells;
};

Line line(Report const &report, std::string_view record)
{
    Line result;
    result.text("record", record);
    if (report.window) {
        result.text("since", to_rfc3339(report.window->since)).text("until", to_rfc3339(report.window->until));
    }
    return result;
}

std::string traffic(Report const &report, IssuerReport const &issuer, BackendUse const &use)
{
    auto result = line(report, "traffic");
    result.text("instance", issuer.instance.text())
        .text("issuer", issuer.issuer.text())
        .text("verdict", to_string(issuer.verdict))
        .text("class", to_string(use.row_class))
        .text("owner", use.owner.text())
        .text("provider", use.backend.provider)
        .text("upstream", use.backend.upstream)
        .number("requests", std::to_string(use.sums.requests))
        .number("tokens", std::to_string(use.sums.tokens))
        .number("spend_usd", exact_usd(use.sums.spend_nano))
        .number("unpriced_requests", std::to_string(use.sums.unpriced_requests))
        .text("models", fmt::format("{}", fmt::join(use.models, " ")));
    if (use.sums.requests > 0) {
        result.text("first_seen", to_rfc3339(use.sums.first)).text("last_seen", to_rfc3339(use.sums.last));
    }
    return result.str();
}

std::string finding_row(Report const &report, Finding const &finding)
{
    auto result = line(report, "finding");
    result.text("instance", finding.instance)
        .text("issuer", finding.issuer)
        .number("requests", std::to_string(finding.requests))
        .text("rule", to_string(finding.rule))
        .text("severity", to_string(finding.severity))
        .text("object", finding.object)
        .text("message", finding.message)
        .text("expected", finding.expected)
        .text("observed", finding.observed)
        .text("remedy", fmt::format("{}", fmt::join(lines_of(finding.steps), "; ")))
        .text("fingerprint", finding.fingerprint)
        .text("state", finding.state ? to_string(*finding.state) : "");
    if (finding.location) {
        result.text("file", finding.location->file).number("line", std::to_string(finding.location->line));
    }
    if (finding.suppressed) {
        auto const &[reason, until] = *finding.suppressed;
        result.text("suppressed", until.empty() ? reason : reason + " (until " + until + ")");
    }
    return result.str();
}

} // namespace

std::string render_csv(Report const &report, RenderOptions const & /*options*/)
{
    auto result = fmt::format("{}\r\n", fmt::join(k_columns, ","));
    for (auto const &issuer : report.issuers) {
        for (auto const &use : issuer.backends) {
            result += traffic(report, issuer, use);
        }
    }
    for (auto const &finding : report.findings) {
        result += finding_row(report, finding);
    }
    return result;
}

} // namespace misroute
