// SPDX-License-Identifier: Apache-2.0
#include "detect/traffic_rules.hpp"

#include "misroute/model/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace misroute {

namespace {

constexpr std::size_t k_most_evidence = 5;

Evidence evidence_of(Row const &row)
{
    return {row.time,   row.request_id, row.key.model, row.key.backend.provider, row.key.backend.upstream,
            row.tokens, row.spend_nano};
}

template <typename Wanted>
std::vector<Evidence> evidence(Facts const &facts, Issuer const &issuer, Wanted wanted)
{
    std::vector<Evidence> result;
    auto const found = facts.sequences.find(issuer);
    if (found == facts.sequences.end()) {
        return result;
    }
    for (auto const &judged : found->second.foreign) {
        if (wanted(judged) && result.size() < k_most_evidence) {
            result.push_back(evidence_of(judged.row));
        }
    }
    return result;
}

/// "openai at kellycloudai.com, yxaiapp.com; azure": upstreams grouped by provider.
std::string backends_text(std::set<Backend> const &backends)
{
    std::map<std::string, std::vector<std::string>> upstreams;
    for (auto const &backend : backends) {
        auto &list = upstreams[backend.provider.empty() ? "an unknown provider" : backend.provider];
        if (!backend.upstream.empty() && std::find(list.begin(), list.end(), backend.upstream) == list.end()) {
            list.push_back(backend.upstream);
        }
    }
    std::string text;
    for (auto const &[provider, list] : upstreams) {
        text += (text.empty() ? "" : "; ") + provider;
        text += list.empty() ? "" : fmt::format(" at {}", fmt::join(list, ", "));
    }
    return text;
}

std::string observed_text(std::string_view rule, std::set<Backend> const &backends)
{
    if (rule != "instance-mismatch") {
        return backends_text(backends);
    }
    std::set<std::string> stamps;
    for (auto const &backend : backends) {
        stamps.insert(backend.stamp);
    }
    return fmt::format("stamped by {}", fmt::join(stamps, ", "));
}

std::string expected_text(Expectations const &expected, std::string const &instance)
{
    std::string text;
    for (auto const &candidate : expected.instances) {
        bool const meant = ("|" + instance + "|").find("|" + candidate.name + "|") != std::string::npos;
        for (auto const &expect : meant ? candidate.expect : std::vector<Expectation>{}) {
            text += (text.empty() ? "" : "; ") + expect.text();
        }
    }
    return text;
}

struct MismatchText
{
    std::string_view rule;
    std::string_view what; ///< what the observed backend is, seen from the instance
};

std::vector<Step> mismatch_remedy(Issuer const &issuer)
{
    return {{.command = fmt::format("misroute trace {} --since 24h", issuer.text())},
            {.text = "kubectl get endpointslices, and compare the number of addresses of the instance's Service with "
                     "the replicas "
                     "of its Deployment"},
            {.text = "misroute k8s with the manifests finds the Service that selects another instance's pods"}};
}

std::vector<Finding> mismatches(Facts const &facts, MismatchText const &text)
{
    std::vector<Finding> findings;
    for (auto const &issuer : facts.examination.issuers) {
        std::map<std::string, std::pair<std::int64_t, std::set<Backend>>> by_instance;
        for (auto const &cell : issuer.cells) {
            if (cell.judged.row_class == RowClass::foreign && cell.judged.rule == text.rule) {
                auto &[requests, backends] = by_instance[cell.judged.instance];
                requests += cell.sums.requests;
                backends.insert(cell.key.backend);
            }
        }
        for (auto const &[instance, seen] : by_instance) {
            auto const &counts = issuer.report.counts;
            Finding finding{.rule = std::string{text.rule},
                            .issuer = issuer.report.issuer.text(),
                            .instance = instance,
                            .requests = seen.first};
            finding.message = fmt::format("{} of {} requests that entered at {} were answered by {}", seen.first,
                                          counts.home + counts.foreign, instance, text.what);
            finding.expected = expected_text(facts.expected, instance);
            finding.observed = observed_text(text.rule, seen.second);
            finding.evidence = evidence(facts, issuer.report.issuer, [&](JudgedRow const &row) {
                return row.judged.rule == text.rule && row.judged.instance == finding.instance;
            });
            finding.steps = mismatch_remedy(issuer.report.issuer);
            findings.push_back(std::move(finding));
        }
    }
    return findings;
}

bool names_hosts(Expectations const &expected)
{
    return std::any_of(expected.instances.begin(), expected.instances.end(),
                       [](Instance const &instance) { return !instance.hosts.empty(); });
}

} // namespace

std::vector<Finding> provider_mismatch(Facts const &facts)
{
    return mismatches(facts, {"provider-mismatch", "a provider it does not serve"});
}

std::vector<Finding> upstream_mismatch(Facts const &facts)
{
    return mismatches(facts, {"upstream-mismatch", "its provider at another upstream"});
}

std::vector<Finding> instance_mismatch(Facts const &facts)
{
    return mismatches(facts, {"instance-mismatch", "another instance, as its stamp says"});
}

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
        Finding finding{.rule = "mixed-backends",
                        .issuer = issuer.report.issuer.text(),
                        .requests = issuer.report.counts.unassigned};
        finding.message =
            fmt::format("requests of {} alternate between {} backends, and no instance is configured for it",
                        finding.issuer, backends.size());
        finding.expected = "one backend for one model, or a configuration that says otherwise";
        finding.observed = backends_text(backends);
        finding.evidence = evidence(facts, issuer.report.issuer, [](JudgedRow const &) { return true; });
        finding.steps = {
            {.command = fmt::format("misroute trace {}", finding.issuer)},
            {.text = "misroute init writes a configuration; then misroute can say whose answers these are"}};
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
        Finding finding{.rule = "unpriced-traffic",
                        .issuer = issuer.report.issuer.text(),
                        .instance = issuer.report.instance,
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
    Finding finding{.rule = "models-in-database"};
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
            Finding finding{.rule = "no-traffic", .instance = instance.name};
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
    Finding finding{.rule = "unattributed-traffic", .requests = without_host};
    finding.message = fmt::format("{} of {} requests name no host, although hosts are configured", without_host,
                                  facts.tally.scanned());
    finding.expected = "a request tag \"host: …\" in every row";
    finding.observed = "rows without it are judged by their key alone";
    finding.steps = {{.text = "add to the configuration of every LiteLLM instance, in lower case:",
                      .patch = "litellm_settings:\n  extra_spend_tag_headers: [\"host\"]"}};
    return {finding};
}

} // namespace misroute
