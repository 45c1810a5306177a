// SPDX-License-Identifier: Apache-2.0
#include "investigate/trace.hpp"

#include "detect/dispatch.hpp"

namespace misroute {

namespace {

constexpr std::size_t k_rows_of_a_query = 1000;

} // namespace

std::set<Issuer> issuers_of(Tally const &tally, std::optional<IssuerKind> kind)
{
    std::set<Issuer> issuers;
    for (auto const &[key, cell] : tally.cells) {
        if (kind) {
            issuers.insert(issuer_of(tally, key, *kind));
        } else {
            issuers.insert(issuer_of(tally, key, IssuerKind::host));
            issuers.insert(issuer_of(tally, key, IssuerKind::key));
        }
    }
    return issuers;
}

std::vector<std::string> Tracer::keys() const
{
    std::set<std::string> keys;
    for (auto const &[key, cell] : m_tally.cells) {
        if (m_issuer.kind == IssuerKind::key && m_tally.key_name(key.key) == m_issuer.name) {
            keys.insert(key.key);
        }
    }
    return {keys.begin(), keys.end()};
}

std::string Tracer::instance() const
{
    for (auto const &[key, cell] : m_tally.cells) {
        auto const judged = judge(m_expected, key, m_tally.key_name(key.key), m_deployments);
        if (!judged.instance.empty() && issuer_of(m_tally, key, m_issuer.kind) == m_issuer) {
            return judged.instance.text();
        }
    }
    return {};
}

bool Tracer::show_page(std::vector<Row> const &rows, std::function<void(TraceRow const &)> const &show)
{
    for (auto const &row : rows) {
        if (issuer_of(m_tally, row.key, m_issuer.kind) != m_issuer) {
            continue;
        }
        TraceRow const shown{judge(m_expected, m_tally, row, m_deployments), m_tally.key_name(row.key.key)};
        m_summary.counts.add(shown.request.judged.row_class, shown.request.row.key.reason, 1);
        m_newest.push_back(shown.request);
        if (m_newest.size() > k_dispatch_rows) {
            m_newest.pop_front();
        }
        show(shown);
    }
    return !rows.empty();
}

TraceSummary Tracer::trace(std::size_t limit, std::function<void(TraceRow const &)> const &show)
{
    RowQuery query{.issuer = {m_issuer, keys()}, .window = m_tally.window, .markers = true};
    ByOption const by{m_issuer.kind, {}};
    if (limit > 0) {
        query.limit = limit + 1;
        query.from = RowQuery::From::newest;
        auto rows = m_source.rows(query, by);
        m_summary.truncated = rows.size() > limit;
        if (m_summary.truncated) {
            rows.erase(rows.begin());
        }
        show_page(rows, show);
    } else {
        query.limit = k_rows_of_a_query;
        for (auto rows = m_source.rows(query, by); show_page(rows, show); rows = m_source.rows(query, by)) {
            query.after = std::pair{rows.back().time, rows.back().request_id};
        }
    }
    std::vector<JudgedRow> const newest{m_newest.begin(), m_newest.end()};
    if (!newest.empty()) {
        m_summary.dispatch = dispatch_of(newest, m_expected);
    }
    return m_summary;
}

} // namespace misroute
