// SPDX-License-Identifier: Apache-2.0
#include "cli/investigate.hpp"

#include "detect/dispatch.hpp"
#include "detect/onset.hpp"
#include "misroute/diagnose.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute::cli {

namespace {

constexpr std::size_t k_most_suspects = 50; ///< issuers whose rows are read one by one
constexpr std::size_t k_newest_rows = 400;  ///< enough for the order of dispatch to be certain
constexpr std::size_t k_fewest_rows = 120;  ///< of each of many suspects: still more than dispatch has to see
constexpr std::size_t k_rows_in_all = 4000; ///< newest rows of all suspects together; the database pays for each
constexpr std::size_t k_rows_before = 120;  ///< enough to bound the onset of a share of 2.5 %
constexpr std::size_t k_evidence_rows = 50;

ByOption choose_by(std::optional<ByOption> const &asked, Tally const &tally)
{
    if (asked) {
        return *asked;
    }
    bool const names_hosts = std::any_of(tally.cells.begin(), tally.cells.end(),
                                         [](auto const &entry) { return !entry.first.host.empty(); });
    return {names_hosts ? IssuerKind::host : IssuerKind::key, {}};
}

/// Reads and judges the rows of single issuers.
class Reader
{
public:
    Reader(Source &source, Expectations const &expected, Tally const &tally, ByOption by, std::size_t suspects)
        : m_source{source},
          m_expected{expected},
          m_tally{tally},
          m_by{std::move(by)},
          m_newest{std::clamp(k_rows_in_all / std::max<std::size_t>(1, suspects), k_fewest_rows, k_newest_rows)}
    {
    }

    Sequence read(IssuerView const &view) const;

private:
    std::vector<JudgedRow> rows(IssuerView const &view, RowQuery query) const;

    Source &m_source;
    Expectations const &m_expected;
    Tally const &m_tally;
    ByOption m_by;
    std::size_t m_newest; ///< rows of one suspect
};

std::vector<JudgedRow> Reader::rows(IssuerView const &view, RowQuery query) const
{
    auto const &issuer = view.report.issuer;
    query.issuer.issuer = issuer;
    std::set<std::string> keys;
    for (auto const &cell : view.cells) {
        keys.insert(cell.key.key);
    }
    query.issuer.keys.assign(keys.begin(), keys.end());
    std::vector<JudgedRow> result;
    for (auto &row : m_source.rows(query, m_by)) {
        if (issuer_of(m_tally, row.key, m_by.kind) == issuer) {
            result.push_back(judge(m_expected, m_tally, std::move(row)));
        }
    }
    return result;
}

/// The shortest stretch before `until` that holds at least `wanted` rows; single rows are found by reading it.
Window stretch_before(IssuerView const &view, Window const &window, Instant until, std::size_t wanted)
{
    std::int64_t rows = 0;
    Instant since = window.since;
    for (auto point = view.series.rbegin(); point != view.series.rend(); ++point) {
        if (point->since >= until) {
            continue;
        }
        rows += point->home.requests + point->foreign.requests;
        if (rows >= static_cast<std::int64_t>(wanted)) {
            since = std::max(window.since, point->since);
            break;
        }
    }
    return {since, until};
}

std::optional<Instant> first_foreign(IssuerView const &view)
{
    for (auto const &point : view.series) {
        if (point.foreign.requests > 0) {
            return point.foreign.first;
        }
    }
    return std::nullopt;
}

Sequence Reader::read(IssuerView const &view) const
{
    auto const &window = m_tally.window;
    auto const foreign_since = first_foreign(view);
    Sequence sequence;
    auto const recent = foreign_since ? stretch_before(view, window, window.until, m_newest) : window;
    sequence.newest = rows(view, {{}, recent, m_newest, RowQuery::From::newest, true, {}});
    Window const evidence{foreign_since.value_or(window.since),
                          foreign_since ? std::min(window.until, *foreign_since + m_tally.bucket) : window.until};
    sequence.foreign = rows(view, {{}, evidence, k_evidence_rows, RowQuery::From::oldest, true, {}});
    if (foreign_since && *foreign_since > window.since) {
        auto const past = stretch_before(view, window, *foreign_since, 2 * k_rows_before);
        sequence.before = rows(view, {{}, past, k_rows_before, RowQuery::From::newest, false, {}});
    }
    std::erase_if(sequence.foreign, [&](JudgedRow const &row) {
        return row.judged.row_class != (foreign_since ? RowClass::foreign : RowClass::unassigned);
    });
    auto const written = [](JudgedRow const &row) { return row.row.markers.written; };
    sequence.markers_written = std::any_of(sequence.newest.begin(), sequence.newest.end(), written) ||
                               std::any_of(sequence.foreign.begin(), sequence.foreign.end(), written);
    return sequence;
}

Sequences read_sequences(Source &source, Expectations const &expected, Tally const &tally,
                         Examination const &examination, ByOption const &by)
{
    Sequences sequences;
    auto wanted = suspects(examination);
    wanted.resize(std::min(wanted.size(), k_most_suspects));
    Reader const reader{source, expected, tally, by, wanted.size()};
    for (auto const &view : examination.issuers) {
        if (std::find(wanted.begin(), wanted.end(), view.report.issuer) != wanted.end()) {
            sequences[view.report.issuer] = reader.read(view);
        }
    }
    return sequences;
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
