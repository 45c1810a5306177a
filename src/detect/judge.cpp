// SPDX-License-Identifier: Apache-2.0
#include "detect/deployments.hpp"
#include "detect/marker_sample.hpp"
#include "misroute/detect.hpp"
#include "misroute/model/litellm.hpp"

#include <algorithm>

namespace misroute {

namespace {

using Members = std::vector<std::size_t>;

InstanceNames names_of(Expectations const &expected, Members const &members)
{
    InstanceNames names;
    for (auto const index : members) {
        names.add(expected.instances[index].name);
    }
    return names;
}

/// At a known upstream the vendor is enough; the upstream is then what differs.
bool serves_provider(Instance const &instance, Backend const &backend)
{
    return std::any_of(instance.expect.begin(), instance.expect.end(), [&](Expectation const &expect) {
        return expect.provider.empty() || expect.provider == backend.provider || backend.guessed ||
               (!backend.upstream.empty() &&
                litellm::vendor_of(expect.provider) == litellm::vendor_of(backend.provider));
    });
}

/// A stamp is exact proof; without one the expectations decide. `preferred` breaks a tie between equals.
bool is_home(Instance const &instance, Backend const &backend)
{
    bool const another_stamp = !backend.stamp.empty() && backend.stamp != instance.name;
    bool const named_only = backend.provider.empty() && backend.upstream.empty();
    return !another_stamp && (named_only ? backend.stamp == instance.name : serves(instance, backend));
}

InstanceNames owner_of(Expectations const &expected, Backend const &backend)
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
    return names_of(expected, owners);
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

bool has_stamp(Expectations const &expected, Members const &members, std::string const &stamp)
{
    return std::any_of(members.begin(), members.end(),
                       [&](std::size_t index) { return expected.instances[index].name == stamp; });
}

/// What LiteLLM calls another name in another version, where nothing is known of the host that would tell it.
bool is_respelled(Instance const &instance, Backend const &backend)
{
    return std::any_of(instance.expect.begin(), instance.expect.end(), [&](Expectation const &expect) {
        return (expect.upstream.empty() || backend.upstream.empty()) &&
               litellm::is_respelled(expect.provider, backend.provider);
    });
}

/// Another region or resource of a vendor that the instance uses anyway.
bool same_vendor_elsewhere(Instance const &instance, Backend const &backend)
{
    return std::any_of(instance.expect.begin(), instance.expect.end(), [&](Expectation const &expect) {
        return litellm::vendor_of(expect.provider) == litellm::vendor_of(backend.provider) &&
               litellm::same_domain(expect.upstream, backend.upstream);
    });
}

bool any_open(Expectations const &expected, Members const &members)
{
    return std::any_of(members.begin(), members.end(),
                       [&](std::size_t index) { return expected.instances[index].open; });
}

/// What is known of the deployment that answered, seen from the instances entered at.
struct Deployed
{
    DeploymentOwner const *owner = nullptr;
    Instance const *own = nullptr; ///< the one of them that it belongs to
    bool elsewhere = false;        ///< it is another instance's alone

