// SPDX-License-Identifier: Apache-2.0
#include "k8s/shared_hosts.hpp"

#include <initializer_list>
#include <tuple>

namespace misroute::k8s {

namespace {

/// What a group of requests has in common: hostname, kind of route, path, conditions.
using Requests = std::tuple<std::string, std::string, std::string, std::string>;

/// Instances by entrance; those under "" enter wherever the others do.
using ByEntrance = std::map<std::string, std::set<std::string>>;

std::set<std::string> sharing(ByEntrance const &by_entrance)
{
    std::set<std::string> found;
    auto const everywhere = by_entrance.find("");
    for (auto const &[entrance, instances] : by_entrance) {
        auto together = instances;
        if (everywhere != by_entrance.end()) {
            together.insert(everywhere->second.begin(), everywhere->second.end());
        }
        if (together.size() > 1) {
            found.merge(together);
        }
    }
    return found;
}

} // namespace

std::string_view covered_path(std::string_view path)
{
    for (std::string_view const rest : {"(/|$)(.*)", "(.*)", ".*", "*"}) {
        if (path.ends_with(rest)) {
            path.remove_suffix(rest.size());
            break;
        }
    }
    return path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
}

std::map<std::string, std::set<std::string>> shared_hosts(std::vector<LedTo> const &all)
{
    std::map<Requests, ByEntrance> groups;
    for (auto const &[one, instance] : all) {
        auto const &route = one->route;
        if (route.host == "*") {
            continue;
        }
        auto &group = groups[{route.host, route.kind, std::string{covered_path(route.path)}, one->conditions}];
        for (auto const &entrance : one->entrances.empty() ? std::set<std::string>{""} : one->entrances) {
            group[entrance].insert(instance);
        }
    }
    std::map<std::string, std::set<std::string>> shared;
    for (auto const &[requests, by_entrance] : groups) {
        if (auto instances = sharing(by_entrance); !instances.empty()) {
            shared[std::get<0>(requests)].merge(instances);
        }
    }
    return shared;
}

} // namespace misroute::k8s
