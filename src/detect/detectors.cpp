// SPDX-License-Identifier: Apache-2.0
#include "detect/traffic_rules.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace misroute {

namespace {

constexpr std::array k_detectors{
    Detector{"provider-mismatch", Severity::error, "answered by a provider that the instance does not serve",
             provider_mismatch},
    Detector{"upstream-mismatch", Severity::error, "the right provider at another upstream", upstream_mismatch},
    Detector{"instance-mismatch", Severity::error, "the stamp in the row names another instance", instance_mismatch},
    Detector{"mixed-backends", Severity::warning, "one model of an unconfigured issuer alternates between backends",
             mixed_backends},
    Detector{"unpriced-traffic", Severity::warning, "tokens without a price, where the same model has one at home",
             unpriced_traffic},
    Detector{"models-in-database", Severity::warning, "the database adds models or settings to every proxy",
             models_in_database},
    Detector{"no-traffic", Severity::info, "a configured instance has no rows in the window", no_traffic},
    Detector{"unattributed-traffic", Severity::info, "rows name no host although hosts are configured",
             unattributed_traffic},
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
        for (auto &finding : detector.run(facts)) {
            // A rule may grade a finding itself; the table's word is the gravest it may say.
            finding.severity =
                finding.severity == Severity::info ? detector.severity : std::min(finding.severity, detector.severity);
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
