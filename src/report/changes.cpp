// SPDX-License-Identifier: Apache-2.0
#include "misroute/report.hpp"

#include <algorithm>

namespace misroute {

namespace {

bool explains_something(Finding const &finding)
{
    return is_told(finding) && finding.severity != Severity::info &&
           (finding.state == FindingState::fresh || finding.state == FindingState::worse);
}

/// What it costs is a part of an incident that is told anyway.
bool is_told_with(std::vector<Finding> const &findings, Finding const &finding)
{
    return finding.rule == Rule::unpriced_traffic && std::ranges::any_of(findings, [&](Finding const &other) {
               return row_of(other.rule).is_mismatch && is_told(other) && other.issuer == finding.issuer &&
                      other.state == finding.state;
           });
}

} // namespace

Report only_changes(Report const &report)
{
    auto result = report;
    std::erase_if(result.findings,
                  [&](Finding const &finding) { return !is_told(finding) || is_told_with(report.findings, finding); });
    std::erase_if(result.issuers, [&](IssuerReport const &issuer) {
        return std::ranges::find(result.findings, issuer.issuer.text(), &Finding::issuer) == result.findings.end();
    });
    if (std::ranges::none_of(result.findings, explains_something)) {
        result.causes.clear();
        if (!report.partial) { // else they say why
            result.notes.clear();
        }
    }
    return result;
}

} // namespace misroute
