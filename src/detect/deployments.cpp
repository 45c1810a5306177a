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
        if (own && share(instance, id) >= k_least_share * most) {
            owners.push_back(instance);
        }
    }
    return owners.size() == 1 ? owners : std::vector<std::size_t>{};
}

/// Whether `other` shows the id only since a time before which it was the owner's alone.
bool ShownDeployments::came_late(std::string const &id, std::size_t owner, std::size_t other) const
{
    auto const &own = m_by_instance[owner].at(id);
    auto const &late = m_by_instance[other].at(id);
    auto const since = first_of(late);
    std::set<std::string> groups;
    for (auto const &shown : late) {
        groups.insert(shown.key->model_group);
    }
    std::int64_t before = 0;
    for (auto const &shown : own) {
        before += requests_before(*shown.cell, since);
    }
    std::int64_t clean = 0;
    std::int64_t others = 0;
    for (auto const &[name, rows] : m_by_instance[other]) {
        for (auto const &shown : name == id ? std::vector<Shown>{} : rows) {
            if (!groups.contains(shown.key->model_group)) {
                continue;
            }
            auto const earlier = requests_before(*shown.cell, since);
            clean += earlier;
            others += shown.cell->total.requests - earlier;
            auto const shared = earlier > 0 ? m_by_instance[owner].find(name) : m_by_instance[owner].end();
            if (shared != m_by_instance[owner].end() && first_of(shared->second) < since) {
                return false; // the two had an entry in common before: this one is its successor
            }
        }
    }
    auto const share = as_double(requests_of(late)) / as_double(requests_of(late) + others);
    return before >= k_fewest_clean && clean >= std::max(k_fewest_clean, clean_requests_needed(share, k_clean_alpha));
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
