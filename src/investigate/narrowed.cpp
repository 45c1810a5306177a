// SPDX-License-Identifier: Apache-2.0
#include "investigate/narrowed.hpp"

#include "misroute/detect.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

constexpr int k_most_pages = 50; // of rows that are mostly others'; what was found by then is enough to show an order

bool any_matches(std::vector<std::string> const &globs, std::string_view name)
{
    return std::ranges::any_of(globs, [&](std::string const &glob) { return glob_match(glob, name); });
}

bool is_in(Tally const &counted, std::string_view option, std::string const &pattern)
{
    Expectations const host{{Instance{.hosts = {pattern}}}};
    Expectations const key{{Instance{.keys = {pattern}}}};
    return std::ranges::any_of(counted.cells, [&](auto const &entry) {
        auto const &cell = entry.first;
        return option == "--host"  ? host.by_host(cell.host).has_value()
               : option == "--key" ? !key.by_key(cell.key, counted.key_name(cell.key)).empty()
                                   : glob_match(pattern, cell.model_group) || glob_match(pattern, cell.model);
    });
}

bool is_configured(std::vector<std::string> const &names, std::string const &pattern)
{
    return std::ranges::any_of(names,
                               [&](std::string const &name) { return name == pattern || glob_match(pattern, name); });
}

} // namespace

std::vector<std::string> instances_of_nobody(std::vector<std::string> const &patterns, Expectations const &expected)
{
    std::vector<std::string> nobody;
    std::ranges::copy_if(patterns, std::back_inserter(nobody), [&](std::string const &pattern) {
        return std::ranges::none_of(expected.instances,
                                    [&](Instance const &one) { return glob_match(pattern, one.name); });
    });
    return nobody;
}

NarrowedRows::NarrowedRows(std::shared_ptr<RowSource> source, Narrowing narrowing, Expectations const &expected)
    : m_source{std::move(source)},
      m_narrowing{std::move(narrowing)},
      m_expected{expected},
      m_names{{Instance{.hosts = m_narrowing.hosts, .keys = m_narrowing.keys}}}
{
    for (auto const &instance : expected.instances) {
        if (any_matches(m_narrowing.instances, instance.name)) {
            m_asked.insert(instance.name);
        }
    }
    auto const configured = [&](std::vector<std::string> Instance::*names, std::string const &pattern) {
        return std::ranges::any_of(expected.instances,
                                   [&](Instance const &one) { return is_configured(one.*names, pattern); });
    };
    for (auto const &host : m_narrowing.hosts) {
        if (!configured(&Instance::hosts, host)) {
            m_missing.emplace("--host", host);
        }
    }
    for (auto const &key : m_narrowing.keys) {
        if (!configured(&Instance::keys, key)) {
            m_missing.emplace("--key", key);
        }
    }
    for (auto const &model : m_narrowing.models) {
        m_missing.emplace("--model", model);
    }
}

/// Before anything is left out: a host that is there, but not with the key asked for, was no mistake of typing.
void NarrowedRows::look_for_names(Tally const &counted)
{
    std::erase_if(m_missing, [&](auto const &missing) {
        auto const &[option, pattern] = missing;
        return is_in(counted, option, pattern);
    });
    m_all_kept = m_all_kept && !counted.overflow.any();
}

std::vector<std::string> NarrowedRows::unknown() const
{
    std::vector<std::string> names;
    for (auto const &[option, value] : m_all_kept ? m_missing : decltype(m_missing){}) {
        names.push_back(fmt::format("{} {}", option, value));
    }
    return names;
}

bool NarrowedRows::admits(CellKey const &key) const
{
    auto const name = m_aliases.key_name(key.key);
    if (!m_narrowing.hosts.empty() && !m_names.by_host(key.host)) {
        return false;
    }
    if (!m_narrowing.keys.empty() && m_names.by_key(key.key, name).empty()) {
        return false;
    }
    auto const &models = m_narrowing.models;
    if (!models.empty() && !any_matches(models, key.model_group) && !any_matches(models, key.model)) {
        return false;
    }
    auto const entered = m_narrowing.instances.empty() ? InstanceNames{} : judge(m_expected, key, name).instance;
    return m_narrowing.instances.empty() ||
           std::ranges::any_of(m_asked, [&](std::string const &one) { return entered.contains(one); });
}

Tally NarrowedRows::narrowed(Tally tally) const
{
    std::erase_if(tally.cells, [&](auto const &entry) { return !admits(entry.first); });
    return tally;
}

Tally NarrowedRows::tally(Window const &window, std::optional<ByOption> const &by)
{
    auto counted = m_source->tally(window, by);
    m_aliases.aliases = counted.aliases;
    look_for_names(counted);
    counted = narrowed(std::move(counted));
    for (auto const &instance : m_narrowing.instances.empty() ? m_expected.instances : std::vector<Instance>{}) {
        bool const entered = std::ranges::any_of(counted.cells, [&](auto const &entry) {
            return judge(m_expected, entry.first, counted.key_name(entry.first.key)).instance.contains(instance.name);
        });
        if (entered) {
            m_asked.insert(instance.name);
        }
    }
    return counted;
}

Tally NarrowedRows::tally_markers(Tally const &counted, ByOption const &by, Candidates const &which)
{
    return narrowed(m_source->tally_markers(counted, by, which));
}

std::vector<Row> NarrowedRows::rows(RowQuery const &query, ByOption const &by)
{
    bool const newest = query.from == RowQuery::From::newest;
    auto page = query;
    std::vector<Row> found;
    for (int pages = 0; pages < k_most_pages && found.size() < query.limit; ++pages) {
        auto rows = m_source->rows(page, by);
        bool const last = rows.size() < page.limit;
        if (!rows.empty()) {
            auto const &end = newest ? rows.front() : rows.back();
            page.after = {end.time, end.request_id};
        }
        std::erase_if(rows, [&](Row const &row) { return !admits(row.key); });
        found.insert(newest ? found.begin() : found.end(), std::make_move_iterator(rows.begin()),
                     std::make_move_iterator(rows.end()));
        if (last) {
            break;
        }
    }
    auto const spare = static_cast<std::ptrdiff_t>(found.size() - std::min(found.size(), query.limit));
    found.erase(newest ? found.begin() : found.end() - spare, newest ? found.begin() + spare : found.end());
    return found;
}

} // namespace misroute
