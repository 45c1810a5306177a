// SPDX-License-Identifier: Apache-2.0
#include "samples.hpp"

namespace misroute::samples {

using namespace std::chrono_literals;

namespace {

struct Member
{
    std::string name;
    std::string host;
    Expectation serves;
};

std::vector<Member> const k_members{{"claude", "claude.goodvision.tech", {"anthropic", "api.anthropic.com"}},
                                    {"kelly", "llm.goodvision.tech", {"openai", "kellycloudai.com"}},
                                    {"yxaiapp", "ai.goodvision.tech", {"openai", "yxaiapp.com"}}};

std::string const k_patch = "kubectl -n litellm patch service claude-litellm --type merge -p \\\n"
                            "  '{\"spec\":{\"selector\":{\"app\":\"litellm\",\"instance\":\"claude\"}}}'";

/// The incident's cluster when `label` reaches neither selectors nor pods, else what it should have been.
enum class LabelsReach
{
    metadata,
    everything,
};

Cluster fleet(LabelsReach reach)
{
    Cluster cluster;
    for (std::size_t number = 0; number < k_members.size(); ++number) {
        auto const &[name, host, serves] = k_members[number];
        auto const file = "deploy/instances/" + name + "/kustomization.yaml";
        Labels labels{{"app", "litellm"}};
        if (reach == LabelsReach::everything) {
            labels["instance"] = name;
        }
        cluster.workloads.push_back({.kind = "Deployment",
                                     .name = {"litellm", name + "-litellm"},
                                     .metadata_labels = {{"app", "litellm"}, {"instance", name}},
                                     .pod_labels = labels,
                                     .match_labels = labels,
                                     .replicas = 1,
                                     .surge = 1,
                                     .instance = name,
                                     .serves = {serves},
                                     .config_map = name + "-config",
                                     .location = {"deploy/base/deployment.yaml", 1}});
        Service service{.name = {"litellm", name + "-litellm"},
                        .metadata_labels = {{"app", "litellm"}, {"instance", name}},
                        .selector = labels,
                        .instance = name,
                        .workloads = {number},
                        .endpoints = 1,
                        .location = {"deploy/base/service.yaml", 1}};
        if (reach == LabelsReach::metadata) {
            service.workloads = {0, 1, 2};
            service.endpoints = 3;
            cluster.label_gaps.push_back({.label = "instance", .value = name, .location = {file, 7}});
        }
        cluster.services.push_back(service);
        cluster.routes.push_back({.host = host,
                                  .kind = "Ingress",
                                  .name = {"litellm", name + "-litellm"},
                                  .service = number,
                                  .instance = name,
                                  .location = {"deploy/instances/" + name + "/ingress.yaml", 9}});
    }
    return cluster;
}

Finding service_selects(std::string const &instance, std::string fingerprint)
{
    Finding finding;
    finding.rule = Rule::service_selects_other_instance;
    finding.severity = Severity::error;
    finding.fingerprint = std::move(fingerprint);
    finding.instance = instance;
    finding.object = "Service litellm/" + instance + "-litellm";
    finding.message = "the selector app=litellm of Service litellm/" + instance +
                      "-litellm selects the pods of 3 instances: claude, kelly, yxaiapp";
    finding.expected = "the pods of Deployment litellm/" + instance + "-litellm alone";
    finding.observed = "Deployments litellm/claude-litellm, litellm/kelly-litellm, litellm/yxaiapp-litellm";
    finding.steps = {{.text = "no pod label tells the instances apart: add one first (labels: includeTemplates: true) "
                              "and wait for the rollout"},
                     {.command = k_patch, .object = finding.object}};
    finding.location = Location{.file = "deploy/base/service.yaml", .line = 1};
    return finding;
}

Finding label_gap()
{
    Finding finding;
    finding.rule = Rule::label_not_in_selector;
    finding.severity = Severity::warning;
    finding.fingerprint = "3b5bb1f07c9a6e21";
    finding.instance = "claude";
    finding.object = "Kustomization deploy/instances/claude";
    finding.message = "the label instance=claude reaches metadata only, neither selectors nor pod templates";
    finding.expected = "includeSelectors: true, or includeTemplates: true with the label in Service.spec.selector";
    finding.observed = "includeSelectors: false";
    finding.steps = {{.patch = "labels:\n  - pairs: {instance: claude}\n    includeTemplates: true\n    fields:\n"
                               "      - {path: spec/selector, kind: Service, version: v1, create: true}"}};
    finding.location = Location{.file = "deploy/instances/claude/kustomization.yaml", .line = 7};
    return finding;
}

Report k8s()
{
    Report report;
    report.command = "k8s";
    report.generated_at = k_day + 38h;
    report.by = "host";
    return report;
}

Report check()
{
    auto report = clean();
    report.command = "check";
    report.window = Window{.since = k_day + 37h, .until = k_day + 38h};
    return report;
}

} // namespace

Report manifests_only()
{
    auto report = k8s();
    report.cluster = fleet(LabelsReach::metadata);
    report.findings = {service_selects("claude", "aa00000000000001"), service_selects("kelly", "aa00000000000002"),
                       service_selects("yxaiapp", "aa00000000000003"), label_gap()};
    report.causes = {{.cause = "service-selects-other-instances",
                      .score = 0.9,
                      .evidence_for = {"3 Services select the pods of other instances"},
                      .next = {{.command = "kubectl -n litellm get endpointslices"}},
                      .steps = {{.command = k_patch}, {.text = "prove it:", .command = "misroute scan --since 10m"}}}};
    return report;
}

Report manifests_clean()
{
    auto report = k8s();
    report.cluster = fleet(LabelsReach::everything);
    return report;
}

Report gaps_and_cluster()
{
    auto report = incident();
    report.gaps = {{.window = {k_day + 14h, k_day + 15h}, .reason = "statement timeout (30 s) after 4 attempts"},
                   {.window = {k_day + 30h, k_day + 31h + 30min}, .reason = "the connection was lost"}};
    report.cluster = fleet(LabelsReach::metadata);
    report.causes.front().confirmed = true;
    auto &issuer = report.issuers.front();
    issuer.onset = Onset{.earliest = k_day + 14h,
                         .at = k_day + 20h + 28min + 21s,
                         .ended_at = k_day + 20h + 29min + 12s,
                         .ongoing = false,
                         .episodes = 2};
    auto suppressed = report.findings.front();
    suppressed.rule = Rule::upstream_mismatch;
    suppressed.fingerprint = "0123456789abcdef";
    suppressed.issuer = "key:batch-import";
    suppressed.instance = "kelly";
    suppressed.requests = 1;
    suppressed.message = "1 of 1 request entered at kelly and was answered by yxaiapp";
    suppressed.evidence.clear();
    suppressed.suppressed = Suppression{.reason = "migration to yxaiapp", .until = "2027-01-31"};
    report.findings.insert(report.findings.begin() + 1, suppressed);
    report.findings.insert(report.findings.begin(), service_selects("claude", "aa00000000000001"));
    return report;
}

Report unconfigured()
{
    auto report = incident();
    report.by = "key";
    report.config_file.clear();
    report.instances.clear();
    report.notes.clear();
    report.totals = ClassCounts{.unassigned = 8};
    report.cost = Cost{};
    auto &issuer = report.issuers.front();
    issuer.issuer = {IssuerKind::key, "jms-test"};
    issuer.instance = {};
    issuer.verdict = Verdict::mixed;
    issuer.counts = ClassCounts{.unassigned = 8};
    issuer.foreign_share.reset();
    issuer.onset.reset();
    for (auto &use : issuer.backends) {
        use.owner = {};
        use.row_class = RowClass::unassigned;
    }
    issuer.series.front().home = issuer.series.front().foreign = 0;
    for (auto &answered : issuer.sequence) {
        answered.row_class = RowClass::unassigned;
    }
    Finding finding;
    finding.rule = Rule::mixed_backends;
    finding.severity = Severity::warning;
    finding.fingerprint = "6e6f7420636f6e66";
    finding.issuer = "key:jms-test";
    finding.requests = 8;
    finding.message = "claude-opus-4-6 of key jms-test interleaves between 3 backends, and nothing says which is right";
    finding.expected = "one backend for a model group";
    finding.observed = "anthropic at api.anthropic.com (3), openai at kellycloudai.com (3), openai at yxaiapp.com (2)";
    finding.steps = {
        {.text = "say in it which instance the key belongs to:", .command = "misroute init > misroute.yaml"}};
    report.findings = {finding};
    report.causes.front().score = 0.71;
    return report;
}

Report check_pass()
{
    auto report = check();
    report.check = CheckResult{
        .verdict = "pass",
        .waited_seconds = 42,
        .confidence = 0.95,
        .instances = {{.name = "claude", .home = 800, .effective = 800, .excludes_share = 0.00374, .verdict = "pass"},
                      {.name = "kelly", .home = 300, .effective = 300, .excludes_share = 0.00994, .verdict = "pass"},
                      {.name = "yxaiapp", .home = 75, .effective = 30, .excludes_share = 0.09503, .verdict = "pass"}},
        .sentence = "every instance was answered by itself; a wrong share of 10 % or more is excluded at 95 %"};
    return report;
}

Report check_fail()
{
    auto report = incident();
    report.command = "check";
    report.window = Window{.since = k_day + 20h + 28min, .until = k_day + 20h + 30min};
    report.check =
        CheckResult{.verdict = "fail",
                    .waited_seconds = 60,
                    .confidence = 0.95,
                    .instances = {{.name = "claude",
                                   .home = 3,
                                   .foreign = 5,
                                   .effective = 0,
                                   .verdict = "fail",
                                   .sentence = "5 of 8 requests of claude were answered by another instance"}},
                    .sentence = "5 of 8 requests of claude were answered by another instance"};
    return report;
}

Report check_inconclusive()
{
    auto report = check();
    report.check = CheckResult{
        .verdict = "inconclusive",
        .waited_seconds = 300,
        .confidence = 0.95,
        .instances = {{.name = "claude", .home = 12, .effective = 12, .excludes_share = 0.22092}, {.name = "kelly"}},
        .sentence = "12 clean requests of claude exclude a wrong share of 22 % only, and kelly had none"};
    return report;
}

Report changes()
{
    auto report = incident();
    report.changes = Changes{k_day + std::chrono::hours{20}, true};
    for (std::size_t i = 0; i < report.findings.size(); ++i) {
        report.findings[i].state = static_cast<FindingState>(i % 5);
    }
    return report;
}

std::vector<Sample> const &all()
{
    static std::vector<Sample> const samples{{"incident", incident},
                                             {"empty", empty},
                                             {"nothing_judged", nothing_judged},
                                             {"clean", clean},
                                             {"hostile", hostile},
                                             {"gaps_and_cluster", gaps_and_cluster},
                                             {"unconfigured", unconfigured},
                                             {"manifests_only", manifests_only},
                                             {"manifests_clean", manifests_clean},
                                             {"check_pass", check_pass},
                                             {"check_fail", check_fail},
                                             {"check_inconclusive", check_inconclusive},
                                             {"changes", changes}};
    return samples;
}

} // namespace misroute::samples
