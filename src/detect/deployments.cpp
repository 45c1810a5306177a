// SPDX-License-Identifier: Apache-2.0
#include "detect/deployments.hpp"

#include "detect/statistics.hpp"
#include "misroute/model/litellm.hpp"

#include <algorithm>
#include <set>

namespace misroute {

namespace {

constexpr double k_clean_alpha = 0.01;
constexpr std::int64_t k_fewest_clean = 20; ///< requests of either side: a share near 1 would be excluded by two
constexpr double k_least_share = 0.5;       ///< of the share an id has elsewhere, for its own rows to say whose it is

/// One cell of rows that entered at one instance.
struct Shown
{
    CellKey const *key;
    Cell const *cell;
    bool served = false; ///< by the instance entered at
    bool alone = false;  ///< and by no other
};

/// Everything that entered at each instance, by deployment.
class ShownDeployments
{
public:
    ShownDeployments(Tally const &tally, Expectations const &expected);

    DeploymentOwners owners() const;

private:
    using ById = std::map<std::string, std::vector<Shown>, std::less<>>;

    void add(CellKey const &key, Cell const &cell, std::size_t instance);
    std::set<std::string> ids() const;
    std::vector<std::size_t> stamped(std::string const &id) const;
    std::vector<std::size_t> of_own_rows(std::string const &id) const;
    std::vector<std::size_t> of_clean_time(std::string const &id) const;
    double share(std::size_t instance, std::string const &id) const;
    bool knows_no_other(std::size_t instance, std::string const &id) const;
    std::vector<std::pair<std::string, Shown>> beside(std::string const &id, std::size_t instance) const;
    bool clean_before(std::string const &id, std::size_t instance) const;
    bool had_in_common(std::string const &id, std::size_t owner, std::size_t other) const;
    bool came_late(std::string const &id, std::size_t owner, std::size_t other) const;

