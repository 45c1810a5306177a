// SPDX-License-Identifier: Apache-2.0
#include "cli/investigate.hpp"

#include "cli/markers.hpp"
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
    auto sequences = read_sequences(source, expected, tally, examination, {by, Markers::probe});
    auto markers = set_innocent_rows_aside(source, tally, examination, sequences, by);
    if (markers.changed) {
        examination = examine(tally, expected, by.kind);
        // What was read around the first candidate may lie far from the first foreign row that is left.
        sequences = read_sequences(source, expected, tally, examination, {by, Markers::all});
    }
    auto report =
        conclusions({std::move(tally), std::move(examination), std::move(sequences), database_models(source), false},
                    config, inquiry, by, cluster);
    report.source = source.info();
    if (!markers.note.empty()) {
        report.notes.push_back(std::move(markers.note));
    }
    return report;
}

} // namespace misroute::cli
