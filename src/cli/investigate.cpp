// SPDX-License-Identifier: Apache-2.0
#include "cli/investigate.hpp"

#include "cli/suspects.hpp"
#include "detect/dispatch.hpp"
#include "detect/onset.hpp"
#include "misroute/diagnose.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute::cli {

namespace {

ByOption choose_by(std::optional<ByOption> const &asked, Tally const &tally)
{
    if (asked) {
        return *asked;
    }
    bool const names_hosts = std::any_of(tally.cells.begin(), tally.cells.end(),
                                         [](auto const &entry) { return !entry.first.host.empty(); });
    return {names_hosts ? IssuerKind::host : IssuerKind::key, {}};
}

bool is_marker(ExclusionReason reason)
{
    return reason == ExclusionReason::fallback || reason == ExclusionReason::internal_call ||
           reason == ExclusionReason::auto_router;
}

/// The foreign cells of an examination, and where their rows are found.
struct Foreign
{
    std::set<CellKey> cells;
    Candidates candidates;
};

Foreign foreign_cells(Tally const &tally, Examination const &examination)
{
    Foreign foreign;
    std::set<std::string> model_ids;
    std::set<std::string> keys;
    for (auto const &view : examination.issuers) {
        for (auto const &cell : view.cells) {
            if (cell.judged.row_class != RowClass::foreign || cell.key.model_id == k_others) {
                continue;
            }
            foreign.cells.insert(cell.key);
            model_ids.insert(cell.key.model_id);
            keys.insert(cell.key.key);
            for (auto const &[bucket, sums] : tally.cells.at(cell.key).series) {
                foreign.candidates.buckets.insert(bucket);
            }
        }
    }
    if (!keys.contains(std::string{k_others})) { // else any key
        foreign.candidates.keys.assign(keys.begin(), keys.end());
    }
    foreign.candidates.model_ids.assign(model_ids.begin(), model_ids.end());
    return foreign;
}

/// Puts what was counted again in the place of what was counted before: bucket by bucket, and only where there is
/// something, so that what could not be counted again stays as it was.
void replace_cells(Tally &tally, std::set<CellKey> const &cells, Tally const &again)
{
    std::map<CellKey, std::map<Instant, std::vector<std::pair<ExclusionReason, Sums>>>> replacements;
    for (auto const &[key, cell] : again.cells) {
        CellKey plain = key;
        plain.reason = ExclusionReason::none;
        if ((key.reason != ExclusionReason::none && !is_marker(key.reason)) || !cells.contains(plain)) {
            continue;
        }
        for (auto const &[bucket, sums] : cell.series) {
            replacements[plain][bucket].emplace_back(key.reason, sums);
        }
    }
    for (auto const &[key, buckets] : replacements) {
        auto node = tally.cells.extract(key);
        for (auto const &[bucket, sums] : node.mapped().series) {
            auto const found = buckets.find(bucket);
            if (found == buckets.end()) {
                tally.cells[key].add(bucket, sums);
                continue;
            }
            for (auto const &[reason, counted] : found->second) {
                CellKey target = key;
                target.reason = reason;
                tally.cells[target].add(bucket, counted);
            }
        }
    }
    tally.gaps.insert(tally.gaps.end(), again.gaps.begin(), again.gaps.end());
}

/// Where LiteLLM writes markers, foreign cells are counted again by what metadata says, so that fallbacks, internal
/// calls and routers leave before any verdict. Returns whether anything changed.
bool set_innocent_rows_aside(Source &source, Tally &tally, Examination const &examination, Sequences const &sequences,
                             ByOption const &by)
{
    bool const written =
        std::any_of(sequences.begin(), sequences.end(), [](auto const &entry) { return entry.second.markers_written; });
    auto const foreign = written ? foreign_cells(tally, examination) : Foreign{};
    if (foreign.cells.empty()) {
        return false;
    }
    auto const again = source.tally_markers(tally, by, foreign.candidates);
    replace_cells(tally, foreign.cells, again);
    return !again.gaps.empty() || std::any_of(again.cells.begin(), again.cells.end(),
                                              [](auto const &entry) { return is_marker(entry.first.reason); });
}

bool several_backends(IssuerView const &view)
{
    auto const &uses = view.report.backends;
    return std::any_of(uses.begin(), uses.end(),
                       [&](BackendUse const &use) { return differ(use.backend, uses.front().backend); });
}

void conclude(Examination &examination, Sequences const &sequences, Window const &window, bool at_once)
{
    for (auto &view : examination.issuers) {
        auto const found = sequences.find(view.report.issuer);
        if (found == sequences.end()) {
            continue;
        }
        auto const &sequence = found->second;
        bool const misrouted = view.report.verdict == Verdict::misrouted;
        if (!misrouted && (interleaves(sequence.newest) || (at_once && several_backends(view)))) {
            view.report.verdict = Verdict::mixed;
        }
        if (misrouted) {
            view.report.onset = onset_of(view.series, sequence.before, window);
        }
        if (misrouted || view.report.verdict == Verdict::mixed) {
            view.report.dispatch = dispatch_of(sequence.newest);
        }
    }
    sort_issuers(examination.issuers);
}

DatabaseModels database_models(Source &source)
{
    auto read = source.models();
    DatabaseModels models;
    models.readable = read.readable;
    models.models = static_cast<std::int64_t>(read.model_ids.size());
    models.model_ids = {read.model_ids.begin(), read.model_ids.end()};
    for (auto const &name : read.config_params) {
        if (name == "router_settings" || name == "model_list") {
            models.config.push_back(name);
        }
    }
    return models;
}

std::vector<std::string> notes_of(Folding const &folding)
{
    std::vector<std::string> notes;
    if (folding.issuer_requests > 0) {
        notes.push_back(fmt::format(
            "too many names of hosts, keys, teams or users to tell apart: {} of issuers that are "
            "not configured {} counted together as \"{}\"",
            text::counted(folding.issuer_requests, "request"), folding.issuer_requests == 1 ? "is" : "are", k_others));
    }
    if (folding.model_requests > 0) {
        notes.push_back(
            fmt::format("too many models and deployments to tell apart: those of {} are counted together as "
                        "\"{}\"",
                        text::counted(folding.model_requests, "request"), k_others));
    }
    return notes;
}

/// Never silent about suspects whose rows were not read: what they would have shown is not known.
void name_limits(Report &report, std::size_t suspected)
{
    if (suspected > k_most_suspects) {
        report.notes.push_back(
            fmt::format("the rows of {} of {} suspect issuers were read one by one: of the others the "
                        "onset, the order and, where nothing is configured, mixing are not known",
                        k_most_suspects, suspected));
    }
}

Report report_of(Examination &&examination, Tally const &tally, Inquiry const &inquiry)
{
    Report report;
    report.command = inquiry.command;
    report.generated_at = inquiry.now;
    report.window = tally.window;
    report.gaps = tally.gaps;
    report.totals = examination.totals;
    report.cost = examination.cost;
    report.instances = std::move(examination.instances);
    for (auto &view : examination.issuers) {
        report.issuers.push_back(std::move(view.report));
    }
    return report;
}

} // namespace

