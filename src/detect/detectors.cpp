// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_rules.hpp"
#include "detect/traffic_rules.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace misroute {

namespace {

constexpr std::array k_detectors{
    Detector{"provider-mismatch",
             Severity::error,
             "answered by a provider that the instance does not serve",
             provider_mismatch,
             {Known::rows}},
    Detector{"upstream-mismatch",
             Severity::error,
             "the right provider at another upstream",
             upstream_mismatch,
             {Known::rows, Known::upstreams}},
    Detector{"instance-mismatch",
             Severity::error,
             "the stamp in the row names another instance",
             instance_mismatch,
             {Known::rows, Known::upstreams}},
    Detector{"mixed-backends",
             Severity::warning,
             "one model of an unconfigured issuer alternates between backends",
             mixed_backends,
             {Known::rows, Known::order}},
    Detector{"unpriced-traffic",
             Severity::warning,
             "tokens without a price, where the same model has one at home",
             unpriced_traffic,
             {Known::rows}},
    Detector{"models-in-database",
             Severity::warning,
             "the database adds models or settings to every proxy",
             models_in_database,
             {Known::rows, Known::database}},
    Detector{
        "no-traffic", Severity::info, "a configured instance has no rows in the window", no_traffic, {Known::rows}},
    Detector{"unattributed-traffic",
             Severity::info,
             "rows name no host although hosts are configured",
             unattributed_traffic,
             {Known::rows, Known::hosts}},
    Detector{"service-selects-other-instance", Severity::error, "a Service selects the pods of another instance",
             service_selects_other_instance},
    Detector{"service-selects-many-workloads", Severity::warning, "one selector reaches several workloads",
             service_selects_many_workloads},
    Detector{"identical-selectors", Severity::error, "Services of several instances have one selector",
             identical_selectors},
    Detector{"endpoints-exceed-replicas", Severity::error, "a Service has more addresses than its instance has pods",
             endpoints_exceed_replicas},
    Detector{"host-reaches-other-instance", Severity::error, "a hostname leads to another instance's pods",
             host_reaches_other_instance},
    Detector{"label-not-in-selector", Severity::warning, "a kustomization's label does not reach the selectors",
             label_not_in_selector},
    Detector{"job-pods-selected", Severity::warning, "pods of a Job are behind a Service", job_pods_selected},
    Detector{"no-endpoints", Severity::warning, "a Service selects nothing", no_endpoints},
};

} // namespace

std::span<Detector const> detectors()
{
    return k_detectors;
}

std::vector<Finding> detect(Facts const &facts)
{
    std::vector<Finding> findings;
    for (auto const &detector : detectors()) {
        if (!facts.knows.covers(detector.needs)) {
            continue;
        }
        for (auto &finding : detector.run(facts)) {
            // Rules about objects grade each finding; a traffic rule has one severity.
            finding.severity = finding.object.empty() ? detector.severity : finding.severity;
            finding.fingerprint = fingerprint_of(finding);
            findings.push_back(std::move(finding));
        }
    }
    std::sort(findings.begin(), findings.end(), [](Finding const &left, Finding const &right) {
        auto const gravity = [](Finding const &finding) {
            return std::pair{-static_cast<int>(finding.severity), -finding.requests};
        };
        auto const name = [](Finding const &finding) {
            return std::tie(finding.rule, finding.issuer, finding.instance, finding.object);
        };
        return gravity(left) != gravity(right) ? gravity(left) < gravity(right) : name(left) < name(right);
    });
    return findings;
}

} // namespace misroute
