// SPDX-License-Identifier: Apache-2.0
#include "report/json.hpp"

#include "misroute/model/text.hpp"
#include "misroute/version.hpp"

namespace misroute {

namespace {

constexpr int k_share_decimals = 3;

template <typename Value, typename Write>
Json array_of(std::vector<Value> const &values, Write write)
{
    auto array = Json::array();
    for (auto const &value : values) {
        array.push_back(write(value));
    }
    return array;
}

template <typename Value, typename Write>
Json or_null(std::optional<Value> const &value, Write write)
{
    return value ? write(*value) : Json(nullptr);
}

Json source_value(SourceInfo const &source)
{
    return {{"kind", text_value(source.kind)},
            {"database", text_value(source.database)},
            {"relation", text_value(source.relation)},
            {"host", name_value(source.host)}};
}

Json gap_value(Gap const &gap)
{
    auto json = window_value(gap.window);
    json["reason"] = text_value(gap.reason);
    return json;
}

Json totals_value(ClassCounts const &counts)
{
    Json json{{"scanned", counts.scanned()},         {"home", counts.home},         {"foreign", counts.foreign},
              {"unknown", counts.unknown},           {"excluded", counts.excluded}, {"unassigned", counts.unassigned},
              {"excluded_by_reason", Json::object()}};
    for (std::size_t reason = 1; reason < k_exclusion_reasons; ++reason) {
        auto const name = to_string(static_cast<ExclusionReason>(reason));
        json["excluded_by_reason"][std::string{name}] = counts.by_reason.at(reason);
    }
    return json;
}

Json cost_value(Cost const &cost)
{
    return {{"foreign_tokens", cost.foreign_tokens},
            {"foreign_spend_usd", usd_value(cost.foreign_spend_nano)},
            {"unpriced_requests", cost.unpriced_requests},
            {"unpriced_tokens", cost.unpriced_tokens},
            {"estimated_unbilled_usd", number_value(cost.estimated_unbilled_usd, 4)}};
}

// Cleaning may make two hostile names equal; their counts are then added, so that nothing is lost.
Json counts_by_name(std::map<std::string, std::int64_t> const &counts)
{
    std::map<std::string, std::int64_t> cleaned;
    for (auto const &[name, count] : counts) {
        cleaned[text::machine(name)] += count;
    }
    return cleaned;
}

Json instance_value(InstanceReport const &instance)
{
    return {{"name", text_value(instance.name)},
            {"verdict", to_string(instance.verdict)},
            {"requests", instance.counts.scanned()},
            {"home", instance.counts.home},
            {"foreign", instance.counts.foreign},
            {"answered_by", counts_by_name(instance.answered_by)},
            {"unknown", instance.counts.unknown},
            {"excluded", instance.counts.excluded},
            {"location", location_value(instance.location)}};
}

Json share_value(Share const &share)
{
    return {{"estimate", number_value(share.estimate, k_share_decimals)},
            {"low", number_value(share.low, k_share_decimals)},
            {"high", number_value(share.high, k_share_decimals)}};
}

Json backend_value(BackendUse const &use)
{
    return {{"provider", name_value(use.backend.provider)},
            {"upstream", name_value(use.backend.upstream)},
            {"owner", name_value(use.owner.text())},
            {"class", to_string(use.row_class)},
            {"requests", use.sums.requests},
            {"tokens", use.sums.tokens},
            {"spend_usd", usd_value(use.sums.spend_nano)},
            {"models", texts_value(use.models)},
            {"first_seen", time_value(use.sums.first)},
            {"last_seen", time_value(use.sums.last)},
            {"stamp", name_value(use.backend.stamp)},
            {"unpriced_requests", use.sums.unpriced_requests},
            {"unpriced_tokens", use.sums.unpriced_tokens}};
}

Json onset_value(Onset const &onset)
{
    return {{"earliest", time_value(onset.earliest)},
            {"at", time_value(onset.at)},
            {"ended_at", or_null(onset.ended_at, time_value)},
            {"ongoing", onset.ongoing},
            {"episodes", onset.episodes}};
}

Json point_value(CoursePoint const &point)
{
    auto json = window_value(point.stretch);
    json["home"] = point.home;
    json["foreign"] = point.foreign;
    json["by_owner"] = counts_by_name(point.by_owner);
    json["unpriced_tokens"] = point.unpriced_tokens;
    return json;
}

Json answered_value(AnsweredRequest const &request)
{
    return {{"time", time_value(request.time)},
            {"answered_by", text_value(request.answered_by)},
            {"class", to_string(request.row_class)},
            {"model", text_value(request.model)}};
}

Json excluded_elsewhere_value(IssuerReport const &issuer)
{
    std::map<std::string, std::int64_t> by_name;
    for (auto const &[owner, requests] : issuer.excluded_elsewhere) {
        by_name[owner.text()] += requests;
    }
    return counts_by_name(by_name);
}

Json issuer_value(IssuerReport const &issuer)
{
    return {{"issuer", text_value(issuer.issuer.text())},
            {"instance", name_value(issuer.instance.text())},
            {"verdict", to_string(issuer.verdict)},
            {"requests", issuer.counts.scanned()},
            {"home", issuer.counts.home},
            {"foreign", issuer.counts.foreign},
            {"unknown", issuer.counts.unknown},
            {"excluded", issuer.counts.excluded},
            {"unassigned", issuer.counts.unassigned},
            {"foreign_share", or_null(issuer.foreign_share, share_value)},
            {"backends", array_of(issuer.backends, backend_value)},
            {"onset", or_null(issuer.onset, onset_value)},
            {"dispatch", dispatch_value(issuer.dispatch)},
            {"series", array_of(issuer.series, point_value)},
            {"sequence", array_of(issuer.sequence, answered_value)},
            {"excluded_elsewhere", excluded_elsewhere_value(issuer)}};
}

Json evidence_value(Evidence const &evidence)
{
    return {{"time", time_value(evidence.time)},          {"request_id", text_value(evidence.request_id)},
            {"model", text_value(evidence.model)},        {"provider", name_value(evidence.provider)},
            {"upstream", name_value(evidence.upstream)},  {"tokens", evidence.tokens},
            {"spend_usd", usd_value(evidence.spend_nano)}};
}

Json suppression_value(Suppression const &suppression)
{
    return {{"reason", text_value(suppression.reason)}, {"until", name_value(suppression.until)}};
}

Json step_value(Step const &step)
{
    return {{"text", name_value(step.text)},
            {"command", name_value(step.command)},
            {"object", name_value(step.object)},
            {"patch", name_value(step.patch)}};
}

Json finding_value(Finding const &finding)
{
    return {{"rule", to_string(finding.rule)},
            {"severity", to_string(finding.severity)},
            {"fingerprint", text_value(finding.fingerprint)},
            {"issuer", name_value(finding.issuer)},
            {"instance", name_value(finding.instance)},
            {"requests", finding.requests},
            {"message", text_value(finding.message)},
            {"expected", text_value(finding.expected)},
            {"observed", text_value(finding.observed)},
            {"evidence", array_of(finding.evidence, evidence_value)},
            {"remedy", texts_value(lines_of(finding.steps))},
            {"location", location_value(finding.location)},
            {"suppressed", or_null(finding.suppressed, suppression_value)},
            {"object", name_value(finding.object)},
            {"steps", array_of(finding.steps, step_value)},
            {"state", finding.state ? Json(to_string(*finding.state)) : Json(nullptr)}};
}

Json changes_value(Changes const &changes)
{
    return {{"since", or_null(changes.since, time_value)}, {"lost_sight", changes.lost_sight}};
}

Json cause_value(Cause const &cause)
{
    return {{"cause", text_value(cause.cause)},
            {"score", number_value(cause.score, 2)},
            {"for", texts_value(cause.evidence_for)},
            {"against", texts_value(cause.evidence_against)},
            {"next", texts_value(lines_of(cause.next))},
            {"confirmed", cause.confirmed},
            {"remedy", texts_value(lines_of(cause.steps))},
            {"settle", array_of(cause.next, step_value)},
            {"steps", array_of(cause.steps, step_value)}};
}

Json checked_value(CheckResult const &check, CheckedInstance const &instance)
{
    return {{"name", text_value(instance.name)},
            {"home", instance.home},
            {"foreign", instance.foreign},
            {"excludes_share", number_value(instance.excludes_share, k_share_decimals)},
            {"confidence", number_value(check.confidence, 4)},
            {"effective", number_value(instance.effective, 2)},
            {"verdict", text_value(instance.verdict)},
            {"sentence", text_value(instance.sentence)}};
}

Json check_value(CheckResult const &check)
{
    return {{"verdict", text_value(check.verdict)},
            {"waited_seconds", check.waited_seconds},
            {"instances", array_of(check.instances,
                                   [&](CheckedInstance const &instance) { return checked_value(check, instance); })},
            {"sentence", text_value(check.sentence)},
            {"exclude_share", number_value(check.exclude_share, 4)},
            {"confidence", number_value(check.confidence, 4)}};
}

} // namespace

Report as_written(Report report)
{
    for (auto &issuer : report.issuers) {
        if (auto &share = issuer.foreign_share) {
            share = Share{rounded(share->estimate, k_share_decimals), rounded(share->low, k_share_decimals),
                          rounded(share->high, k_share_decimals)};
        }
    }
    for (auto &cause : report.causes) {
        cause.score = rounded(cause.score, 2);
    }
    if (report.cost && report.cost->estimated_unbilled_usd) {
        report.cost->estimated_unbilled_usd = rounded(*report.cost->estimated_unbilled_usd, 4);
    }
    return report;
}

std::string render_json(Report const &report, RenderOptions const &)
{
    Json json{
        {"schema", "misroute.report/1"},
        {"tool",
         {{"name", "misroute"}, {"version", report.version.empty() ? Json(k_version) : text_value(report.version)}}},
        {"generated_at", time_value(report.generated_at)},
        {"command", text_value(report.command)},
        {"window", or_null(report.window, window_value)},
        {"source", or_null(report.source, source_value)},
        {"by", text_value(report.by)},
        {"complete", report.complete()},
        {"gaps", array_of(report.gaps, gap_value)},
        {"totals", or_null(report.totals, totals_value)},
        {"cost", or_null(report.cost, cost_value)},
        {"instances", array_of(report.instances, instance_value)},
        {"issuers", array_of(report.issuers, issuer_value)},
        {"findings", array_of(report.findings, finding_value)},
        {"causes", array_of(report.causes, cause_value)},
        {"cluster", or_null(report.cluster, cluster_value)}};
    if (report.check) {
        json["check"] = check_value(*report.check);
    }
    if (report.changes) {
        json["changes"] = changes_value(*report.changes);
    }
    json["notes"] = texts_value(report.notes);
    json["config"] = name_value(report.config_file);
    return dump(json, 2) + "\n";
}

} // namespace misroute
