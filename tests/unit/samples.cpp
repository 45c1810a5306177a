// SPDX-License-Identifier: Apache-2.0
#include "samples.hpp"

namespace misroute::samples {

using namespace std::chrono_literals;

namespace {

Instant on_the_day(Milliseconds since_midnight)
{
    return k_day + since_midnight;
}

Report scan()
{
    Report report;
    report.command = "scan";
    report.generated_at = k_day + 38h;
    report.window = Window{.since = k_day + 14h, .until = k_day + 38h};
    report.source = SourceInfo{
        .kind = "postgres", .database = "litellm", .host = "db.internal", .relation = "public.LiteLLM_SpendLogs"};
    report.by = "host";
    report.totals = ClassCounts{};
    report.cost = Cost{};
    report.config_file = "misroute.yaml";
    return report;
}

Sums sums_of(std::vector<JudgedRow> const &rows, std::string const &owner)
{
    Sums sums;
    for (auto const &[row, judged] : rows) {
        if (judged.owner != owner) {
            continue;
        }
        sums.requests += 1;
        sums.tokens += row.tokens;
        sums.spend_nano += row.spend_nano;
        sums.unpriced_requests += row.spend_nano == 0 ? 1 : 0;
        sums.unpriced_tokens += row.spend_nano == 0 ? row.tokens : 0;
        sums.first = std::min(sums.first, row.time);
        sums.last = std::max(sums.last, row.time);
    }
    return sums;
}

Backend const k_claude{.provider = "anthropic", .upstream = "api.anthropic.com", .stamp = ""};
Backend const k_kelly{.provider = "openai", .upstream = "kellycloudai.com", .stamp = ""};
Backend const k_yxaiapp{.provider = "openai", .upstream = "yxaiapp.com", .stamp = ""};

JudgedRow incident_row(int number, Milliseconds since_midnight, Backend const &backend, std::int64_t tokens,
                       std::int64_t spend_nano)
{
    auto const is_home = backend == k_claude;
    JudgedRow judged;
    judged.row.time = on_the_day(since_midnight);
    judged.row.request_id = "chatcmpl-" + std::to_string(number);
    judged.row.key.host = "claude.goodvision.tech";
    judged.row.key.key = "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b";
    judged.row.key.backend = backend;
    judged.row.key.model = backend.provider + "/claude-opus-4-6";
    judged.row.key.model_group = "claude-opus-4-6";
    judged.row.tokens = tokens;
    judged.row.spend_nano = spend_nano;
    judged.judged.row_class = is_home ? RowClass::home : RowClass::foreign;
    judged.judged.owner = is_home ? "claude" : backend == k_kelly ? "kelly" : "yxaiapp";
    judged.judged.instance = "claude";
    judged.judged.rule = is_home ? std::nullopt : std::optional{Rule::provider_mismatch};
    return judged;
}

std::vector<Evidence> evidence_of(std::vector<JudgedRow> const &rows)
{
    std::vector<Evidence> evidence;
    for (auto const &[row, judged] : rows) {
        if (judged.row_class == RowClass::foreign) {
            evidence.push_back({.time = row.time,
                                .request_id = row.request_id,
                                .model = row.key.model,
                                .provider = row.key.backend.provider,
                                .upstream = row.key.backend.upstream,
                                .tokens = row.tokens,
                                .spend_nano = row.spend_nano});
        }
    }
    return evidence;
}

std::vector<BackendUse> incident_backends()
{
    auto const rows = incident_rows();
    auto const use = [&](Backend const &backend, std::string const &owner, RowClass row_class) {
        return BackendUse{.backend = backend,
                          .owner = owner,
                          .row_class = row_class,
                          .sums = sums_of(rows, owner),
                          .models = {backend.provider + "/claude-opus-4-6"}};
    };
    return {use(k_claude, "claude", RowClass::home), use(k_kelly, "kelly", RowClass::foreign),
            use(k_yxaiapp, "yxaiapp", RowClass::foreign)};
}

IssuerReport incident_issuer()
{
    IssuerReport issuer;
    issuer.issuer = {IssuerKind::host, "claude.goodvision.tech"};
    issuer.instance = "claude";
    issuer.verdict = Verdict::misrouted;
    issuer.counts.home = 3;
    issuer.counts.foreign = 5;
    issuer.foreign_share = Share{.estimate = 0.625, .low = 0.30574, .high = 0.86316};
    issuer.backends = incident_backends();
    issuer.onset = Onset{.earliest = on_the_day(20h + 28min + 15s), .at = on_the_day(20h + 28min + 21s)};
    issuer.dispatch = Dispatch{.pattern = Pattern::round_robin,
                               .backends = 3,
                               .backends_interval = Share{.estimate = 3, .low = 1.44, .high = 7.3},
                               .certain = false,
                               .z = 1.5612,
                               .order = "A K Y A K Y A K"};
    return issuer;
}

InstanceReport instance(std::string name, Verdict verdict, ClassCounts const &counts,
                        std::map<std::string, std::int64_t> answered_by, int line)
{
    return {.name = std::move(name),
            .verdict = verdict,
            .counts = counts,
            .answered_by = std::move(answered_by),
            .location = Location{.file = "misroute.yaml", .line = line}};
}

Finding provider_mismatch()
{
    Finding finding;
    finding.rule = Rule::provider_mismatch;
    finding.severity = Severity::error;
    finding.fingerprint = "5f0c3a9d1b2e4f60";
    finding.issuer = "host:claude.goodvision.tech";
    finding.instance = "claude";
    finding.requests = 5;
    finding.message = "5 of 8 requests entered at claude and were answered by kelly, yxaiapp";
    finding.expected = "anthropic at api.anthropic.com";
    finding.observed = "openai at kellycloudai.com, yxaiapp.com";
    finding.evidence = evidence_of(incident_rows());
    finding.steps = {{.text = "see the most likely cause below"}};
    finding.location = Location{.file = "misroute.yaml", .line = 6};
    return finding;
}

Finding unpriced_traffic()
{
    Finding finding;
    finding.rule = Rule::unpriced_traffic;
    finding.severity = Severity::warning;
    finding.fingerprint = "91ab04de77c25e13";
    finding.issuer = "host:claude.goodvision.tech";
    finding.instance = "claude";
    finding.requests = 5;
    finding.message = "38,672 tokens of 5 requests cost nothing while the same model group is priced at home: about "
                      "$0.21 was not billed";
    finding.expected = "a price above zero for claude-opus-4-6";
    finding.observed = "spend 0 at kellycloudai.com, yxaiapp.com";
    finding.steps = {
        {.text = "end the misrouting; then give every deployment of a wildcard model its price in model_info"}};
    finding.location = Location{.file = "misroute.yaml", .line = 6};
    return finding;
}

Finding no_traffic(std::string const &name, std::string const &host, std::string fingerprint, int line)
{
    Finding finding;
    finding.rule = Rule::no_traffic;
    finding.severity = Severity::info;
    finding.fingerprint = std::move(fingerprint);
    finding.instance = name;
    finding.message = "no request entered at " + name + " in this window";
    finding.expected = "requests to " + host;
    finding.observed = "none";
    finding.steps = {{.text = "check that " + host + " is written the way LiteLLM logs it, or widen the window"}};
    finding.location = Location{.file = "misroute.yaml", .line = line};
    return finding;
}

std::string const k_selector_patch = "kubectl -n litellm patch service claude-litellm --type merge -p \\\n"
                                     "  '{\"spec\":{\"selector\":{\"app\":\"litellm\",\"instance\":\"claude\"}}}'";

Cause selector_cause()
{
    Cause cause;
    cause.cause = "service-selects-other-instances";
    cause.score = 0.93;
    cause.evidence_for = {"three owners interleave within seconds",
                          "the order repeats every three requests, and three instances are configured"};
    cause.next = {{.command = "kubectl -n litellm get endpointslices   # one address per replica?"},
                  {.command = "kubectl kustomize deploy/instances/claude | misroute k8s -"}};
    cause.steps = {{.text = "give the pods of each instance a label of their own (labels: includeTemplates: true) and "
                            "wait for the rollout"},
                   {.text = "then select by it:", .command = k_selector_patch},
                   {.text = "prove it:", .command = "misroute scan --since 10m"}};
    return cause;
}

} // namespace

std::vector<JudgedRow> incident_rows()
{
    return {incident_row(1, 20h + 28min + 15s, k_claude, 2527, 16'000'000),
            incident_row(2, 20h + 28min + 21s, k_kelly, 9243, 0),
            incident_row(3, 20h + 28min + 29s, k_yxaiapp, 130, 0),
            incident_row(4, 20h + 28min + 40s, k_claude, 12355, 65'000'000),
            incident_row(5, 20h + 28min + 46s, k_kelly, 13498, 0),
            incident_row(6, 20h + 28min + 54s, k_yxaiapp, 168, 0),
            incident_row(7, 20h + 29min + 3s, k_claude, 14333, 76'000'000),
            incident_row(8, 20h + 29min + 12s, k_kelly, 15633, 0)};
}

Report incident()
{
    auto report = scan();
    ClassCounts const counts{.home = 3, .foreign = 5};
    report.totals = counts;
    report.cost = Cost{.foreign_tokens = 38672,
                       .foreign_spend_nano = 0,
                       .unpriced_requests = 5,
                       .unpriced_tokens = 38672,
                       .estimated_unbilled_usd = 0.157 / 29215 * 38672};
    report.instances = {
        instance("claude", Verdict::misrouted, counts, {{"claude", 3}, {"kelly", 3}, {"yxaiapp", 2}}, 6),
        instance("kelly", Verdict::no_traffic, {}, {}, 13), instance("yxaiapp", Verdict::no_traffic, {}, {}, 16)};
    report.issuers = {incident_issuer()};
    report.findings = {provider_mismatch(), unpriced_traffic(),
                       no_traffic("kelly", "llm.goodvision.tech", "02c9d7ab15e64f38", 13),
                       no_traffic("yxaiapp", "ai.goodvision.tech", "c47712e0aa93bd01", 16)};
    report.causes = {selector_cause()};
    report.causes.push_back(
        {.cause = "fallback-between-providers",
         .score = 0.12,
         .evidence_for = {"this LiteLLM version writes no fallback markers"},
         .evidence_against = {"no failure stands right before a foreign answer"},
         .next = {{.command = "grep -n fallbacks config.yaml"}},
         .steps = {{.text = "remove the fallback from router_settings, or add its target to expect"}}});
    report.notes = {"the database adds no models: 0 rows in both tables"};
    return report;
}

Report empty()
{
    auto report = scan();
    report.config_file.clear();
    return report;
}

Report nothing_judged()
{
    auto report = scan();
    ClassCounts counts{.excluded = 18, .unassigned = 1402};
    counts.by_reason[static_cast<std::size_t>(ExclusionReason::failure)] = 17;
    counts.by_reason[static_cast<std::size_t>(ExclusionReason::cache_hit)] = 1;
    report.totals = counts;
    IssuerReport issuer;
    issuer.issuer = {IssuerKind::key, "batch-importer"};
    issuer.counts = counts;
    issuer.backends = {{.backend = k_kelly,
                        .owner = "",
                        .row_class = RowClass::unassigned,
                        .sums = {.requests = 1402,
                                 .tokens = 90211,
                                 .spend_nano = 1'000'000'001,
                                 .first = on_the_day(15h),
                                 .last = on_the_day(20h)},
                        .models = {"openai/gpt-5"}}};
    report.issuers = {issuer};
    Finding finding;
    finding.rule = Rule::unattributed_traffic;
    finding.fingerprint = "77aa10c3b94f2e65";
    finding.requests = 1420;
    finding.message = "1,420 of 1,420 rows name no host although hosts are configured";
    finding.expected = "the tag \"host: NAME\" on every row";
    finding.observed = "no such tag";
    finding.steps = {{.patch = "litellm_settings:\n  extra_spend_tag_headers: [\"host\"]"}};
    report.findings = {finding};
    return report;
}

Report clean()
{
    auto report = scan();
    struct Member
    {
        std::string name;
        std::string host;
        Backend backend;
        std::int64_t home;
        int line;
    };
    std::vector<Member> const members{{"claude", "claude.goodvision.tech", k_claude, 800, 6},
                                      {"kelly", "llm.goodvision.tech", k_kelly, 300, 13},
                                      {"yxaiapp", "ai.goodvision.tech", k_yxaiapp, 75, 16}};
    ClassCounts totals;
    for (auto const &[name, host, backend, home, line] : members) {
        ClassCounts counts{.home = home};
        if (name == "claude") {
            counts.excluded = 29;
            counts.by_reason[static_cast<std::size_t>(ExclusionReason::cache_hit)] = 25;
            counts.by_reason[static_cast<std::size_t>(ExclusionReason::failure)] = 3;
            counts.by_reason[static_cast<std::size_t>(ExclusionReason::health_check)] = 1;
            totals.by_reason = counts.by_reason;
        }
        totals.home += counts.home;
        totals.excluded += counts.excluded;
        report.instances.push_back(instance(name, Verdict::clean, counts, {{name, home}}, line));
        IssuerReport issuer;
        issuer.issuer = {IssuerKind::host, host};
        issuer.instance = name;
        issuer.verdict = Verdict::clean;
        issuer.counts = counts;
        issuer.backends = {{.backend = backend,
                            .owner = name,
                            .row_class = RowClass::home,
                            .sums = {.requests = home,
                                     .tokens = home * 1000,
                                     .spend_nano = home * 12'345'678,
                                     .first = on_the_day(14h + 5min),
                                     .last = on_the_day(37h + 59min)},
                            .models = {backend.provider + "/some-model"}}};
        report.issuers.push_back(issuer);
    }
    report.totals = totals;
    return report;
}

} // namespace misroute::samples
