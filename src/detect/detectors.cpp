// SPDX-License-Identifier: Apache-2.0
#include "detect/cluster_rules.hpp"
#include "detect/traffic_rules.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace misroute {

namespace {

constexpr std::array k_detectors{
    Detector{Rule::provider_mismatch, provider_mismatch, {Known::rows}},
    Detector{Rule::upstream_mismatch, upstream_mismatch, {Known::rows, Known::upstreams}},
    Detector{Rule::instance_mismatch, instance_mismatch, {Known::rows, Known::upstreams}},
    Detector{Rule::deployment_mismatch, deployment_mismatch, {Known::rows, Known::upstreams}},
    Detector{Rule::mixed_backends, mixed_backends, {Known::rows, Known::order}},
    Detector{Rule::unpriced_traffic, unpriced_traffic, {Known::rows}},
    Detector{Rule::models_in_database, models_in_database, {Known::rows, Known::database}},
    Detector{Rule::no_traffic, no_traffic, {Known::rows}},
    Detector{Rule::unattributed_traffic, unattributed_traffic, {Known::rows, Known::hosts}},
    Detector{Rule::indistinguishable_instances, indistinguishable_instances, {Known::rows, Known::upstreams}},
    Detector{Rule::service_selects_other_instance, service_selects_other_instance},
    Detector{Rule::service_selects_many_workloads, service_selects_many_workloads},
    Detector{Rule::identical_selectors, identical_selectors},
    Detector{Rule::endpoints_exceed_replicas, endpoints_exceed_replicas},
    Detector{Rule::host_reaches_other_instance, host_reaches_other_instance},
    Detector{Rule::label_not_in_selector, label_not_in_selector},
    Detector{Rule::job_pods_selected, job_pods_selected},
    Detector{Rule::no_endpoints, no_endpoints},
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
            // Rules about objects and mismatches grade each finding; other rules about traffic have one severity.
            auto const &row = row_of(detector.rule);
            bool const graded = !finding.object.empty() || row.is_mismatch;
            finding.severity = graded ? finding.severity : row.severity;
            finding.fingerprint = fingerprint_of(finding);
            findings.push_back(std::move(finding));
        }
    }
    std::sort(findings.begin(), findings.end(), [](Finding const &left, Finding const &right) {
        auto const gravity = [](Finding const &finding) {
            return std::pair{-static_cast<int>(finding.severity), -finding.requests};
        };
        auto const name = [](Finding const &finding) {
            return std::tuple{to_string(finding.rule), std::string_view{finding.issuer},
                              std::string_view{finding.instance}, std::string_view{finding.object}};
        };
        return gravity(left) != gravity(right) ? gravity(left) < gravity(right) : name(left) < name(right);
    });
    return findings;
}

} // namespace misroute
