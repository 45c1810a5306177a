// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/bounded_cells.hpp"

#include "misroute/model/litellm.hpp"

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <string_view>

namespace misroute {

namespace {

constexpr std::size_t k_weight_of_cell = 24;
constexpr std::size_t k_bytes_of_weight = 64;

/// Every bit of a word reaches every bit of the hash (the finalizer of splitmix64).
std::uint64_t mixed(std::uint64_t hash, std::uint64_t word)
{
    hash = (hash ^ word) + 0x9e3779b97f4a7c15U;
    hash = (hash ^ (hash >> 30U)) * 0xbf58476d1ce4e5b9U;
    hash = (hash ^ (hash >> 27U)) * 0x94d049bb133111ebU;
    return hash ^ (hash >> 31U);
}

/// Eight bytes at a time; the length goes in first, so that ("a", "b") is not ("ab", "").
std::uint64_t hash_of(std::initializer_list<std::string_view> names)
{
    std::uint64_t hash = 0;
    for (auto name : names) {
        hash = mixed(hash, name.size());
        while (!name.empty()) {
            std::uint64_t word = 0;
            auto const taken = std::min(name.size(), sizeof word);
            std::memcpy(&word, name.data(), taken);
            hash = mixed(hash, word);
            name.remove_prefix(taken);
        }
    }
    return hash;
}

std::uint64_t issuer_hash(CellKey const &key)
{
    return hash_of({key.host, key.key, key.team, key.entity});
}

std::uint64_t model_hash(CellKey const &key)
{
    return hash_of(
        {key.model, key.model_group, key.model_id, key.backend.provider, key.backend.upstream, key.backend.stamp});
}

std::size_t weight_of(CellKey const &key)
{
    auto const bytes = key.host.size() + key.key.size() + key.team.size() + key.entity.size() +
                       key.backend.provider.size() + key.backend.upstream.size() + key.backend.stamp.size() +
                       key.model.size() + key.model_group.size() + key.model_id.size();
    return k_weight_of_cell + bytes / k_bytes_of_weight;
}

using Entries = std::vector<std::string> Instance::*;

/// The pattern that matches `name` and, judged in its place, leads to the same instances; nothing when there is none.
template <typename Members>
std::string pattern_for(Expectations const &expected, Entries entries, std::string_view name, Members members)
{
    auto const original = members(name);
    for (auto const &instance : expected.instances) {
        for (auto const &entry : instance.*entries) {
            if (entry.find('*') != std::string::npos && glob_match(entry, name) && members(entry) == original) {
                return entry;
            }
        }
    }
    return {};
}

bool has_exactly(Expectations const &expected, Entries entries, std::string_view name)
{
    return std::any_of(expected.instances.begin(), expected.instances.end(), [&](Instance const &instance) {
        auto const &list = instance.*entries;
        return std::find(list.begin(), list.end(), name) != list.end();
    });
}

std::string overflow_host(Expectations const &expected, std::string const &host)
{
    auto const members = [&](std::string_view name) { return expected.by_host(name); };
    if (host.empty() || has_exactly(expected, &Instance::hosts, host)) {
        return host;
    }
    if (!members(host)) {
        return std::string{k_overflow};
    }
    auto pattern = pattern_for(expected, &Instance::hosts, host, members);
    return pattern.empty() ? host : pattern;
}

std::string overflow_team(Expectations const &expected, std::string const &team)
{
    auto const members = [&](std::string_view name) { return expected.by_team(name); };
    if (team.empty() || has_exactly(expected, &Instance::teams, team)) {
        return team;
    }
    if (members(team).empty()) {
        return std::string{k_overflow};
    }
    auto pattern = pattern_for(expected, &Instance::teams, team, members);
    return pattern.empty() ? team : pattern;
}

std::string overflow_key(Configured const &configured, std::string const &key)
{
    auto const &expected = configured.expectations;
    auto const found = configured.aliases.find(key);
    std::string const alias = found == configured.aliases.end() ? std::string{} : found->second;
    if (key.empty() || (!alias.empty() && has_exactly(expected, &Instance::keys, alias))) {
        return key;
    }
    auto const original = expected.by_key(key, alias);
    if (original.empty()) {
        return std::string{k_overflow};
    }
    auto const members = [&](std::string_view name) { return expected.by_key(name, {}); };
    auto pattern = pattern_for(expected, &Instance::keys, alias.empty() ? key : alias, members);
    return pattern.empty() || members(pattern) != original ? key : pattern;
}

template <typename Matches>
bool expects(Expectations const &expected, Matches matches)
{
    return std::any_of(expected.instances.begin(), expected.instances.end(), [&](Instance const &instance) {
        return std::any_of(instance.expect.begin(), instance.expect.end(), matches);
    });
}

bool expects_provider(Expectations const &expected, std::string const &provider)
{
    return expects(expected, [&](Expectation const &expect) { return expect.provider == provider; });
}

/// As it is written, as a pattern means it, or as another region of its vendor: what judge() tells apart.
bool expects_upstream(Expectations const &expected, std::string const &upstream)
{
    return expects(expected, [&](Expectation const &expect) {
        return !expect.upstream.empty() && (litellm::upstream_matches(expect.upstream, upstream) ||
                                            litellm::same_domain(expect.upstream, upstream));
    });
}

void overflow_unless(bool keep, std::string &name)
{
    if (!keep && !name.empty()) {
        name = k_overflow;
    }
}

} // namespace

CellKey overflow_issuer(CellKey key, Configured const &configured)
{
    key.host = overflow_host(configured.expectations, key.host);
    key.key = overflow_key(configured, key.key);
    key.team = overflow_team(configured.expectations, key.team);
    overflow_unless(false, key.entity);
    return key;
}

CellKey overflow_model(CellKey key, Configured const &configured)
{
    auto const &expected = configured.expectations;
    auto &backend = key.backend;
    overflow_unless(litellm::is_provider(backend.provider) || expects_provider(expected, backend.provider),
                    backend.provider);
    overflow_unless(expects_upstream(expected, backend.upstream), backend.upstream);
    overflow_unless(expected.by_name(backend.stamp).has_value(), backend.stamp);
    key.model = k_overflow;
    key.model_group = k_overflow;
    if (expected.by_deployment(key.model_id).empty()) {
        key.model_id = k_overflow;
    }
    return key;
}

BoundedCells::BoundedCells(Configured const &configured, Overflow const &as)
    : m_configured{configured},
      m_limits{std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max(),
               std::numeric_limits<std::size_t>::max()},
      m_overflow{as.issuers_below, as.models_below, 0, 0}
{
}

std::size_t BoundedCells::put(Unit &unit, CellKey const &key, Cell &&cell)
{
    auto const [entry, fresh] = unit.cells.try_emplace(key);
    auto const before = fresh ? 0 : entry->second.series.size();
    if (fresh) {
        entry->second = std::move(cell);
    } else {
        entry->second += cell;
    }
    auto const added = entry->second.series.size() - before + (fresh ? weight_of(key) : 0);
    unit.weight += added;
    return added;
}

void BoundedCells::add(CellKey const &key, Instant bucket, Sums const &sums)
{
    Cell cell;
    cell.add(bucket, sums);
    add(key, std::move(cell));
}

void BoundedCells::add(CellKey const &key, Cell &&cell)
{
    add_cell(key, std::move(cell));
    trim();
}

void BoundedCells::visit(std::function<void(CellKey const &, Cell const &)> const &on_cell) const
{
    auto const visit_all = [&](Cells const &cells) {
        for (auto const &[key, cell] : cells) {
            on_cell(key, cell);
        }
    };
    visit_all(m_overflowed);
    for (auto const *units : {&m_issuers, &m_models}) {
        for (auto const &[hash, unit] : *units) {
            visit_all(unit.cells);
        }
    }
}

void BoundedCells::add_cell(CellKey const &key, Cell &&cell)
{
    auto const hash = issuer_hash(key);
    if (m_settled.contains(hash)) {
        add_placed(key, std::move(cell));
        return;
    }
    if (auto const unit = m_issuers.find(hash); unit != m_issuers.end()) {
        m_issuer_weight += put(unit->second, key, std::move(cell));
        return;
    }
    auto overflowed = overflow_issuer(key, m_configured);
    if (overflowed == key) {
        m_settled.insert(hash);
        add_placed(key, std::move(cell));
    } else if (hash < m_overflow.issuers_below) {
        m_issuer_weight += put(m_issuers[hash], key, std::move(cell));
    } else {
        m_overflow.issuer_requests += cell.total.requests;
        add_placed(overflowed, std::move(cell));
    }
}

void BoundedCells::add_placed(CellKey const &key, Cell &&cell)
{
    auto const hash = model_hash(key);
    if (key.model != k_overflow && hash < m_overflow.models_below) {
        m_model_weight += put(m_models[hash], key, std::move(cell));
        return;
    }
    m_overflow.model_requests += cell.total.requests;
    m_overflowed[overflow_model(key, m_configured)] += cell;
}

/// Lowers a threshold, and returns what has no room any more.
BoundedCells::Units BoundedCells::narrow(Units &units, std::size_t &weight, std::uint64_t &below, std::uint64_t to)
{
    Units displaced;
    below = std::min(below, to);
    while (!units.empty() && units.rbegin()->first >= below) {
        weight -= units.rbegin()->second.weight;
        displaced.insert(units.extract(std::prev(units.end())));
    }
    return displaced;
}

void BoundedCells::trim()
{
    while (m_issuers.size() > m_limits.issuers || m_issuer_weight > m_limits.issuer_weight) {
        auto node = m_issuers.extract(std::prev(m_issuers.end()));
        m_overflow.issuers_below = node.key();
        m_issuer_weight -= node.mapped().weight;
        for (auto &[key, cell] : node.mapped().cells) {
            m_overflow.issuer_requests += cell.total.requests;
            add_placed(overflow_issuer(key, m_configured), std::move(cell));
        }
    }
    while (m_model_weight > m_limits.model_weight) {
        auto node = m_models.extract(std::prev(m_models.end()));
        m_overflow.models_below = node.key();
        m_model_weight -= node.mapped().weight;
        for (auto &[key, cell] : node.mapped().cells) {
            m_overflow.model_requests += cell.total.requests;
            m_overflowed[overflow_model(key, m_configured)] += cell;
        }
    }
}

void BoundedCells::merge(BoundedCells &&other)
{
    auto const &theirs = other.m_overflow;
    m_overflow.issuer_requests += theirs.issuer_requests;
    m_overflow.model_requests += theirs.model_requests;
    auto issuers = narrow(m_issuers, m_issuer_weight, m_overflow.issuers_below, theirs.issuers_below);
    auto models = narrow(m_models, m_model_weight, m_overflow.models_below, theirs.models_below);
    for (auto *units : {&issuers, &models, &other.m_issuers, &other.m_models}) {
        for (auto &[hash, unit] : *units) {
            for (auto &[key, cell] : unit.cells) {
                add_cell(key, std::move(cell));
            }
        }
        units->clear();
    }
    for (auto &[key, cell] : other.m_overflowed) {
        m_overflowed[key] += cell; // counted over there
    }
    trim();
}

Cells BoundedCells::take()
{
    Cells cells = std::move(m_overflowed);
    for (auto *units : {&m_issuers, &m_models}) {
        for (auto &[hash, unit] : *units) {
            cells.merge(unit.cells);
            for (auto const &[key, cell] : unit.cells) { // a client that calls itself k_overflow
                cells[key] += cell;
            }
        }
        units->clear();
    }
    m_issuer_weight = 0;
    m_model_weight = 0;
    m_settled.clear();
    return cells;
}

} // namespace misroute
