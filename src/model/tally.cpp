// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/tally.hpp"

#include "misroute/model/litellm.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace misroute {

using namespace std::chrono_literals;

namespace {

std::pair<std::string, std::string> entrance_of(CellKey const &cell)
{
    return {cell.host.empty() ? cell.key : cell.host, cell.model_id};
}

} // namespace

std::string entity_of(CellKey const &cell, IssuerKind by)
{
    switch (by) {
    case IssuerKind::host:
        return cell.host;
    case IssuerKind::team:
        return cell.team;
    case IssuerKind::key:
        return {};
    default:
        return cell.entity;
    }
}

void Cell::add(Instant bucket, Sums const &sums)
{
    total += sums;
    series.add(bucket, sums);
}

Cell &Cell::operator+=(Cell const &other)
{
    total += other.total;
    series += other.series;
    return *this;
}

std::string Tally::key_name(std::string const &key) const
{
    auto const alias = aliases.find(key);
    if (alias != aliases.end()) {
        return alias->second;
    }
    return litellm::is_key_hash(key) ? key.substr(0, 12) : key;
}

std::int64_t Tally::scanned() const
{
    return std::accumulate(cells.begin(), cells.end(), std::int64_t{0},
                           [](std::int64_t sum, auto const &entry) { return sum + entry.second.total.requests; });
}

Milliseconds bucket_width(Window const &window)
{
    // Round durations that divide a day (or are whole days), so that buckets of successive runs coincide.
    constexpr std::array<Milliseconds, 16> k_widths{1s, 5s, 15s, 1min, 5min, 15min, 30min, 1h,
                                                    2h, 6h, 12h, 24h,  48h,  96h,   168h,  336h};
    constexpr int k_most_buckets = 96; // a day in quarters of an hour
    auto const fits = [&](Milliseconds width) { return window.length() <= width * k_most_buckets; };
    auto const *const width = std::find_if(k_widths.begin(), k_widths.end(), fits);
    return width == k_widths.end() ? k_widths.back() : *width;
}

Instant bucket_of(Instant at, Milliseconds width)
{
    auto const since_epoch = at.time_since_epoch();
    auto remainder = since_epoch % width;
    if (remainder < Milliseconds::zero()) {
        remainder += width;
    }
    return at - remainder;
}

KnownUpstreams known_upstreams(Tally const &tally)
{
    KnownUpstreams known; // "" once two upstreams disagree
    for (auto const &[key, cell] : tally.cells) {
        if (key.model_id.empty() || key.model_id == k_overflow || key.backend.upstream.empty()) {
            continue;
        }
        auto const [entry, fresh] = known.emplace(entrance_of(key), key.backend.upstream);
        if (!fresh && entry->second != key.backend.upstream) {
            entry->second.clear();
        }
    }
    std::erase_if(known, [](auto const &entry) { return entry.second.empty(); });
    return known;
}

void fill_upstreams(Tally &tally, KnownUpstreams const &known)
{
    std::vector<Cells::node_type> filled;
    for (auto entry = tally.cells.begin(); entry != tally.cells.end();) {
        auto const current = entry++;
        auto const upstream = known.find(entrance_of(current->first));
        if (current->first.backend.upstream.empty() && upstream != known.end()) {
            filled.push_back(tally.cells.extract(current));
            filled.back().key().backend.upstream = upstream->second;
        }
    }
    for (auto &node : filled) {
        auto const placed = tally.cells.insert(std::move(node));
        if (!placed.inserted) {
            placed.position->second += placed.node.mapped();
        }
    }
}

} // namespace misroute
