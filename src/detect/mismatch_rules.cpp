// SPDX-License-Identifier: Apache-2.0
//
// The rules about foreign rows: one finding an issuer and the instance it entered at.
#include "detect/finding_evidence.hpp"
#include "detect/traffic_rules.hpp"
#include "misroute/model/shell.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

namespace misroute {

namespace {

std::string observed_text(Rule rule, std::set<Backend> const &backends)
{
    if (rule != Rule::instance_mismatch) {
        return backends_text(backends);
    }
    std::set<std::string> stamps;
    for (auto const &backend : backends) {
        stamps.insert(backend.stamp);
    }
    return fmt::format("stamped by {}", fmt::join(stamps, ", "));
}

std::string expected_text(Expectations const &expected, InstanceNames const &instance)
{
    std::string text;
    for (auto const &candidate : expected.instances) {
        bool const meant = instance.contains(candidate.name);
        for (auto const &expect : meant ? candidate.expect : std::vector<Expectation>{}) {
            text += (text.empty() ? "" : "; ") + expect.text();
        }
    }
    return text;
}

struct MismatchText
{
    Rule rule;
    std::string_view what; ///< what the observed backend is, seen from the instance
};

std::vector<Step> mismatch_remedy(Issuer const &issuer)
{
    return {{.command = fmt::format("misroute trace {} --since 24h", shell::word(issuer.text()))},
            {.text = "kubectl get endpointslices, and compare the number of addresses of the instance's Service with "
                     "the replicas "
                     "of its Deployment"},
            {.text = "misroute k8s with the manifests finds the Service that selects another instance's pods"}};
}

/// The foreign rows of one rule that entered at one instance.
struct SeenMismatch
{
    std::int64_t requests = 0;
    std::set<Backend> backends;
    std::set<InstanceNames> owners;
    Severity severity = Severity::info;

    void add(IssuerCell const &cell)
    {
        requests += cell.sums.requests;
        backends.insert(cell.key.backend);
        owners.insert(cell.judged.owner);
        severity = std::max(severity, cell.judged.severity);
    }
};

std::string what_of(MismatchText const &text, SeenMismatch const &seen)
{
    if (seen.severity == Severity::warning && text.rule == Rule::upstream_mismatch) {
        return "another host of a vendor that it uses, which no configured instance owns";
    }
    std::string names;
    for (auto const &owner : text.rule == Rule::deployment_mismatch ? seen.owners : std::set<InstanceNames>{}) {
        names += (names.empty() ? " of " : ", ") + owner.text();
    }
    return fmt::format("{}{}", text.what, names);
}

std::vector<Step> steps_of(Issuer const &issuer, std::string const &instance, SeenMismatch const &seen, Rule rule)
{
    if (seen.severity == Severity::warning && rule == Rule::upstream_mismatch) {
        return {{.text = fmt::format(
                     "if it is meant, add it to what {} is expected to serve; `*` stands for any region", instance)},
                {.text = "if it is not, look at who answers",
                 .command = fmt::format("misroute trace {} --since 24h", shell::word(issuer.text()))}};
    }
    return mismatch_remedy(issuer);
}

Finding mismatch(Facts const &facts, MismatchText const &text, IssuerView const &issuer, InstanceNames const &instance,
                 SeenMismatch const &seen)
{
    auto const &counts = issuer.report.counts;
    Finding finding{.rule = text.rule,
                    .severity = seen.severity,
                    .issuer = issuer.report.issuer.text(),
                    .instance = instance.text(),
                    .requests = seen.requests};
    finding.message = fmt::format("{} of {} requests that entered at {} were answered by {}", seen.requests,
                                  counts.home + counts.foreign, finding.instance, what_of(text, seen));
    finding.expected = expected_text(facts.expected, instance);
    finding.observed = observed_text(text.rule, seen.backends);
    finding.evidence = evidence(facts, issuer.report.issuer, [&](JudgedRow const &row) {
        return row.judged.rule == text.rule && row.judged.instance == instance;
    });
    finding.steps = steps_of(issuer.report.issuer, finding.instance, seen, text.rule);
    return finding;
}

std::vector<Finding> mismatches(Facts const &facts, MismatchText const &text)
{
    std::vector<Finding> findings;
    for (auto const &issuer : facts.examination.issuers) {
        std::map<InstanceNames, SeenMismatch> by_instance;
        for (auto const &cell : issuer.cells) {
            if (cell.judged.row_class == RowClass::foreign && cell.judged.rule == text.rule) {
                by_instance[cell.judged.instance].add(cell);
            }
        }
        for (auto const &[instance, seen] : by_instance) {
            findings.push_back(mismatch(facts, text, issuer, instance, seen));
        }
    }
    return findings;
}

} // namespace

std::vector<Finding> provider_mismatch(Facts const &facts)
{
    return mismatches(facts, {Rule::provider_mismatch, "a provider it does not serve"});
}

std::vector<Finding> upstream_mismatch(Facts const &facts)
{
    return mismatches(facts, {Rule::upstream_mismatch, "its provider at another upstream"});
}

std::vector<Finding> instance_mismatch(Facts const &facts)
{
    return mismatches(facts, {Rule::instance_mismatch, "another instance, as its stamp says"});
}

std::vector<Finding> deployment_mismatch(Facts const &facts)
{
    return mismatches(facts, {Rule::deployment_mismatch, "deployments"});
}

} // namespace misroute
