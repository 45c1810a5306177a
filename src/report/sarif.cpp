// SPDX-License-Identifier: Apache-2.0
//
// SARIF 2.1.0 (OASIS), with what GitHub's code scanning asks for on top: a location for every result, help for every
// rule, a fingerprint, and an id that keeps the uploads of different commands apart.
#include "misroute/model/text.hpp"
#include "misroute/version.hpp"
#include "report/formats.hpp"
#include "report/json_values.hpp"
#include "report/summary.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace misroute {

namespace {

/// GitHub shows at most 5,000 results of a run.
constexpr std::size_t k_results = 5000;

/// Where a finding is shown when no file is known: the name the configuration would have.
constexpr std::string_view k_default_artifact = "misroute.yaml";

std::string_view level(Severity severity)
{
    return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

/// Message texts may hold links, "[text](target)": a blank between the brackets keeps a name from being one.
Json message(std::string const &words)
{
    auto result = text::machine(words);
    for (auto at = result.find("]("); at != std::string::npos; at = result.find("](", at)) {
        result.insert(at + 1, " ");
    }
    return {{"text", result}};
}

Json strings(std::vector<std::string> const &values)
{
    auto result = Json::array();
    for (auto const &value : values) {
        result.push_back(text::machine(value));
    }
    return result;
}

/// A path as URI reference (RFC 3986): a leading "./" dropped, every byte quoted that may not stand in a path.
std::string uri_of(std::string_view path)
{
    constexpr std::string_view k_plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    auto const printable = text::machine(path);
    std::string_view rest{printable};
    while (rest.starts_with("./")) {
        rest.remove_prefix(2);
    }
    std::string result = rest.starts_with('/') ? "file://" : "";
    for (char const byte : rest) {
        bool const plain = k_plain.find(byte) != std::string_view::npos;
        result += plain ? std::string{byte} : fmt::format("%{:02X}", static_cast<unsigned char>(byte));
    }
    return result;
}

Json artifact_location(std::string const &file)
{
    Json result{{"uri", uri_of(file)}};
    if (!file.starts_with('/')) {
        result["uriBaseId"] = "%SRCROOT%";
    }
    return result;
}

Json location_of(Report const &report, Finding const &finding)
{
    auto const place = place_of(report, finding).value_or(Location{std::string{k_default_artifact}, 1});
    Json location{
        {"physicalLocation",
         {{"artifactLocation", artifact_location(place.file)}, {"region", {{"startLine", std::max(1, place.line)}}}}}};
    auto const &name = finding.object.empty() ? finding.issuer : finding.object;
    if (!name.empty()) {
        location["logicalLocations"] = {{{"fullyQualifiedName", text::machine(name)}, {"kind", "resource"}}};
    }
    return location;
}

Json evidence_of(Finding const &finding)
{
    auto result = Json::array();
    for (auto const &seen : finding.evidence) {
        result.push_back({{"time", to_rfc3339(seen.time)},
                          {"request_id", text::machine(seen.request_id)},
                          {"model", text::machine(seen.model)},
                          {"provider", text::machine(seen.provider)},
                          {"upstream", text::machine(seen.upstream)},
                          {"tokens", seen.tokens},
                          {"spend_usd", exact_usd(seen.spend_nano)}});
    }
    return result;
}

/// SARIF's own words (3.27.24); what is due to be told again has not changed.
std::string_view baseline_of(FindingState state)
{
    switch (state) {
    case FindingState::fresh:
        return "new";
    case FindingState::worse:
        return "updated";
    case FindingState::ended:
        return "absent";
    case FindingState::ongoing:
    case FindingState::reminded:
        break;
    }
    return "unchanged";
}

Json properties_of(Finding const &finding)
{
    return {{"issuer", text::machine(finding.issuer)},
            {"instance", text::machine(finding.instance)},
            {"requests", finding.requests},
            {"expected", text::machine(finding.expected)},
            {"observed", text::machine(finding.observed)},
            {"evidence", evidence_of(finding)},
            {"remedy", strings(lines_of(finding.steps))},
            {"state", finding.state ? Json(to_string(*finding.state)) : Json(nullptr)}};
}

Json suppressions_of(Finding const &finding)
{
    auto result = Json::array();
    if (finding.suppressed) {
        auto const &[reason, until] = *finding.suppressed;
        auto const words = until.empty() ? reason : reason + " (until " + until + ")";
        result.push_back({{"kind", "external"}, {"status", "accepted"}, {"justification", text::machine(words)}});
    }
    return result;
}

std::string sentence_of(Finding const &finding)
{
    auto result = finding.message.empty() ? std::string{to_string(finding.rule)} : finding.message;
    result += finding.expected.empty() ? "" : "; expected: " + finding.expected;
    return result + (finding.observed.empty() ? "" : "; observed: " + finding.observed);
}

Json results_of(Report const &report)
{
    bool const any_suppressed = std::any_of(report.findings.begin(), report.findings.end(),
                                            [](Finding const &finding) { return finding.suppressed.has_value(); });
    auto results = Json::array();
    for (auto const &finding : report.findings) {
        if (results.size() == k_results) {
            break;
        }
        Json result{{"ruleId", to_string(finding.rule)},
                    {"ruleIndex", static_cast<std::size_t>(finding.rule)},
                    {"level", level(finding.severity)},
                    {"message", message(sentence_of(finding))},
                    {"locations", {location_of(report, finding)}},
                    // GitHub's own form is a hash of the line and a count; ours stays when lines move.
                    {"partialFingerprints",
                     {{"primaryLocationLineHash", finding.fingerprint + ":1"}, {"misroute/v1", finding.fingerprint}}}};
        if (any_suppressed) { // either every result of a run has the property or none (3.27.23)
            result["suppressions"] = suppressions_of(finding);
        }
        if (finding.state) {
            result["baselineState"] = baseline_of(*finding.state);
        }
        result["properties"] = properties_of(finding);
        results.push_back(result);
    }
    return results;
}

Json rule_of(RuleRow const &rule)
{
    auto const title = text::machine(rule.title);
    auto const name = text::machine(rule.name);
    auto const *const help =
        "Each result says what was expected, what was observed and what to do, the latter under "
        "properties.remedy. `misroute scan` ranks the causes of all findings together; `misroute trace "
        "ISSUER` shows the requests of an issuer in their order.";
    return {{"id", name},
            {"shortDescription", {{"text", title}}},
            {"fullDescription", {{"text", fmt::format("{}: {}.", name, title)}}},
            {"help", {{"text", help}, {"markdown", help}}},
            {"defaultConfiguration", {{"level", level(rule.severity)}}}};
}

/// What could not be read, and what does not fit into the run.
Json notifications_of(Report const &report)
{
    auto result = Json::array();
    auto const add = [&](std::string const &words) {
        result.push_back({{"level", "warning"}, {"message", message(words)}});
    };
    for (auto const &gap : report.gaps) {
        add(fmt::format("{} to {} could not be read: {}", to_rfc3339(gap.window.since), to_rfc3339(gap.window.until),
                        gap.reason));
    }
    for (auto const &problem : report.cluster ? report.cluster->problems : std::vector<std::string>{}) {
        add(problem);
    }
    if (report.findings.size() > k_results) {
        add(fmt::format("{} findings more are not listed", report.findings.size() - k_results));
    }
    return result;
}

} // namespace

std::string render_sarif(Report const &report, RenderOptions const &options)
{
    auto rules = Json::array();
    for (auto const &row : misroute::rules()) {
        rules.push_back(rule_of(row));
    }
    Json const driver{{"name", "misroute"}, {"semanticVersion", k_version}, {"rules", rules}};
    Json const invocation{{"executionSuccessful", options.exit_code < 2 && report.complete()},
                          {"exitCode", options.exit_code},
                          {"endTimeUtc", to_rfc3339(report.generated_at)},
                          {"toolExecutionNotifications", notifications_of(report)}};
    Json const run{{"tool", {{"driver", driver}}},
                   {"automationDetails", {{"id", fmt::format("misroute/{}/", text::machine(report.command))}}},
                   {"invocations", {invocation}},
                   {"columnKind", "unicodeCodePoints"},
                   {"results", results_of(report)},
                   {"properties", {{"headline", text::machine(headline(report))}}}};
    Json const log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", {run}}};
    return dump(log, 2) + "\n";
}

} // namespace misroute
