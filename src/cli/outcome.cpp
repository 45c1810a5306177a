// SPDX-License-Identifier: Apache-2.0
#include "cli/outcome.hpp"

#include <algorithm>

namespace misroute::cli {

namespace {

/// Something was examined, and nothing that had to be was left out.
bool conclusive(Report const &report)
{
    bool const readable = !report.cluster || report.cluster->problems.empty();
    return report.examined() && report.complete() && readable;
}

/// What goes on is no news: a run that has nothing new to say is clean, even where nothing can be told as before.
ExitCode exit_code_of_changes(Report const &report, Tolerance const &tolerance)
{
    bool const news =
        tolerance.fail_on && std::ranges::any_of(report.findings, [&](Finding const &finding) {
            return is_told(finding) && finding.state != FindingState::ended && finding.severity >= *tolerance.fail_on;
        });
    if (news && !tolerance.exit_zero) {
        return ExitCode::findings;
    }
    return report.complete() && !report.changes->lost_sight ? ExitCode::clean : ExitCode::inconclusive;
}

ExitCode exit_code_of_check(std::string const &verdict, Tolerance const &tolerance)
{
    if (verdict != "pass" && verdict != "fail") {
        return tolerance.inconclusive ? ExitCode::clean : ExitCode::inconclusive;
    }
    return verdict == "pass" || tolerance.exit_zero ? ExitCode::clean : ExitCode::findings;
}

} // namespace

std::optional<Severity> severity_of(std::string const &fail_on)
{
    return fail_on == "error"     ? std::optional{Severity::error}
           : fail_on == "warning" ? std::optional{Severity::warning}
           : fail_on == "info"    ? std::optional{Severity::info}
                                  : std::nullopt;
}

ExitCode exit_code_of(Report const &report, Tolerance const &tolerance)
{
    if (report.check) {
        return exit_code_of_check(report.check->verdict, tolerance);
    }
    if (!report.totals && report.cluster && !report.cluster->unparsed.empty()) {
        return ExitCode::failure; // a file that is no manifest at all
    }
    if (report.changes) {
        return exit_code_of_changes(report, tolerance);
    }
    bool const found = tolerance.fail_on && std::ranges::any_of(report.findings, [&](Finding const &finding) {
                           return !finding.suppressed && finding.severity >= *tolerance.fail_on;
                       });
    if (found && !tolerance.exit_zero) {
        return ExitCode::findings;
    }
    return conclusive(report) ? ExitCode::clean : ExitCode::inconclusive;
}

bool nothing_changed(Report const &report)
{
    return report.changes && report.complete() && !report.changes->lost_sight &&
           std::ranges::none_of(report.findings, is_told);
}

bool nothing_to_say(Report const &report)
{
    if (report.changes) {
        return nothing_changed(report);
    }
    bool const silent =
        std::ranges::all_of(report.findings, [](auto const &finding) { return finding.suppressed.has_value(); });
    bool const mixed =
        std::ranges::any_of(report.issuers, [](auto const &issuer) { return issuer.verdict == Verdict::mixed; });
    return silent && !mixed && exit_code_of(report, {}) == ExitCode::clean;
}

} // namespace misroute::cli
