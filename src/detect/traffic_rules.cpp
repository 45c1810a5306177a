// SPDX-License-Identifier: Apache-2.0
#include "detect/traffic_rules.hpp"

#include "detect/balance.hpp"
#include "detect/finding_evidence.hpp"
#include "misroute/model/shell.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace misroute {

namespace {

constexpr std::string_view k_looks_balanced =
    "nobody else meets these backends and their shares are steady, which is how load balancing inside one instance "
    "looks; if it is meant, say so: list them all under expect of that instance";

bool names_hosts(Expectations const &expected)
{
    return std::any_of(expected.instances.begin(), expected.instances.end(),
                       [](Instance const &instance) { return !instance.hosts.empty(); });
}

} // namespace

std::vector<Finding> mixed_backends(Facts const &facts)
{
    std::vector<Finding> findings;
    for (auto const &issuer : facts.examination.issuers) {
        if (issuer.report.verdict != Verdict::mixed) {
            continue;
        }
        std::set<Backend> backends;
        for (auto const &use : issuer.report.backends) {
            backends.insert(use.backend);
        }
        Finding finding{.rule = Rule::mixed_backends,
                        .issuer = issuer.report.issuer.text(),
                        .requests = issuer.report.counts.unassigned};
        finding.message =
            fmt::format("requests of {} alternate between {} backends, and no instance is configured for it",
                        finding.issuer, backends.size());
        finding.expected = "one backend for one model, or a configuration that says otherwise";
        finding.observed = backends_text(backends);
        finding.evidence = evidence(facts, issuer.report.issuer, [](JudgedRow const &) { return true; });
        if (balanced_inside(facts, issuer)) {
            finding.steps.push_back({.text = std::string{k_looks_balanced}});
        }
        finding.steps.push_back({.command = fmt::format("misroute trace {}", shell::word(finding.issuer))});
        finding.steps.push_back(
            {.text = "misroute init writes a configuration; then misroute can say whose answers these are"});
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<Finding> unpriced_traffic(Facts const &facts)
{
    std::vector<Finding> findings;
    for (auto const &issuer : facts.examination.issuers) {
        auto const cost = cost_of_issuer(facts.examination, issuer);
        if (!cost.estimated_unbilled_usd) {
            continue;
        }
        Finding finding{.rule = Rule::unpriced_traffic,
                        .issuer = issuer.report.issuer.text(),
                        .instance = issuer.report.instance.text(),
                        .requests = cost.unpriced_requests};
        finding.message = fmt::format("{} with {} have no price; at home they would have cost about ${:.2f}",
                                      text::counted(cost.unpriced_requests, "foreign request"),
                                      text::counted(cost.unpriced_tokens, "token"), *cost.estimated_unbilled_usd);
        finding.expected = "a price, as the same model group has at home";
        finding.observed = "spend 0";
        finding.evidence = evidence(facts, issuer.report.issuer, [](JudgedRow const &row) {
            return row.judged.row_class == RowClass::foreign && row.row.tokens > 0 && row.row.spend_nano == 0;
        });
        finding.steps = {
            {.text = "end the misrouting; the price follows the provider"},
            {.text = "compare the upstream's own bill for these hours: LiteLLM's budgets did not see this traffic"}};
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::vector<Finding> models_in_database(Facts const &facts)
{
    auto const &database = facts.database_models;
    if (database.models == 0 && database.config.empty()) {
        return {};
    }
    Finding finding{.rule = Rule::models_in_database};
    for (auto const &issuer : facts.examination.issuers) {
        for (auto const &cell : issuer.cells) {
            if (cell.judged.row_class == RowClass::foreign && database.model_ids.contains(cell.key.model_id)) {
                finding.requests += cell.sums.requests;
            }
        }
    }
    auto const config = fmt::format("{}", fmt::join(database.config, ", "));
    finding.message =
        fmt::format("the database adds {}{} to every proxy that shares it", text::counted(database.models, "model"),
                    config.empty() ? "" : " and settings (" + config + ")");
    finding.expected = "0 rows in LiteLLM_ProxyModelTable and no router settings in LiteLLM_Config";
    finding.observed =
        fmt::format("{} in LiteLLM_ProxyModelTable; LiteLLM_Config: {}", text::counted(database.models, "row"),
                    config.empty() ? "nothing that routes" : config);
    finding.steps = {{.text = "select model_id, model_name, created_by, updated_at from \"LiteLLM_ProxyModelTable\";"},
                     {.text = "delete what does not belong there on the page \"Models + Endpoints\", or set "
                              "general_settings.store_model_in_db: false on every instance"}};
    return {finding};
}

std::vector<Finding> no_traffic(Facts const &facts)
{
    std::vector<Finding> findings;
    for (auto const &instance : facts.examination.instances) {
        if (instance.verdict == Verdict::no_traffic) {
            Finding finding{.rule = Rule::no_traffic, .instance = instance.name};
            finding.message = fmt::format("no request of the window belongs to {}", instance.name);
            finding.expected = "some traffic, or the instance does not exist any more";
            finding.observed = "none";
            finding.steps = {
                {.text = "check the hosts and keys of the instance in the configuration; \"misroute doctor\" lists "
                         "those that never appear"}};
            finding.location = instance.location;
            findings.push_back(std::move(finding));
        }
    }
    return findings;
}

std::vector<Finding> unattributed_traffic(Facts const &facts)
{
    std::int64_t without_host = 0;
    for (auto const &[key, cell] : facts.tally.cells) {
        if (key.host.empty() && key.reason == ExclusionReason::none) {
            without_host += cell.total.requests;
        }
    }
    if (without_host == 0 || !names_hosts(facts.expected)) {
        return {};
    }
    Finding finding{.rule = Rule::unattributed_traffic, .requests = without_host};
    finding.message = fmt::format("{} of {} requests name no host, although hosts are configured", without_host,
                                  facts.tally.scanned());
    finding.expected = "a request tag \"host: …\" in every row";
    finding.observed = "rows without it are judged by their key alone";
    finding.steps = {{.text = "add to the configuration of every LiteLLM instance, in lower case:",
                      .patch = "litellm_settings:\n  extra_spend_tag_headers: [\"host\"]"}};
    return {finding};
}

} // namespace misroute
