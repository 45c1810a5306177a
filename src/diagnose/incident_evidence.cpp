// SPDX-License-Identifier: Apache-2.0
#include "diagnose/incident_evidence.hpp"

#include "detect/dispatch.hpp"
#include "diagnose/incident_evidence_parts.hpp"
#include "misroute/model/litellm.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

namespace misroute {

namespace {

/// From this many buckets on, the outer ones (partly outside the incident) can be spared.
constexpr int k_many_buckets = 4;

bool is_affected(IssuerView const &view)
{
    return view.report.verdict == Verdict::misrouted || view.report.verdict == Verdict::mixed;
}

/// From so many requests of a model on, an instance has shown the deployments it has for it.
constexpr std::int64_t k_enough_shown = 20;
constexpr double k_nearly_all_foreign = 0.9;

/// Home requests of instances, by instance and model group and then by deployment.
using HomeEntries = std::map<std::pair<std::string, std::string>, std::map<std::string, std::int64_t>>;

HomeEntries home_entries(Facts const &facts)
{
    HomeEntries entries;
    for (auto const &issuer : facts.examination.issuers) {
        for (auto const &cell : issuer.cells) {
            if (cell.judged.row_class == RowClass::home && !cell.key.model_id.empty()) {
                entries[{cell.judged.instance.text(), cell.key.model_group}][cell.key.model_id] += cell.sums.requests;
            }
        }
    }
    return entries;
}

/// Whose entry of a model list answered, where the owner of the backend has shown its own.
void count_entry(HomeEntries const &entries, IssuerCell const &cell, IncidentEvidence &evidence)
{
    if (litellm::is_uuid(cell.key.model_id)) {
        return; // the database's: every pod has it
    }
    auto const owners = entries.find({cell.judged.owner.text(), cell.key.model_group});
    if (cell.judged.owner.empty() || cell.key.model_id.empty() || owners == entries.end()) {
        return;
    }
    std::int64_t shown = 0;
    for (auto const &[id, requests] : owners->second) {
        shown += requests;
    }
    if (owners->second.contains(cell.key.model_id)) {
        evidence.foreign_by_owners_entries += cell.sums.requests;
    } else if (shown >= k_enough_shown) {
        evidence.foreign_by_own_entries += cell.sums.requests;
    }
}

bool is_nearly_all(std::int64_t part, std::int64_t all)
{
    return all > 0 && static_cast<double>(part) >= k_nearly_all_foreign * static_cast<double>(all);
}

void count_foreign(Facts const &facts, IncidentEvidence &evidence)
{
    auto const entries = home_entries(facts);
    for (auto const &issuer : facts.examination.issuers) {
        for (auto const &cell : issuer.cells) {
            if (cell.key.reason == ExclusionReason::fallback) {
                evidence.marked_fallbacks += cell.sums.requests;
            }
            bool const mixed = issuer.report.verdict == Verdict::mixed && cell.judged.row_class == RowClass::unassigned;
            if (cell.judged.row_class != RowClass::foreign && !mixed) {
                continue;
            }
            auto const requests = cell.sums.requests;
            evidence.foreign += requests;
            count_entry(entries, cell, evidence);
            evidence.foreign_with_model_id += cell.key.model_id.empty() ? 0 : requests;
            evidence.foreign_in_database += facts.database_models.model_ids.contains(cell.key.model_id) ? requests : 0;
            if (cell.judged.row_class == RowClass::foreign && cell.judged.owner.empty()) {
                evidence.foreign_unowned += requests;
                evidence.unowned.insert(cell.key.backend.text());
            }
        }
    }
}

} // namespace

void count(Answers &answers, std::string const &owner, Judged const &judged, std::int64_t requests)
{
    answers.by_owner[owner] += requests;
    answers.foreign += judged.row_class == RowClass::foreign ? requests : 0;
}

Window inside(Instant first, Instant last, Milliseconds bucket)
{
    if (bucket <= Milliseconds::zero()) {
        return {first, last + Milliseconds{1}};
    }
    Window const all{bucket_of(first, bucket), bucket_of(last, bucket) + bucket};
    return all.length() >= k_many_buckets * bucket ? Window{all.since + bucket, all.until - bucket} : all;
}

std::int64_t requests_within(Facts const &facts, IssuerCell const &cell, Window const &window)
{
    auto const found = facts.tally.cells.find(cell.key);
    if (found == facts.tally.cells.end() || found->second.series.empty()) {
        return cell.sums.requests;
    }
    std::int64_t requests = 0;
    for (auto const &[bucket, sums] : found->second.series) {
        requests += window.contains(bucket) ? sums.requests : 0;
    }
    return requests;
}

std::int64_t Answers::total() const
{
    return std::accumulate(by_owner.begin(), by_owner.end(), std::int64_t{0},
                           [](std::int64_t sum, auto const &entry) { return sum + entry.second; });
}

double Answers::foreign_share() const
{
    auto const all = total();
    return all > 0 ? static_cast<double>(foreign) / static_cast<double>(all) : 0.0;
}

std::pair<std::string, double> Answers::dominant() const
{
    auto const most = std::ranges::max_element(by_owner, {}, [](auto const &entry) { return entry.second; });
    if (most == by_owner.end() || total() == 0) {
        return {};
    }
    return {most->first, static_cast<double>(most->second) / static_cast<double>(total())};
}

std::int64_t IncidentEvidence::misrouted_instances() const
{
    return std::ranges::count_if(matrix, [](Entered const &entered) { return entered.requests.foreign > 0; });
}

bool IncidentEvidence::by_own_entries() const
{
    return is_nearly_all(foreign_by_own_entries, foreign);
}

bool IncidentEvidence::by_owners_entries() const
{
    return is_nearly_all(foreign_by_owners_entries, foreign);
}

Entered const *IncidentEvidence::entered(std::string_view instance) const
{
    auto const found = std::ranges::find(matrix, instance, &Entered::instance);
    return found == matrix.end() ? nullptr : &*found;
}

IncidentEvidence incident_evidence_of(Facts const &facts)
{
    IncidentEvidence evidence;
    for (auto const &view : facts.examination.issuers) {
        if (is_affected(view)) {
            evidence.affected.push_back(affected_issuer_of(facts, view));
        }
    }
    for (auto const &[issuer, sequence] : facts.sequences) {
        evidence.markers_written = evidence.markers_written || sequence.markers_written;
    }
    evidence.matrix = matrix_of(facts);
    evidence.sticky_clients = clients_stick(evidence.matrix);
    evidence.sameness = compare_rows(evidence);
    count_foreign(facts, evidence);
    return evidence;
}

std::int64_t home_of(Facts const &facts, std::string_view instance)
{
    auto const &instances = facts.examination.instances;
    auto const found = std::ranges::find(instances, instance, &InstanceReport::name);
    return found == instances.end() ? 0 : found->counts.home;
}

std::string database_sentence(DatabaseModels const &database)
{
    if (!database.readable) {
        return "the database could not be asked whether it adds models: LiteLLM_ProxyModelTable and LiteLLM_Config are "
               "not readable";
    }
    if (database.models == 0 && database.config.empty()) {
        return "the database adds no models: 0 rows in both tables";
    }
    auto const settings =
        database.config.empty() ? std::string{} : fmt::format(" and settings ({})", fmt::join(database.config, ", "));
    return fmt::format("the database adds {} model{}{} to every proxy that shares it", database.models,
                       database.models == 1 ? "" : "s", settings);
}

std::string text_of(Answers const &answers)
{
    std::vector<std::string> parts;
    for (auto const &[owner, requests] : answers.by_owner) {
        parts.push_back(fmt::format("{} {}", owner, requests));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

} // namespace misroute
