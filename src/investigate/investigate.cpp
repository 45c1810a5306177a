// SPDX-License-Identifier: Apache-2.0
#include "misroute/investigate.hpp"

#include "detect/course.hpp"
#include "detect/dispatch.hpp"
#include "detect/onset.hpp"
#include "investigate/fallbacks.hpp"
#include "investigate/row_sampling.hpp"
#include "misroute/diagnose.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace misroute {

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

/// Mixed: answers alternate; where nothing can have changed meanwhile, two backends are enough.
Verdict verdict_of(IssuerView const &view, Sequence const &sequence, Knowledge const &knows)
{
    bool const misrouted = view.report.verdict == Verdict::misrouted;
    bool const mixed = interleaves(sequence.newest) || (!knows.has(Known::course) && several_backends(view));
    return mixed && !misrouted ? Verdict::mixed : view.report.verdict;
}

/// What only single rows tell.
void complete(Examination &examination, Sequences const &sequences, Tally const &tally, Expectations const &expected,
              Knowledge const &knows)
{
    std::size_t drawn = 0;
    for (auto &view : examination.issuers) {
        auto const found = sequences.find(view.report.issuer);
        if (found == sequences.end()) {
            continue;
        }
        auto const &sequence = found->second;
        view.report.verdict = verdict_of(view, sequence, knows);
        if (view.report.verdict == Verdict::misrouted) {
            view.report.onset = onset_of(view.series, sequence.before, tally.window);
        }
        if (view.report.verdict == Verdict::misrouted || view.report.verdict == Verdict::mixed) {
            view.report.dispatch = dispatch_of(sequence.newest, expected);
            view.report.sequence = newest_answers(sequence.newest);
            if (knows.has(Known::course) && drawn++ < k_most_suspects) {
                view.report.series = course_of(tally, view);
            }
        }
    }
    sort_issuers(examination.issuers);
}

std::vector<std::string> notes_of(Overflow const &overflow)
{
    std::vector<std::string> notes;
    if (overflow.issuer_requests > 0) {
        notes.push_back(
            fmt::format("too many names of hosts, keys, teams or users to tell apart: {} of issuers that are "
                        "not configured {} counted together as \"{}\"",
                        text::counted(overflow.issuer_requests, "request"),
                        overflow.issuer_requests == 1 ? "is" : "are", k_overflow));
    }
    if (overflow.model_requests > 0) {
        notes.push_back(
            fmt::format("too many models and deployments to tell apart: those of {} are counted together as "
                        "\"{}\"",
                        text::counted(overflow.model_requests, "request"), k_overflow));
    }
    return notes;
}

/// Never silent about suspects whose rows were not read: what they would have shown is not known.
std::string note_of_limits(std::size_t suspected)
{
    return fmt::format("the rows of {} of {} suspect issuers were read one by one: of the others the onset, the order "
                       "and, where nothing is configured, mixing are not known",
                       k_most_suspects, suspected);
}

std::vector<std::string> notes_of(ScanData const &data)
{
    auto notes = notes_of(data.tally.overflow);
    if (data.origin && data.origin->ahead) {
        notes.push_back(fmt::format("the newest row lies {} minutes in the future of the server's clock: some writer's "
                                    "time zone is not UTC, and what it writes falls out of this window or into another",
                                    std::chrono::duration_cast<std::chrono::minutes>(*data.origin->ahead).count()));
    }
    if (data.suspected > k_most_suspects && data.knows.covers({Known::order, Known::course})) {
        notes.push_back(note_of_limits(data.suspected));
    }
    auto const &models = data.models;
    if (models.readable && models.models == 0 && models.config.empty() && data.examination.totals.foreign > 0) {
        notes.emplace_back("the database adds no models: 0 rows in both tables");
    }
    if (!data.sampled.empty()) {
        notes.push_back(data.sampled);
    }
    return notes;
}

/// An issuer without single rows still has the onset that its series tells.
Sequences without_rows(Examination const &examination)
{
    Sequences sequences;
    for (auto const &view : examination.issuers) {
        sequences[view.report.issuer];
    }
    return sequences;
}

Report report_of(ScanData &&data, Fleet const &fleet, ScanRequest const &request)
{
    Report report;
    report.command = request.command;
    report.generated_at = request.now;
    report.window = data.tally.window;
    report.source = std::move(data.origin);
    report.by = data.by.kind == IssuerKind::tag ? "tag:" + data.by.tag : std::string{to_string(data.by.kind)};
    report.gaps = data.tally.gaps;
    report.totals = data.examination.totals;
    report.cost = data.examination.cost;
    report.instances = std::move(data.examination.instances);
    for (auto &view : data.examination.issuers) {
        report.issuers.push_back(std::move(view.report));
    }
    report.cluster = fleet.cluster;
    report.config_file = fleet.config.file;
    return report;
}

} // namespace

ScanData read_scan(RowSource &source, Expectations const &expected, ScanRequest const &request)
{
    ScanData data{.knows = source.knows()};
    auto &[knows, by, tally, examination, sequences, models, origin, sampled, suspected] = data;
    tally = source.tally(request.window, request.by);
    by = choose_by(request.by, tally);
    auto const examined = [&] { return examine(data.tally, expected, data.by.kind, source.asked()); };
    examination = examined();
    if (!knows.has(Known::order)) {
        sequences = without_rows(examination);
    } else {
        sequences = read_sequences(source, expected, tally, examination, {by, MarkerReading::probe});
    }
    if (knows.has(Known::markers)) {
        auto read = exclude_fallbacks(source, tally, examination, sequences, by);
        sampled = std::move(read.note);
        if (read.changed) {
            examination = examined();
            // What was read around the first candidate may lie far from the first foreign row that is left.
            sequences = read_sequences(source, expected, tally, examination, {by, MarkerReading::all});
        }
    }
    if (knows.has(Known::database)) {
        models = source.models();
    }
    origin = source.origin();
    std::ranges::move(source.missed(), std::back_inserter(tally.gaps));
    suspected = suspects(examination).size();
    complete(examination, sequences, tally, expected, knows);
    return data;
}

Report conclude(ScanData &&data, Fleet const &fleet, ScanRequest const &request)
{
    Facts const facts{data.tally,  fleet.config.expectations, data.examination, data.sequences,
                      data.models, fleet.known_cluster(),     data.knows};
    auto findings = detect(facts);
    suppress(findings, fleet.config.ignores, request.now);
    auto causes = diagnose(facts, findings);
    auto notes = notes_of(data);

    auto report = report_of(std::move(data), fleet, request);
    report.findings = std::move(findings);
    report.causes = std::move(causes);
    report.notes = std::move(notes);
    return report;
}

Report investigate(RowSource &source, Fleet const &fleet, ScanRequest const &request)
{
    return conclude(read_scan(source, fleet.config.expectations, request), fleet, request);
}

} // namespace misroute
