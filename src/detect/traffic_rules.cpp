// SPDX-License-Identifier: Apache-2.0
#include "detect/traffic_rules.hpp"

#include "detect/balance.hpp"
#include "misroute/model/shell.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace misroute {

namespace {

constexpr std::size_t k_most_examples = 5;

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
        if (wanted(judged) && result.size() < k_most_examples) {
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

constexpr std::string_view k_looks_balanced =
    "nobody else meets these backends and their shares are steady, which is how load balancing inside one instance "
    "looks; if it is meant, say so: list them all under expect of that instance";

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

/// Which instances showed a deployment of their own in this window, or have one configured.
std::set<std::size_t> told_by_deployment(Facts const &facts)
{
    std::set<std::size_t> told;
    for (auto const &[id, owner] : facts.examination.deployments) {
        if (owner.instances.size() == 1) {
            told.insert(owner.instances.front());
        }
    }
    for (std::size_t index = 0; index < facts.expected.instances.size(); ++index) {
        if (!facts.expected.instances[index].deployments.empty()) {
            told.insert(index);
        }
    }
    return told;
}

bool stamped(Facts const &facts, Instance const &instance)
{
    return std::any_of(facts.tally.cells.begin(), facts.tally.cells.end(),
                       [&](auto const &entry) { return entry.first.backend.stamp == instance.name; });
}

/// The deployments of an instance's own rows.
std::set<std::string> shown_by(Facts const &facts, std::string const &instance)
{
    std::set<std::string> ids;
    for (auto const &issuer : facts.examination.issuers) {
        for (auto const &cell : issuer.cells) {
            bool const its = cell.judged.instance.contains(instance) && !cell.judged.instance.several();
            if (its && cell.judged.row_class == RowClass::home && !cell.key.model_id.empty()) {
                ids.insert(cell.key.model_id);
            }
        }
    }
    return ids;
}

/// Ids of both are known, and none is the other's too: a later mixture would show.
bool disjoint(std::set<std::string> const &left, std::set<std::string> const &right)
{
    return !left.empty() && !right.empty() &&
           std::none_of(left.begin(), left.end(), [&](std::string const &id) { return right.contains(id); });
}

bool names_hosts(Expectations const &expected)
{
    return std::any_of(expected.instances.begin(), expected.instances.end(),
                       [](Instance const &instance) { return !instance.hosts.empty(); });
}

/// What both serve, or nothing.
std::string common_backend(Instance const &left, Instance const &right)
{
    for (auto const &one : left.expect) {
        for (auto const &other : right.expect) {
            if (overlap(one, other)) {
                return one.upstream.empty() ? other.text() : one.text();
            }
        }
    }
    return {};
}

Finding indistinguishable(Instance const &left, Instance const &right, std::string const &common)
{
    Finding finding{.rule = Rule::indistinguishable_instances, .instance = left.name + "|" + right.name};
    finding.message = fmt::format("{} and {} both serve {}, and neither stamps nor deployments tell whose answer a row "
                                  "is: between these two, no foreign answer does not mean that there was none",
                                  left.name, right.name, common);
    finding.expected = "a stamp, or deployments with keys of their own, at each of the two";
    finding.observed = fmt::format("the same backend at {} and {}", left.name, right.name);
    finding.steps = {{.text = "stamp the deployments of both, in LiteLLM's configuration of each",
                      .patch = fmt::format("litellm_params:\n  tags: [\"{}:{}\"]", "instance", left.name)},
                     {.text = "or give each instance an upstream key of its own, and let \"misroute init\" write the "
                              "deployments it sees into misroute.yaml"}};
    finding.location = left.location;
    return finding;
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

std::vector<Finding> indistinguishable_instances(Facts const &facts)
{
    std::vector<Finding> findings;
    auto const told = told_by_deployment(facts);
    auto const &instances = facts.expected.instances;
    for (std::size_t left = 0; left < instances.size(); ++left) {
        for (std::size_t right = left + 1; right < instances.size(); ++right) {
            bool const apart = (told.contains(left) && told.contains(right)) ||
                               (stamped(facts, instances[left]) && stamped(facts, instances[right]));
            auto const common = apart ? std::string{} : common_backend(instances[left], instances[right]);
            if (common.empty() ||
                disjoint(shown_by(facts, instances[left].name), shown_by(facts, instances[right].name))) {
                continue;
            }
            findings.push_back(indistinguishable(instances[left], instances[right], common));
        }
    }
    return findings;
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
