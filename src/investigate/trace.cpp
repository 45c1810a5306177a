// SPDX-License-Identifier: Apache-2.0
#include "investigate/trace.hpp"

#include "detect/dispatch.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace misroute {

namespace {

constexpr std::size_t k_rows_of_a_query = 1000;

bool earlier(JudgedRow const &left, JudgedRow const &right)
{
    return std::tie(left.row.time, left.row.request_id) < std::tie(right.row.time, right.row.request_id);
}

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

std::set<Issuer> issuers_of(Tally const &tally, Expectations const &expected, std::string const &instance)
{
    auto const deployments = known_deployments(tally, expected);
    std::set<Issuer> issuers;
    for (auto const &[key, cell] : tally.cells) {
        if (judge(expected, key, tally.key_name(key.key), deployments).instance.contains(instance)) {
            issuers.insert(issuer_of(tally, key, key.host.empty() ? IssuerKind::key : IssuerKind::host));
        }
    }
    return issuers;
}

Tracer::Tracer(RowSource &source, Expectations const &expected, Tally const &tally, std::string instance)
    : m_source{source},
      m_expected{expected},
      m_tally{tally},
      m_deployments{known_deployments(tally, expected)},
      m_issuers{issuers_of(tally, expected, instance)},
      m_whole{std::move(instance)}
{
}

std::vector<std::string> Tracer::keys(Issuer const &issuer) const
{
    std::set<std::string> keys;
    for (auto const &[key, cell] : m_tally.cells) {
        if (issuer.kind == IssuerKind::key && m_tally.key_name(key.key) == issuer.name) {
            keys.insert(key.key);
        }
    }
    return {keys.begin(), keys.end()};
}

std::string Tracer::instance() const
{
    if (!m_whole.empty()) {
        return m_whole;
    }
    auto const &issuer = *m_issuers.begin();
    for (auto const &[key, cell] : m_tally.cells) {
        auto const judged = judge(m_expected, key, m_tally.key_name(key.key), m_deployments);
        if (!judged.instance.empty() && issuer_of(m_tally, key, issuer.kind) == issuer) {
            return judged.instance.text();
        }
    }
    return {};
}

Tracer::Stream Tracer::stream_of(Issuer const &issuer) const
{
    Stream stream;
    stream.query.issuer = {issuer, keys(issuer)};
    stream.query.window = m_tally.window;
    stream.query.markers = true;
    stream.by = {issuer.kind, {}};
    return stream;
}

void Tracer::fill(Stream &stream, std::vector<Row> const &rows) const
{
    auto const &issuer = stream.query.issuer.issuer;
    for (auto const &row : rows) {
        if (issuer_of(m_tally, row.key, issuer.kind) != issuer) {
            continue;
        }
        auto judged = judge(m_expected, m_tally, row, m_deployments);
        // A row of an instance belongs to the stream of its host; to that of its key only where it names none.
        bool const its = m_whole.empty() || (judged.judged.instance.contains(m_whole) &&
                                             (issuer.kind == IssuerKind::host || row.key.host.empty()));
        if (its) {
            stream.rows.push_back(std::move(judged));
        }
    }
}

void Tracer::show_row(JudgedRow row, Show const &show)
{
    auto name = m_tally.key_name(row.row.key.key);
    TraceRow const shown{std::move(row), std::move(name)};
    m_summary.counts.add(shown.request.judged.row_class, shown.request.row.key.reason, 1);
    m_newest.push_back(shown.request);
    if (m_newest.size() > k_dispatch_rows) {
        m_newest.pop_front();
    }
    show(shown);
}

void Tracer::show_newest(std::size_t limit, Show const &show)
{
    std::deque<JudgedRow> newest;
    for (auto const &issuer : m_issuers) {
        auto stream = stream_of(issuer);
        stream.query.limit = limit + 1;
        stream.query.from = RowQuery::From::newest;
        auto const rows = m_source.rows(stream.query, stream.by);
        m_summary.truncated = m_summary.truncated || rows.size() > limit;
        fill(stream, rows);
        newest.insert(newest.end(), stream.rows.begin(), stream.rows.end());
        std::sort(newest.begin(), newest.end(), earlier);
        m_summary.truncated = m_summary.truncated || newest.size() > limit;
        newest.erase(newest.begin(), newest.end() - static_cast<std::ptrdiff_t>(std::min(newest.size(), limit)));
    }
    for (auto &row : newest) {
        show_row(std::move(row), show);
    }
}

/// Reads on until the stream has a row, or the log no more of them.
void Tracer::advance(Stream &stream)
{
    while (stream.rows.empty() && !stream.ended) {
        auto const rows = m_source.rows(stream.query, stream.by);
        fill(stream, rows);
        stream.ended = rows.empty();
        if (!rows.empty()) {
            stream.query.after = std::pair{rows.back().time, rows.back().request_id};
        }
    }
}

void Tracer::show_all(Show const &show)
{
    std::vector<Stream> streams;
    for (auto const &issuer : m_issuers) {
        streams.push_back(stream_of(issuer));
        streams.back().query.limit = k_rows_of_a_query;
    }
    while (true) {
        for (auto &stream : streams) {
            advance(stream);
        }
        auto const next = std::min_element(streams.begin(), streams.end(), [](Stream const &left, Stream const &right) {
            return right.rows.empty() ? !left.rows.empty()
                                      : !left.rows.empty() && earlier(left.rows.front(), right.rows.front());
        });
        if (next == streams.end() || next->rows.empty()) {
            return;
        }
        show_row(std::move(next->rows.front()), show);
        next->rows.pop_front();
    }
}

TraceSummary Tracer::trace(std::size_t limit, std::function<void(TraceRow const &)> const &show)
{
    if (limit > 0) {
        show_newest(limit, show);
    } else {
        show_all(show);
    }
    std::vector<JudgedRow> const newest{m_newest.begin(), m_newest.end()};
    if (!newest.empty()) {
        m_summary.dispatch = dispatch_of(newest, m_expected);
    }
    return m_summary;
}

} // namespace misroute