    Expectations const &m_expected;
    std::vector<ById> m_by_instance;
    std::vector<std::int64_t> m_requests;
    std::map<std::string, std::set<std::size_t>> m_stamps;
};

std::int64_t requests_of(std::vector<Shown> const &rows)
{
    std::int64_t requests = 0;
    for (auto const &shown : rows) {
        requests += shown.cell->total.requests;
    }
    return requests;
}

Instant first_of(std::vector<Shown> const &rows)
{
    auto first = Instant::max();
    for (auto const &shown : rows) {
        first = shown.served ? std::min(first, shown.cell->total.first) : first;
    }
    return first;
}

/// Requests that certainly began before `bound`: of the bucket it lies in only one is known to.
std::int64_t requests_before(Cell const &cell, Instant bound)
{
    std::int64_t requests = 0;
    for (auto const &[bucket, sums] : cell.series) {
        requests += sums.last < bound ? sums.requests : sums.first < bound ? 1 : 0;
    }
    return requests;
}

ShownDeployments::ShownDeployments(Tally const &tally, Expectations const &expected)
    : m_expected{expected},
      m_by_instance(expected.instances.size()),
      m_requests(expected.instances.size())
{
    for (auto const &[key, cell] : tally.cells) {
        if (key.reason != ExclusionReason::none || key.model_id.empty() || key.model_id == k_overflow) {
            continue;
        }
        if (auto const stamped = expected.by_name(key.backend.stamp)) {
            m_stamps[key.model_id].insert(*stamped);
        }
        if (auto const members = entered_at(expected, key, tally.key_name(key.key)); members.size() == 1) {
            add(key, cell, members.front());
        }
    }
}

void ShownDeployments::add(CellKey const &key, Cell const &cell, std::size_t instance)
{
    auto const &instances = m_expected.instances;
    Shown shown{&key, &cell, serves(instances[instance], key.backend), true};
    for (std::size_t other = 0; other < instances.size(); ++other) {
        shown.alone = shown.alone && (other == instance || !serves(instances[other], key.backend));
    }
    m_by_instance[instance][key.model_id].push_back(shown);
    m_requests[instance] += cell.total.requests;
}

std::set<std::string> ShownDeployments::ids() const
{
    std::set<std::string> ids;
    for (auto const &by_id : m_by_instance) {
        for (auto const &[id, rows] : by_id) {
            ids.insert(id);
        }
    }
    for (auto const &[id, stamps] : m_stamps) {
        ids.insert(id);
    }
    return ids;
}

std::vector<std::size_t> ShownDeployments::stamped(std::string const &id) const
{
    auto const found = m_stamps.find(id);
    return found == m_stamps.end() ? std::vector<std::size_t>{}
                                   : std::vector<std::size_t>{found->second.begin(), found->second.end()};
}

double ShownDeployments::share(std::size_t instance, std::string const &id) const
{
    auto const found = m_by_instance[instance].find(id);
    return found == m_by_instance[instance].end()
               ? 0.0
               : as_double(requests_of(found->second)) / as_double(m_requests[instance]);
}

/// Whether the instance's own traffic shows the id as if it were its own: served there, and no other for its models.
/// Entries that take their key or credential from elsewhere have one id at several instances (docs/litellm-rows.md).
bool ShownDeployments::knows_no_other(std::size_t instance, std::string const &id) const
{
    auto const &by_id = m_by_instance[instance];
    auto const found = by_id.find(id);
    if (found == by_id.end() ||
        std::any_of(found->second.begin(), found->second.end(), [](Shown const &row) { return !row.served; })) {
        return false;
    }
    auto const same_group = [&](Shown const &other) {
        return std::any_of(found->second.begin(), found->second.end(),
                           [&](Shown const &row) { return row.key->model_group == other.key->model_group; });
    };
    return std::none_of(by_id.begin(), by_id.end(), [&](auto const &entry) {
        return entry.first != id && std::any_of(entry.second.begin(), entry.second.end(), same_group);
    });
}

/// Another instance's fallback to this one's upstream may stray to this one's rows too, but rarely.
std::vector<std::size_t> ShownDeployments::of_own_rows(std::string const &id) const
{
    double most = 0;
    for (std::size_t instance = 0; instance < m_by_instance.size(); ++instance) {
        most = std::max(most, share(instance, id));
    }
    std::vector<std::size_t> owners;
    for (std::size_t instance = 0; instance < m_by_instance.size(); ++instance) {
        auto const found = m_by_instance[instance].find(id);
        bool const own = found != m_by_instance[instance].end() &&
                         std::all_of(found->second.begin(), found->second.end(),
                                     [](Shown const &row) { return row.served && row.alone; });
        if ((own && share(instance, id) >= k_least_share * most) || (!own && knows_no_other(instance, id))) {
            owners.push_back(instance);
        }
    }
    return owners.size() == 1 ? owners : std::vector<std::size_t>{};
}

/// Cells of other deployments of the models that the id answers at this instance.
std::vector<std::pair<std::string, Shown>> ShownDeployments::beside(std::string const &id, std::size_t instance) const
{
    std::set<std::string> groups;
    for (auto const &shown : m_by_instance[instance].at(id)) {
        groups.insert(shown.key->model_group);
    }
    std::vector<std::pair<std::string, Shown>> others;
    for (auto const &[name, rows] : m_by_instance[instance]) {
        for (auto const &shown : rows) {
            if (name != id && groups.contains(shown.key->model_group)) {
                others.emplace_back(name, shown);
            }
        }
    }
    return others;
}

/// Whether the instance's requests before the first answer of the id exclude the share that it has since.
bool ShownDeployments::clean_before(std::string const &id, std::size_t instance) const
{
    auto const &rows = m_by_instance[instance].at(id);
    auto const since = first_of(rows);
    std::int64_t clean = 0;
    std::int64_t others = 0;
    for (auto const &[name, shown] : beside(id, instance)) {
        auto const earlier = requests_before(*shown.cell, since);
        clean += earlier;
        others += shown.cell->total.requests - earlier;
    }
    auto const share = as_double(requests_of(rows)) / as_double(requests_of(rows) + others);
    return clean >= std::max(k_fewest_clean, clean_requests_needed(share, k_clean_alpha));
}

/// Whether the two had another deployment in common before `other` showed the id, and not since just then: of copied
/// entries one is the other's successor, while a fault that begins mixes all ids of both at about the same time.
bool ShownDeployments::had_in_common(std::string const &id, std::size_t owner, std::size_t other) const
{
    auto const since = first_of(m_by_instance[other].at(id));
    auto const beside_id = beside(id, other);
    return std::any_of(beside_id.begin(), beside_id.end(), [&](auto const &entry) {
        auto const &[name, shown] = entry;
        auto const shared = m_by_instance[owner].find(name);
        return requests_before(*shown.cell, since) > 0 && shared != m_by_instance[owner].end() &&
               first_of(shared->second) < since && !clean_before(name, owner);
    });
}

/// Whether `other` shows the id only since a time before which it was the owner's alone.
bool ShownDeployments::came_late(std::string const &id, std::size_t owner, std::size_t other) const
{
    auto const since = first_of(m_by_instance[other].at(id));
    std::int64_t before = 0;
    for (auto const &shown : m_by_instance[owner].at(id)) {
        before += requests_before(*shown.cell, since);
    }
    return before >= k_fewest_clean && clean_before(id, other) && !had_in_common(id, owner, other);
}

std::vector<std::size_t> ShownDeployments::of_clean_time(std::string const &id) const
{
    std::vector<std::size_t> showing;
    for (std::size_t instance = 0; instance < m_by_instance.size(); ++instance) {
        auto const found = m_by_instance[instance].find(id);
        if (found != m_by_instance[instance].end() && first_of(found->second) != Instant::max()) {
            showing.push_back(instance);
        }
    }
    if (showing.size() < 2) {
        return {};
    }
    auto const owner = *std::min_element(showing.begin(), showing.end(), [&](std::size_t left, std::size_t right) {
        return first_of(m_by_instance[left].at(id)) < first_of(m_by_instance[right].at(id));
    });
    std::vector<std::size_t> owners;
    std::copy_if(showing.begin(), showing.end(), std::back_inserter(owners),
                 [&](std::size_t other) { return other == owner || !came_late(id, owner, other); });
    return owners.size() < showing.size() ? owners : std::vector<std::size_t>{};
}

DeploymentOwners ShownDeployments::owners() const
{
    DeploymentOwners known;
    auto const learn = [&](std::string const &id, std::vector<std::size_t> instances, DeploymentProof proof) {
        if (!instances.empty()) {
            known.try_emplace(id, DeploymentOwner{std::move(instances), proof});
        }
    };
    for (auto const &id : ids()) { // the strongest first
        learn(id, m_expected.by_deployment(id), DeploymentProof::configured);
        learn(id, stamped(id), DeploymentProof::stamp);
        if (!litellm::is_uuid(id)) { // every pod serves what the database adds
            learn(id, of_own_rows(id), DeploymentProof::own_rows);
            learn(id, of_clean_time(id), DeploymentProof::clean_time);
        }
    }
    return known;
}

} // namespace

std::vector<std::size_t> entered_at(Expectations const &expected, CellKey const &cell, std::string const &key_name)
{
    if (auto const host = expected.by_host(cell.host)) {
        return {*host};
    }
    if (auto keys = expected.by_key(cell.key, key_name); !keys.empty()) {
        return keys;
    }
    return expected.by_team(cell.team);
}

DeploymentOwners known_deployments(Tally const &tally, Expectations const &expected)
{
    return ShownDeployments{tally, expected}.owners();
}

} // namespace misroute