Report conclusions(Observed &&observed, Config const &config, Inquiry const &inquiry, ByOption const &by,
                   Cluster const *cluster)
{
    auto &[tally, examination, sequences, models, at_once] = observed;
    auto const suspected = suspects(examination).size();
    conclude(examination, sequences, tally.window, at_once);

    Facts const facts{tally, config.expectations, examination, sequences, models, cluster};
    auto findings = detect(facts);
    suppress(findings, config.ignores, inquiry.now);
    auto causes = diagnose(facts, findings);

    auto report = report_of(std::move(examination), tally, inquiry);
    report.by = by.kind == IssuerKind::tag ? "tag:" + by.tag : std::string{to_string(by.kind)};
    report.config_file = config.file;
    report.findings = std::move(findings);
    if (cluster != nullptr) {
        report.cluster = *cluster;
    }
    report.causes = std::move(causes);
    for (auto &note : notes_of(tally.folding)) {
        report.notes.push_back(std::move(note));
    }
    name_limits(report, suspected);
    if (models.readable && models.models == 0 && models.config.empty() && report.totals->foreign > 0) {
        report.notes.emplace_back("the database adds no models: 0 rows in both tables");
    }
    return report;
}

Report investigate(Source &source, Config const &config, Inquiry const &inquiry, Cluster const *cluster)
{
    auto const &expected = config.expectations;
    auto tally = source.tally(inquiry.window, inquiry.by.value_or(ByOption{}));
    auto const by = choose_by(inquiry.by, tally);
    auto examination = examine(tally, expected, by.kind);
    auto sequences = read_sequences(source, expected, tally, examination, by);
    if (set_innocent_rows_aside(source, tally, examination, sequences, by)) {
        examination = examine(tally, expected, by.kind);
        // What was read around the first candidate may lie far from the first foreign row that is left.
        sequences = read_sequences(source, expected, tally, examination, by);
    }
    auto report =
        conclusions({std::move(tally), std::move(examination), std::move(sequences), database_models(source), false},
                    config, inquiry, by, cluster);
    report.source = source.info();
    return report;
}

} // namespace misroute::cli
