// SPDX-License-Identifier: Apache-2.0
#include "k8s/objects.hpp"
#include "misroute/model/litellm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace misroute::k8s {

namespace {

/// HTTPProxies may include one another; a longer chain than this is a circle.
constexpr int k_deepest_include = 20;

class Resolver
{
public:
    Resolver(std::vector<Backing> backings, RouteContext const &context)
        : m_all{std::move(backings)},
          m_context{context}
    {
    }

    ResolvedRoutes resolve();

private:
    void include(Backing const &parent, int depth);
    void add(Backing backing);
    bool fill_subset(Backing &backing);
    void check_grant(Backing const &backing);
    std::vector<Backing> with_hosts(Backing const &backing) const;

    std::vector<Backing> m_all;
    RouteContext const &m_context;
    ResolvedRoutes m_result;
};

/// The hostnames of the Gateway, where the route itself names none.
std::vector<Backing> Resolver::with_hosts(Backing const &backing) const
{
    std::vector<Backing> result;
    for (auto const &parent : backing.parents) {
        auto const [first, last] = m_context.listeners.equal_range(parent);
        for (auto listener = first; listener != last; ++listener) {
            result.push_back(backing);
            result.back().route.host = litellm::normal_host(listener->second);
        }
    }
    return result.empty() ? std::vector{backing} : result;
}

bool Resolver::fill_subset(Backing &backing)
{
    if (backing.subset.empty()) {
        return true;
    }
    auto const found = m_context.subsets.find({backing.service, backing.subset});
    if (found == m_context.subsets.end()) {
        m_result.unexamined.push_back(fmt::format(
            "{} {} leads {} to the subset {} of Service {}, and no DestinationRule in the input says whose "
            "pods these are",
            backing.route.kind, backing.route.name.text(), backing.route.host, backing.subset, backing.service.text()));
        return false;
    }
    backing.route.subset = found->second;
    return true;
}

void Resolver::check_grant(Backing const &backing)
{
    auto const &route = backing.route;
    bool const gateway_api = route.kind == "HTTPRoute" || route.kind == "GRPCRoute" || route.kind == "TLSRoute";
    auto const &space = route.name.space;
    if (!gateway_api || backing.service.space == space || m_context.grants.contains({space, backing.service}) ||
        m_context.grants.contains({space, {backing.service.space, {}}})) {
        return;
    }
    m_result.notes.push_back(fmt::format("{} {} names Service {} in another namespace, and no ReferenceGrant in the "
                                         "input allows it: without one the gateway answers 500",
                                         route.kind, route.name.text(), backing.service.text()));
}

void Resolver::add(Backing backing)
{
    for (auto &one : with_hosts(backing)) {
        check_grant(one);
        if (fill_subset(one)) {
            m_result.backings.push_back(std::move(one));
        }
    }
}

void Resolver::include(Backing const &parent, int depth)
{
    auto const is_child = [&](Backing const &one) {
        return one.child && one.route.kind == parent.route.kind && one.route.name == parent.delegate;
    };
    if (depth > k_deepest_include || std::none_of(m_all.begin(), m_all.end(), is_child)) {
        m_result.unexamined.push_back(fmt::format("{} {} hands {} on to {}, which is not in the input",
                                                  parent.route.kind, parent.route.name.text(), parent.route.host,
                                                  parent.delegate.text()));
        return;
    }
    for (auto const &one : m_all) {
        if (!is_child(one)) {
            continue;
        }
        auto child = one;
        child.route.host = parent.route.host;
        child.route.path = parent.route.path + one.route.path;
        if (child.delegate.name.empty()) {
            add(std::move(child));
        } else if (m_result.backings.size() + m_result.unexamined.size() < 10'000) {
            include(child, depth + 1);
        }
    }
}

ResolvedRoutes Resolver::resolve()
{
    for (auto const &backing : m_all) {
        if (backing.child) {
            continue;
        }
        if (backing.delegate.name.empty()) {
            add(backing);
        } else {
            include(backing, 0);
        }
    }
    return std::move(m_result);
}

} // namespace

ResolvedRoutes resolved_routes(std::vector<Backing> backings, RouteContext const &context)
{
    return Resolver{std::move(backings), context}.resolve();
}

} // namespace misroute::k8s
