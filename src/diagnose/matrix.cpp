// SPDX-License-Identifier: Apache-2.0
#include "detect/answered_by.hpp"
#include "detect/sequence_tests.hpp"
#include "diagnose/incident_evidence_parts.hpp"

#include <algorithm>
#include <set>

namespace misroute {

namespace {

/// A client is one backend's when at least this share of its requests was, and it sent at least so many.
constexpr double k_pure_share = 0.95;
constexpr std::int64_t k_client_requests = 3;

/// Clients stick when at least this part of them is pure, and pure ones disagree.
constexpr double k_sticky_clients = 0.8;

/// Cells by the instance they entered at.
using CellsOf = std::map<InstanceNames, std::vector<IssuerCell const *>>;

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

Entered entered_of(Facts const &facts, InstanceNames const &instance, std::vector<IssuerCell const *> const &cells,
                   Window const &window)
{
    Entered entered{.instance = instance.text()};
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

// How many requests of an affected issuer are worth one: sticky connections make equal shares look unequal.
double mean_dependence(std::vector<AffectedIssuer> const &affected)
{
    double sum = 0;
    for (auto const &one : affected) {
        std::vector<Trials> trials;
        for (auto const &point : one.view->series) {
            if (one.incident.contains(point.since)) {
                trials.push_back({point.foreign.requests, point.foreign.requests + point.home.requests});
            }
        }
        sum += dependence(trials);
    }
    return affected.empty() ? 1.0 : std::max(1.0, sum / static_cast<double>(affected.size()));
}

} // namespace

std::vector<Entered> matrix_of(Facts const &facts)
{
    auto const cells = cells_by_instance(facts.examination);
    std::optional<Stretch> any;
    std::map<InstanceNames, std::optional<Stretch>> own;
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

GTest compare_rows(IncidentEvidence const &evidence)
{
    auto const answers = [&](Entered const &entered) -> Answers const & {
        return evidence.sticky_clients ? entered.clients : entered.requests;
    };
    std::set<std::string> owners;
    for (auto const &entered : evidence.matrix) {
        for (auto const &[owner, requests] : answers(entered).by_owner) {
            owners.insert(owner);
        }
    }
    std::vector<std::vector<std::int64_t>> table;
    for (auto const &entered : evidence.matrix) {
        std::vector<std::int64_t> row;
        for (auto const &owner : owners) {
            auto const found = answers(entered).by_owner.find(owner);
            row.push_back(found == answers(entered).by_owner.end() ? 0 : found->second);
        }
        table.push_back(std::move(row));
    }
    return g_test(table, evidence.sticky_clients ? 1.0 : mean_dependence(evidence.affected));
}

} // namespace misroute
