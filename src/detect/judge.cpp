// SPDX-License-Identifier: Apache-2.0
#include "misroute/detect.hpp"

#include <algorithm>

namespace misroute {

namespace {

using Members = std::vector<std::size_t>;

/// The instances a cell may have entered at: by host, else by key, else by team.
Members entered_at(Expectations const &expected, CellKey const &cell, std::string const &key_name)
{
    if (auto const host = expected.by_host(cell.host)) {
        return {*host};
    }
    if (auto keys = expected.by_key(cell.key, key_name); !keys.empty()) {
        return keys;
    }
    return expected.by_team(cell.team);
}

std::string joined(Expectations const &expected, Members const &members)
{
    std::string names;
    for (auto const index : members) {
        names += (names.empty() ? "" : "|") + expected.instances[index].name;
    }
    return names;
}

bool serves_provider(Instance const &instance, Backend const &backend)
{
    return std::any_of(instance.expect.begin(), instance.expect.end(), [&](Expectation const &expect) {
        return expect.provider.empty() || expect.provider == backend.provider;
    });
}

/// A stamp is exact proof; without one the expectations decide. `preferred` breaks a tie between equals.
bool is_home(Instance const &instance, Backend const &backend)
{
    bool const another_stamp = !backend.stamp.empty() && backend.stamp != instance.name;
    bool const named_only = backend.provider.empty() && backend.upstream.empty();
    return !another_stamp && (named_only ? backend.stamp == instance.name : serves(instance, backend));
}

std::string owner_of(Expectations const &expected, Backend const &backend)
{
    if (!backend.stamp.empty()) {
        return backend.stamp;
    }
    Members owners;
    for (std::size_t index = 0; index < expected.instances.size(); ++index) {
        if (serves(expected.instances[index], backend)) {
            owners.push_back(index);
        }
    }
    return joined(expected, owners);
}

/// Nothing that is known of the backend can be held against what the instance serves.
bool cannot_tell(Instance const &instance, Backend const &backend)
{
    bool const comparable = std::any_of(instance.expect.begin(), instance.expect.end(), [&](Expectation const &expect) {
        return (!expect.provider.empty() && !backend.provider.empty()) ||
               (!expect.upstream.empty() && !backend.upstream.empty());
    });
    return !comparable && backend.stamp.empty();
}

Rule mismatch_rule(Instance const &instance, Backend const &backend)
{
    if (!backend.provider.empty() && !serves_provider(instance, backend)) {
        return Rule::provider_mismatch;
    }
    bool const served = serves(instance, backend) || cannot_tell(instance, {backend.provider, backend.upstream, {}});
    return served ? Rule::instance_mismatch : Rule::upstream_mismatch;
}

} // namespace

Judged judge(Expectations const &expected, CellKey const &cell, std::string const &key_name)
{
    auto const members = entered_at(expected, cell, key_name);
    auto const instance = joined(expected, members);
    if (cell.reason != ExclusionReason::none) {
        return {RowClass::excluded, {}, instance, {}};
    }
    if (members.empty()) {
        return {RowClass::unassigned, owner_of(expected, cell.backend), {}, {}};
    }
    for (auto const index : members) {
        if (is_home(expected.instances[index], cell.backend)) {
            return {RowClass::home, expected.instances[index].name, instance, {}};
        }
    }
    auto const &first = expected.instances[members.front()];
    if (cell.backend.blank() || cannot_tell(first, cell.backend)) {
        return {RowClass::unknown, {}, instance, {}};
    }
    auto const owner = owner_of(expected, cell.backend);
    bool const open =
        std::any_of(members.begin(), members.end(), [&](std::size_t index) { return expected.instances[index].open; });
    if (open && owner.empty()) {
        return {RowClass::unknown, {}, instance, {}};
    }
    return {RowClass::foreign, owner, instance, mismatch_rule(first, cell.backend)};
}

JudgedRow judge(Expectations const &expected, Tally const &tally, Row row)
{
    auto const name = tally.key_name(row.key.key);
    auto verdict = judge(expected, row.key, name);
    if (verdict.row_class == RowClass::foreign && row.markers.reason != ExclusionReason::none) {
        row.key.reason = row.markers.reason;
        verdict = judge(expected, row.key, name);
    }
    return {std::move(row), std::move(verdict)};
}

} // namespace misroute
