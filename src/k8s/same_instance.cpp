// SPDX-License-Identifier: Apache-2.0
#include "k8s/same_instance.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace misroute::k8s {

namespace {

/// Both have some, and none in common.
bool are_separate(std::set<std::string> const &left, std::set<std::string> const &right)
{
    return !left.empty() && !right.empty() &&
           std::none_of(left.begin(), left.end(), [&](std::string const &one) { return right.contains(one); });
}

/// All of what it serves can be told from what others serve.
bool is_known(Workload const &workload)
{
    return !workload.open && std::none_of(workload.serves.begin(), workload.serves.end(), [](Expectation const &one) {
        return one.provider.empty() || one.upstream.empty();
    });
}

/// Finds the one member that a Service is meant for.
class Entrances
{
public:
    Entrances(std::vector<Member> const &members, Cluster const &cluster) : m_cluster{cluster}
    {
        for (std::size_t index = 0; index < members.size(); ++index) {
            auto const &workload = *members[index].workload;
            m_by_workload.emplace(&workload, index);
            m_by_space[workload.name.space].emplace(workload.name.name, index);
        }
    }

    std::optional<std::size_t> owner(Service const &service) const;

private:
    std::set<std::size_t> selected(Service const &service) const;

    Cluster const &m_cluster;
    std::map<Workload const *, std::size_t> m_by_workload;
    std::map<std::string, std::multimap<std::string, std::size_t>> m_by_space;
};

std::set<std::size_t> Entrances::selected(Service const &service) const
{
    std::set<std::size_t> result;
    for (auto const index : service.workloads) {
        if (auto const found = m_by_workload.find(&m_cluster.workloads[index]); found != m_by_workload.end()) {
            result.insert(found->second);
        }
    }
    return result;
}

std::optional<std::size_t> Entrances::owner(Service const &service) const
{
    auto const space = m_by_space.find(service.name.space);
    std::set<std::size_t> near;
    if (space != m_by_space.end()) {
        auto const same = space->second.find(service.name.name);
        if (same != space->second.end()) {
            return same->second;
        }
        for (auto const &[name, index] : space->second) {
            if (extends(name, service.name.name) || extends(service.name.name, name)) {
                near.insert(index);
            }
        }
    }
    auto const chosen = near.empty() ? selected(service) : near;
    return chosen.size() == 1 ? std::optional{*chosen.begin()} : std::nullopt;
}

} // namespace

bool extends(std::string_view longer, std::string_view shorter)
{
    return longer.size() > shorter.size() && longer.substr(0, shorter.size()) == shorter &&
           longer[shorter.size()] == '-';
}

void find_entrances(std::vector<Member> &members, Cluster const &cluster,
                    std::vector<RouteBackend> const &route_backends)
{
    Entrances const entrances{members, cluster};
    std::multimap<ObjectName, std::string> hosts;
    for (auto const &one : route_backends) {
        hosts.emplace(one.service, one.route.host);
        hosts.emplace(ObjectName{{}, one.service.name}, one.route.host); // charts leave the namespace out
    }
    for (auto const &service : cluster.services) {
        auto const owner = entrances.owner(service);
        if (!owner) {
            continue;
        }
        members[*owner].services.insert(service.name.text());
        auto const [first, last] = hosts.equal_range(service.name);
        std::transform(first, last, std::inserter(members[*owner].hosts, members[*owner].hosts.end()),
                       [](auto const &entry) { return entry.second; });
    }
}

bool are_apart(Member const &left, Member const &right)
{
    bool const known = is_known(*left.workload) && is_known(*right.workload);
    bool const other_keys = left.keys != right.keys && (!known || left.source != right.source);
    return enter_apart(left, right) || (other_keys && are_separate(left.services, right.services));
}

bool enter_apart(Member const &left, Member const &right)
{
    bool const same =
        left.source == right.source && left.keys == right.keys && left.workload->serves == right.workload->serves;
    return !same && are_separate(left.services, right.services) && are_separate(left.hosts, right.hosts);
}

bool serve_the_same(Member const &left, Member const &right)
{
    auto const &served = left.workload->serves;
    bool const known = is_known(*left.workload) && is_known(*right.workload);
    return !served.empty() && served == right.workload->serves && (known || left.keys == right.keys) &&
           !are_apart(left, right);
}

std::string ServedNames::find(Member const &member) const
{
    auto const [first, last] = m_names.equal_range({member.workload->name.space, member.workload->serves});
    auto const found =
        std::find_if(first, last, [&](auto const &entry) { return serve_the_same(*entry.second.first, member); });
    return found == last ? std::string{} : found->second.second;
}

void ServedNames::add(Member const &member, std::string name)
{
    m_names.emplace(std::pair{member.workload->name.space, member.workload->serves},
                    std::pair{&member, std::move(name)});
}

} // namespace misroute::k8s
