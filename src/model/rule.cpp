// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/rule.hpp"

#include <algorithm>
#include <array>

namespace misroute {

namespace {

constexpr std::array k_rules{
    RuleRow{Rule::provider_mismatch, "provider-mismatch", Severity::error,
            "answered by a provider that the instance does not serve", true},
    RuleRow{Rule::upstream_mismatch, "upstream-mismatch", Severity::error, "the right provider at another upstream",
            true},
    RuleRow{Rule::instance_mismatch, "instance-mismatch", Severity::error,
            "the stamp in the row names another instance", true},
    RuleRow{Rule::deployment_mismatch, "deployment-mismatch", Severity::error,
            "the deployment that answered is another instance's", true},
    RuleRow{Rule::mixed_backends, "mixed-backends", Severity::warning,
            "one model of an unconfigured issuer alternates between backends"},
    RuleRow{Rule::unpriced_traffic, "unpriced-traffic", Severity::warning,
            "tokens without a price, where the same model has one at home"},
    RuleRow{Rule::models_in_database, "models-in-database", Severity::warning,
            "the database adds models or settings to every proxy"},
    RuleRow{Rule::no_traffic, "no-traffic", Severity::info, "a configured instance has no rows in the window"},
    RuleRow{Rule::unattributed_traffic, "unattributed-traffic", Severity::info,
            "rows name no host although hosts are configured"},
    RuleRow{Rule::indistinguishable_instances, "indistinguishable-instances", Severity::info,
            "nothing in the rows tells two instances apart"},
    RuleRow{Rule::service_selects_other_instance, "service-selects-other-instance", Severity::error,
            "a Service selects the pods of another instance"},
    RuleRow{Rule::service_selects_many_workloads, "service-selects-many-workloads", Severity::warning,
            "one selector reaches several workloads"},
    RuleRow{Rule::identical_selectors, "identical-selectors", Severity::error,
            "Services of several instances have one selector"},
    RuleRow{Rule::endpoints_exceed_replicas, "endpoints-exceed-replicas", Severity::error,
            "a Service has more addresses than its instance has pods"},
    RuleRow{Rule::host_reaches_other_instance, "host-reaches-other-instance", Severity::error,
            "a hostname leads to another instance's pods"},
    RuleRow{Rule::label_not_in_selector, "label-not-in-selector", Severity::warning,
            "a kustomization's label does not reach the selectors"},
    RuleRow{Rule::job_pods_selected, "job-pods-selected", Severity::warning, "pods of a Job are behind a Service"},
    RuleRow{Rule::no_endpoints, "no-endpoints", Severity::warning, "a Service selects nothing"},
};

constexpr bool in_order()
{
    std::size_t number = 0;
    return std::ranges::all_of(k_rules,
                               [&](RuleRow const &row) { return static_cast<std::size_t>(row.rule) == number++; });
}

static_assert(in_order(), "row_of() takes the value of a rule for its place in the table");

} // namespace

std::string_view to_string(Severity severity)
{
    constexpr std::array<std::string_view, 3> k_words{"info", "warning", "error"};
    return k_words.at(static_cast<std::size_t>(severity));
}

std::span<RuleRow const> rules()
{
    return k_rules;
}

RuleRow const &row_of(Rule rule)
{
    return k_rules.at(static_cast<std::size_t>(rule));
}

std::string_view to_string(Rule rule)
{
    return row_of(rule).name;
}

std::optional<Rule> find_rule(std::string_view name)
{
    auto const *const found = std::ranges::find(k_rules, name, &RuleRow::name);
    return found == k_rules.end() ? std::nullopt : std::optional{found->rule};
}

} // namespace misroute