    bool by_more_than_traffic() const { return owner != nullptr && owner->proof >= DeploymentProof::stamp; }
};

Deployed deployed(Expectations const &expected, DeploymentOwners const &owners, std::string const &model_id,
                  Members const &members)
{
    auto const found = owners.find(model_id);
    if (found == owners.end() || members.empty()) {
        return {};
    }
    auto const &whose = found->second.instances;
    auto const own = std::find_first_of(members.begin(), members.end(), whose.begin(), whose.end());
    bool const elsewhere = own == members.end();
    return {&found->second, elsewhere ? nullptr : &expected.instances[*own], elsewhere};
}

/// The verdict of expectations alone, for a row that no stamp and no known deployment decides.
Judged judge_backend(Expectations const &expected, Members const &members, Backend const &backend)
{
    auto const instance = names_of(expected, members);
    for (auto const index : members) {
        if (is_home(expected.instances[index], backend)) {
            return {RowClass::home, expected.instances[index].name, instance, {}};
        }
    }
    auto const &first = expected.instances[members.front()];
    if (backend.blank() || cannot_tell(first, backend) || (backend.guessed && backend.upstream.empty())) {
        return {RowClass::unknown, {}, instance, {}};
    }
    auto const owner = owner_of(expected, backend);
    auto const respelled = std::find_if(members.begin(), members.end(), [&](std::size_t index) {
        return is_respelled(expected.instances[index], backend);
    });
    if (owner.empty() && respelled != members.end()) {
        return {RowClass::home, expected.instances[*respelled].name, instance, {}};
    }
    if (owner.empty() && any_open(expected, members)) {
        return {RowClass::unknown, {}, instance, {}}; // it may be served by what could not be read
    }
    if (!backend.provider.empty() && !serves_provider(first, backend)) {
        return {RowClass::foreign, owner, instance, Rule::provider_mismatch};
    }
    bool const own_region = owner.empty() && same_vendor_elsewhere(first, backend);
    return {RowClass::foreign, owner, instance, Rule::upstream_mismatch,
            own_region ? Severity::warning : Severity::error};
}

/// What stands in a configuration or in other rows' stamps names the instance; what traffic alone tells does so only
/// where nothing else speaks against the row.
Judged judge_assigned(Expectations const &expected, Members const &members, Backend const &backend,
                      Deployed const &deployment)
{
    auto const instance = names_of(expected, members);
    if (!backend.stamp.empty() && !has_stamp(expected, members, backend.stamp)) {
        return {RowClass::foreign, backend.stamp, instance, Rule::instance_mismatch, Severity::error, true};
    }
    auto const whose = deployment.owner == nullptr ? InstanceNames{} : names_of(expected, deployment.owner->instances);
    if (deployment.elsewhere && deployment.by_more_than_traffic()) {
        return {RowClass::foreign, whose, instance, Rule::deployment_mismatch, Severity::error, true};
    }
    if (deployment.own != nullptr && deployment.owner->proof == DeploymentProof::configured) {
        return {RowClass::home, deployment.own->name, instance, {}};
    }
    auto judged = judge_backend(expected, members, backend);
    if (deployment.elsewhere && judged.row_class != RowClass::foreign) {
        return {RowClass::foreign, whose, instance, Rule::deployment_mismatch, Severity::warning, true};
    }
    judged.elsewhere = deployment.elsewhere;
    return judged;
}

/// Set aside, but not without saying whose backend it was.
Judged set_aside(Expectations const &expected, Members const &members, CellKey const &cell)
{
    auto const instance = names_of(expected, members);
    bool const tells =
        cell.reason == ExclusionReason::cache_hit || cell.reason == ExclusionReason::failure || is_marker(cell.reason);
    if (!tells || members.empty()) {
        return {RowClass::excluded, {}, instance, {}};
    }
    auto const judged = judge_backend(expected, members, cell.backend);
    return {RowClass::excluded, judged.row_class == RowClass::foreign ? judged.owner : InstanceNames{}, instance, {}};
}

} // namespace

bool is_marker(ExclusionReason reason)
{
    return reason == ExclusionReason::fallback || reason == ExclusionReason::internal_call ||
           reason == ExclusionReason::auto_router;
}

Judged judge(Expectations const &expected, CellKey const &cell, std::string const &key_name,
             DeploymentOwners const &owners)
{
    auto const members = entered_at(expected, cell, key_name);
    auto const deployment = deployed(expected, owners, cell.model_id, members);
    if (cell.reason != ExclusionReason::none && !(is_marker(cell.reason) && deployment.elsewhere)) {
        return set_aside(expected, members, cell);
    }
    if (members.empty()) {
        return {RowClass::unassigned, owner_of(expected, cell.backend), {}, {}};
    }
    return judge_assigned(expected, members, cell.backend, deployment);
}

JudgedRow judge(Expectations const &expected, Tally const &tally, Row row, DeploymentOwners const &owners)
{
    auto const name = tally.key_name(row.key.key);
    auto verdict = judge(expected, row.key, name, owners);
    if (verdict.row_class == RowClass::foreign && row.markers.reason != ExclusionReason::none) {
        row.key.reason = row.markers.reason;
        verdict = judge(expected, row.key, name, owners);
    }
    return {std::move(row), std::move(verdict)};
}

} // namespace misroute
