// SPDX-License-Identifier: Apache-2.0
//
// What misroute looks for. A rule is a value here and a name to people: in reports, in `ignore:`, in fingerprints.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace misroute {

enum class Severity
{
    info,
    warning,
    error,
};

/// "info", "warning", "error".
std::string_view to_string(Severity severity);

/// In the order of the documentation, which is that of rules().
enum class Rule : std::uint8_t
{
    provider_mismatch,
    upstream_mismatch,
    instance_mismatch,
    deployment_mismatch,
    mixed_backends,
    unpriced_traffic,
    models_in_database,
    no_traffic,
    unattributed_traffic,
    indistinguishable_instances,
    service_selects_other_instance,
    service_selects_many_workloads,
    identical_selectors,
    endpoints_exceed_replicas,
    host_reaches_other_instance,
    label_not_in_selector,
    job_pods_selected,
    no_endpoints,
};

/// A row of the rule table.
struct RuleRow
{
    Rule rule;
    std::string_view name;
    Severity severity;        ///< of its findings, unless a finding about an object says otherwise
    std::string_view title;   ///< half a sentence: what a finding of it means
    bool is_mismatch = false; ///< says why a foreign row is foreign: its findings are about misrouted issuers
};

/// Every rule misroute has.
std::span<RuleRow const> rules();

RuleRow const &row_of(Rule rule);

/// "provider-mismatch": the name of the rule table.
std::string_view to_string(Rule rule);

/// The rule of that name.
std::optional<Rule> find_rule(std::string_view name);

} // namespace misroute
