// SPDX-License-Identifier: Apache-2.0
#include "diagnose/symptoms.hpp"

#include "detect/dispatch.hpp"
#include "detect/onset.hpp"
#include "detect/sequence_tests.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

namespace misroute {

namespace {

/// A client is one backend's when at least this share of its requests was, and it sent at least so many.
constexpr double k_pure_share = 0.95;
constexpr std::int64_t k_client_requests = 3;

/// Clients stick when at least this part of them is pure, and pure ones disagree.
constexpr double k_sticky_clients = 0.8;

/// A failure is "right before" an answer when it is that recent: LiteLLM tries a fallback at once.
constexpr Milliseconds k_right_before = std::chrono::seconds{60};

/// From this many buckets on, the outer ones (partly outside the incident) can be spared.
constexpr int k_many_buckets = 4;

void count(Answers &answers, std::string const &owner, Judged const &judged, std::int64_t requests)
{
    answers.by_owner[owner] += requests;
    answers.foreign += judged.row_class == RowClass::foreign ? requests : 0;
}

bool is_flagged(IssuerView const &view)
{
    return view.report.verdict == Verdict::misrouted || view.report.verdict == Verdict::mixed;
}

// The whole buckets [since, until) that lie inside an incident; its outer buckets too when there are few.
Window inside(Instant first, Instant last, Milliseconds bucket)
{
    if (bucket <= Milliseconds::zero()) {
        return {first, last + Milliseconds{1}};
    }
    Window const all{bucket_of(first, bucket), bucket_of(last, bucket) + bucket};
    return all.length() >= k_many_buckets * bucket ? Window{all.since + bucket, all.until - bucket} : all;
}

std::optional<Onset> onset_for(Facts const &facts, IssuerView const &view, Sequence const *sequence)
{
    if (view.report.onset) {
        return view.report.onset;
    }
    auto const before = sequence ? std::span<JudgedRow const>{sequence->before} : std::span<JudgedRow const>{};
    return onset_of(view.series, before, facts.tally.window);
}

Instant last_foreign(IssuerView const &view)
{
    auto last = Instant::min();
    for (auto const &point : view.series) {
        last = std::max(last, point.foreign.last);
    }
    return last;
}

/// The stretch of time in which an issuer was misrouted; the whole window for an unconfigured one.
struct Stretch
{
    Instant from;
    Instant to;
};

Stretch stretch_of(Facts const &facts, IssuerView const &view, Sequence const *sequence)
{
    auto const onset = onset_for(facts, view, sequence);
    return onset ? Stretch{onset->at, last_foreign(view)} : Stretch{facts.tally.window.since, facts.tally.window.until};
}

std::int64_t requests_within(Facts const &facts, IssuerCell const &cell, Window const &window)
{
    auto const found = facts.tally.cells.find(cell.key);
    if (found == facts.tally.cells.end() || found->second.series.empty()) {
        return cell.sums.requests;
    }
    std::int64_t requests = 0;
    for (auto const &[since, sums] : found->second.series) {
        requests += window.contains(since) ? sums.requests : 0;
    }
    return requests;
}

void count_rows(Flagged &flagged, std::vector<JudgedRow> const &rows)
{
    for (auto const &row : rows) {
        if (auto const owner = answered_by(row.row.key, row.judged); !owner.empty()) {
            count(flagged.answers, owner, row.judged, 1);
            if (!row.row.key.host.empty()) {
                count(flagged.by_host[row.row.key.host], owner, row.judged, 1);
            }
        }
    }
}

void count_cells(Facts const &facts, Flagged &flagged, Window const &window)
{
    for (auto const &cell : flagged.view->cells) {
        auto const owner = answered_by(cell.key, cell.judged);
        auto const requests = owner.empty() ? 0 : requests_within(facts, cell, window);
        if (requests == 0) {
            continue;
        }
        count(flagged.answers, owner, cell.judged, requests);
        if (!cell.key.host.empty()) {
            count(flagged.by_host[cell.key.host], owner, cell.judged, requests);
        }
    }
}

std::vector<JudgedRow> rows_within(std::vector<JudgedRow> const &rows, Stretch const &stretch)
{
    std::vector<JudgedRow> result;
    std::ranges::copy_if(rows, std::back_inserter(result), [&](JudgedRow const &row) {
        return stretch.from <= row.row.time && row.row.time <= stretch.to;
    });
    return result;
}

std::optional<Milliseconds> pace_of(std::vector<JudgedRow> const &rows)
{
    std::vector<Milliseconds> steps;
    JudgedRow const *last = nullptr;
    for (auto const &row : rows) {
        auto const owner = answered_by(row.row.key, row.judged);
        if (owner.empty()) {
            continue;
        }
        if (last && answered_by(last->row.key, last->judged) != owner) {
            steps.push_back(row.row.time - last->row.time);
        }
        last = &row;
    }
    if (steps.empty()) {
        return std::nullopt;
    }
    auto const middle = steps.begin() + std::ssize(steps) / 2;
    std::ranges::nth_element(steps, middle);
    return *middle;
}

void count_failures(Flagged &flagged, std::vector<JudgedRow> const &rows)
{
    std::optional<Instant> failed;
    for (auto const &row : rows) {
        if (row.row.key.reason == ExclusionReason::failure) {
            failed = row.row.time;
            continue;
        }
        bool const after = failed && row.row.time - *failed <= k_right_before;
        if (row.judged.row_class == RowClass::foreign) {
            flagged.foreign_rows += 1;
            flagged.foreign_after_failure += after ? 1 : 0;
        } else if (row.judged.row_class == RowClass::home) {
            flagged.home_rows += 1;
            flagged.home_after_failure += after ? 1 : 0;
            failed.reset(); // the upstream works again
        }
    }
}

Flagged flagged_of(Facts const &facts, IssuerView const &view)
{
    Flagged flagged;
    flagged.view = &view;
    auto const found = facts.sequences.find(view.report.issuer);
    flagged.sequence = found == facts.sequences.end() ? nullptr : &found->second;
    auto const stretch = stretch_of(facts, view, flagged.sequence);
    flagged.incident = inside(stretch.from, stretch.to, facts.tally.bucket);
    std::vector<JudgedRow> rows;
    if (flagged.sequence) {
        rows = rows_within(flagged.sequence->newest, stretch);
        flagged.interleaved = interleaves(rows);
        flagged.pace = pace_of(rows);
        count_failures(flagged, flagged.sequence->newest);
        if (!view.report.dispatch) {
            flagged.dispatch = dispatch_of(flagged.sequence->newest);
        }
    }
    if (view.report.dispatch) {
        flagged.dispatch = *view.report.dispatch;
    }
    // Rows are exact, but bounded in number: only when they reach back to the onset are they the whole incident.
    if (!rows.empty() && flagged.sequence->newest.front().row.time <= stretch.from) {
        count_rows(flagged, rows);
    } else {
        count_cells(facts, flagged, flagged.incident);
    }
    return flagged;
}

/// Cells by the instance they entered at.
using CellsOf = std::map<std::string, std::vector<IssuerCell const *>>;

CellsOf cells_by_instance(Examination const &examination)
{
    CellsOf cells;
    for (auto const &issuer : examination.issuers) {
        for (auto const &cell : issuer.cells) {
            if (cell.judged.row_class == RowClass::home || cell.judged.row_class == RowClass::foreign) {
                cells[cell.judged.instance].push_back(&cell);
            }
        }
    }
    return cells;
}

// From the first to the last bucket with foreign rows. Buckets, not times: cells know no more.
std::optional<Stretch> foreign_stretch(std::vector<IssuerCell const *> const &cells)
{
    Sums foreign;
    for (auto const *cell : cells) {
        if (cell->judged.row_class == RowClass::foreign) {
            foreign += cell->sums;
        }
    }
    return foreign.requests > 0 ? std::optional{Stretch{foreign.first, foreign.last}} : std::nullopt;
}

Entered entered_of(Facts const &facts, std::string const &instance, std::vector<IssuerCell const *> const &cells,
                   Window const &window)
{
    Entered entered{.instance = instance};
    std::map<std::string, Answers> clients;
    for (auto const *cell : cells) {
        auto const requests = requests_within(facts, *cell, window);
        if (requests > 0) {
            auto const owner = answered_by(cell->key, cell->judged);
            count(entered.requests, owner, cell->judged, requests);
            count(clients[cell->key.key], owner, cell->judged, requests);
        }
    }
    for (auto const &[key, answers] : clients) {
        if (answers.total() < k_client_requests) {
            continue;
        }
        auto const [owner, share] = answers.dominant();
        if (share < k_pure_share) {
            entered.mixed_clients += 1;
        } else {
            entered.clients.by_owner[owner] += 1;
            entered.clients.foreign += answers.foreign_share() > 0.5 ? 1 : 0;
        }
    }
    return entered;
}

std::vector<Entered> matrix_of(Facts const &facts)
{
    auto const cells = cells_by_instance(facts.examination);
    std::optional<Stretch> any;
    std::map<std::string, std::optional<Stretch>> own;
    for (auto const &[instance, list] : cells) {
        own[instance] = foreign_stretch(list);
        if (own[instance]) {
            any = any ? Stretch{std::min(any->from, own[instance]->from), std::max(any->to, own[instance]->to)}
                      : *own[instance];
        }
    }
    std::vector<Entered> matrix;
    for (auto const &[instance, list] : cells) {
        auto const &stretch = own[instance] ? own[instance] : any;
        if (!stretch) {
            continue;
        }
        auto entered = entered_of(facts, instance, list, inside(stretch->from, stretch->to, facts.tally.bucket));
        if (entered.requests.total() > 0) {
            matrix.push_back(std::move(entered));
        }
    }
    return matrix;
}

bool clients_stick(std::vector<Entered> const &matrix)
{
    return std::ranges::any_of(matrix, [](Entered const &entered) {
        auto const pure = static_cast<double>(entered.clients.total());
        return entered.clients.foreign > 0 && entered.clients.home() > 0 &&
               pure >= k_sticky_clients * (pure + static_cast<double>(entered.mixed_clients));
    });
}

// How many requests of a flagged issuer are worth one: sticky connections make equal shares look unequal.
double mean_dependence(std::vector<Flagged> const &flagged)
{
    double sum = 0;
    for (auto const &one : flagged) {
        std::vector<Trials> trials;
        for (auto const &point : one.view->series) {
            if (one.incident.contains(point.since)) {
                trials.push_back({point.foreign.requests, point.foreign.requests + point.home.requests});
            }
        }
        sum += dependence(trials);
    }
    return flagged.empty() ? 1.0 : std::max(1.0, sum / static_cast<double>(flagged.size()));
}

GTest compare_rows(Symptoms const &symptoms)
{
    auto const answers = [&](Entered const &entered) -> Answers const & {
        return symptoms.sticky_clients ? entered.clients : entered.requests;
    };
    std::set<std::string> owners;
    for (auto const &entered : symptoms.matrix) {
        for (auto const &[owner, requests] : answers(entered).by_owner) {
            owners.insert(owner);
        }
    }
    std::vector<std::vector<std::int64_t>> table;
    for (auto const &entered : symptoms.matrix) {
        std::vector<std::int64_t> row;
        for (auto const &owner : owners) {
            auto const found = answers(entered).by_owner.find(owner);
            row.push_back(found == answers(entered).by_owner.end() ? 0 : found->second);
        }
        table.push_back(std::move(row));
    }
    return g_test(table, symptoms.sticky_clients ? 1.0 : mean_dependence(symptoms.flagged));
}

void count_foreign(Facts const &facts, Symptoms &symptoms)
{
    for (auto const &issuer : facts.examination.issuers) {
        for (auto const &cell : issuer.cells) {
            if (cell.key.reason == ExclusionReason::fallback) {
                symptoms.marked_fallbacks += cell.sums.requests;
            }
            bool const mixed = issuer.report.verdict == Verdict::mixed && cell.judged.row_class == RowClass::unassigned;
            if (cell.judged.row_class != RowClass::foreign && !mixed) {
                continue;
            }
            auto const requests = cell.sums.requests;
            symptoms.foreign += requests;
            symptoms.foreign_with_model_id += cell.key.model_id.empty() ? 0 : requests;
            symptoms.foreign_in_database += facts.database_models.model_ids.contains(cell.key.model_id) ? requests : 0;
            if (cell.judged.row_class == RowClass::foreign && cell.judged.owner.empty()) {
                symptoms.foreign_unowned += requests;
                symptoms.unowned.insert(cell.key.backend.text());
            }
        }
    }
}

} // namespace

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

std::int64_t Symptoms::misrouted_instances() const
{
    return std::ranges::count_if(matrix, [](Entered const &entered) { return entered.requests.foreign > 0; });
}

Entered const *Symptoms::entered(std::string_view instance) const
{
    auto const found = std::ranges::find(matrix, instance, &Entered::instance);
    return found == matrix.end() ? nullptr : &*found;
}

Symptoms symptoms_of(Facts const &facts)
{
    Symptoms symptoms;
    for (auto const &view : facts.examination.issuers) {
        if (is_flagged(view)) {
            symptoms.flagged.push_back(flagged_of(facts, view));
        }
    }
    for (auto const &[issuer, sequence] : facts.sequences) {
        symptoms.markers_written = symptoms.markers_written || sequence.markers_written;
    }
    symptoms.matrix = matrix_of(facts);
    symptoms.sticky_clients = clients_stick(symptoms.matrix);
    symptoms.sameness = compare_rows(symptoms);
    count_foreign(facts, symptoms);
    return symptoms;
}

std::string answered_by(CellKey const &key, Judged const &judged)
{
    return answered_by(JudgedRow{.row = {.key = key}, .judged = judged});
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
