// SPDX-License-Identifier: Apache-2.0
#include "investigate/row_reader.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace misroute {

namespace {

constexpr std::size_t k_page = 1000;           ///< rows of several suspects, read together
constexpr std::size_t k_marked_page = 600;     ///< with their metadata
constexpr std::size_t k_read_alone = 4;        ///< fewer suspects are quicker read one by one
constexpr std::size_t k_patience_with_all = 3; ///< times the rows wanted: then the quiet ones are read one by one
constexpr std::size_t k_most_reserved = 400;   ///< rows

std::set<std::string> keys_of(IssuerView const &view)
{
    std::set<std::string> keys;
    for (auto const &cell : view.cells) {
        keys.insert(cell.key.key);
    }
    return keys;
}

} // namespace

void Wanted::take(JudgedRow &&judged)
{
    if (rows.empty() && limit <= k_most_reserved) {
        rows.reserve(limit);
    }
    if (bare) {
        Row rest; // swapped: assigned, a string would keep its memory
        rest.time = judged.row.time;
        std::swap(judged.row, rest);
    }
    rows.push_back(std::move(judged));
}

void RowReader::read(std::vector<Wanted> &all, RowQuery::From from, bool markers) const
{
    std::erase_if(all, [](Wanted const &wanted) { return wanted.window.since >= wanted.window.until; });
    RowQuery query;
    query.from = from;
    query.markers = markers;
    // Only keys are columns of their own, which can be asked for by the dozen.
    if (m_by.kind == IssuerKind::key && all.size() > k_read_alone) {
        read_together(all, query);
    }
    for (auto &wanted : all) {
        if (!wanted.complete) {
            read_alone(wanted, query);
        }
    }
}

void RowReader::read_each(std::vector<Wanted> &all, RowQuery::From from, bool markers) const
{
    RowQuery query;
    query.from = from;
    query.markers = markers;
    for (auto &wanted : all) {
        read_alone(wanted, query);
    }
}

void RowReader::read_alone(Wanted &wanted, RowQuery query) const
{
    auto const &issuer = wanted.view->report.issuer;
    auto const keys = keys_of(*wanted.view);
    query.issuer = {issuer, {keys.begin(), keys.end()}};
    query.window = wanted.window;
    query.limit = wanted.limit;
    wanted.rows.clear();
    for (auto &row : m_source.rows(query, m_by)) {
        if (issuer_of(m_tally, row.key, m_by.kind) == issuer) {
            wanted.take(judge(m_expected, m_tally, std::move(row), m_deployments));
        }
    }
    wanted.complete = true;
}

/// Every suspect's rows lie among everybody else's: one pass over a stretch finds those of all.
void RowReader::read_together(std::vector<Wanted> &all, RowQuery query) const
{
    bool const newest = query.from == RowQuery::From::newest;
    std::map<Issuer, Wanted *> by_issuer;
    std::set<std::string> keys;
    query.limit = query.markers ? k_marked_page : k_page;
    std::size_t patience = query.limit;
    query.window = all.front().window;
    for (auto &wanted : all) {
        by_issuer[wanted.view->report.issuer] = &wanted;
        keys.merge(keys_of(*wanted.view));
        query.window = {std::min(query.window.since, wanted.window.since),
                        std::max(query.window.until, wanted.window.until)};
        patience += k_patience_with_all * wanted.limit;
    }
    query.issuer = {{IssuerKind::key, {}}, {keys.begin(), keys.end()}};

    for (bool last = false; !last && patience >= query.limit; patience -= query.limit) {
        auto page = m_source.rows(query, m_by);
        last = page.size() < query.limit;
        if (newest) {
            std::reverse(page.begin(), page.end());
        }
        if (!page.empty()) {
            query.after = {page.back().time, page.back().request_id};
        }
        for (auto &row : page) {
            auto const found = by_issuer.find(issuer_of(m_tally, row.key, m_by.kind));
            if (found != by_issuer.end() && found->second->window.contains(row.time) &&
                found->second->rows.size() < found->second->limit) {
                found->second->take(judge(m_expected, m_tally, std::move(row), m_deployments));
            }
        }
        for (auto &wanted : all) {
            bool const passed = query.after && (newest ? query.after->first < wanted.window.since
                                                       : query.after->first >= wanted.window.until);
            wanted.complete = last || passed || wanted.rows.size() >= wanted.limit;
        }
        last = last || std::all_of(all.begin(), all.end(), [](Wanted const &wanted) { return wanted.complete; });
    }
    for (auto &wanted : all) {
        if (newest) {
            std::reverse(wanted.rows.begin(), wanted.rows.end());
        }
    }
}

} // namespace misroute
