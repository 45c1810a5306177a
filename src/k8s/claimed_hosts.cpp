// SPDX-License-Identifier: Apache-2.0
#include "k8s/claimed_hosts.hpp"

#include "k8s/host_pattern.hpp"

#include <algorithm>
#include <iterator>

namespace misroute::k8s {

namespace {

bool leads_on(Route const &route, std::string const &host)
{
    bool const one_label = route.kind == "Ingress" || route.kind == "HTTPProxy";
    auto const labels = host.find('.') == std::string::npos ? host.size() : host.find('.');
    return matches_wildcard(route.host, host) && (!one_label || host.size() - labels == route.host.size() - 1);
}

} // namespace

std::map<std::string, std::size_t> unclaimed_hosts(std::vector<RouteBackend> const &route_backends,
                                                   Expectations const &expected)
{
    std::map<std::string, std::size_t> hosts;
    for (std::size_t index = 0; index < expected.instances.size(); ++index) {
        for (auto const &host : expected.instances[index].hosts) {
            if (host.find('*') == std::string::npos) {
                hosts.emplace(host, index);
            }
        }
    }
    for (auto const &one : route_backends) {
        hosts.erase(one.route.host);
    }
    return hosts;
}

std::vector<RouteBackend> claimed_hosts(std::vector<RouteBackend> const &route_backends, Expectations const &expected)
{
    std::vector<RouteBackend> wildcards;
    std::copy_if(route_backends.begin(), route_backends.end(), std::back_inserter(wildcards),
                 [](RouteBackend const &one) { return one.route.host.substr(0, 2) == "*."; });
    std::vector<RouteBackend> claimed;
    for (auto const &entry : unclaimed_hosts(route_backends, expected)) {
        std::vector<RouteBackend> best;
        for (auto const &one : wildcards) {
            auto const length = best.empty() ? 0 : best.front().route.host.size();
            if (leads_on(one.route, entry.first) && one.route.host.size() >= length) {
                best.resize(one.route.host.size() > length ? 0 : best.size());
                best.push_back(one);
            }
        }
        for (auto &one : best) {
            one.route.host = entry.first;
            claimed.push_back(std::move(one));
        }
    }
    return claimed;
}

} // namespace misroute::k8s
