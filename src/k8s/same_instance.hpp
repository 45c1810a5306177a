// SPDX-License-Identifier: Apache-2.0
//
// Whether two LiteLLM workloads are one instance by what they serve, and what says that they are two: a Service, a
// hostname and a configuration of its own each.
#pragma once

#include "k8s/objects.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace misroute::k8s {

/// A LiteLLM workload, as the question sees it which instance it is.
struct Member
{
    Workload const *workload = nullptr;
    std::string source;               ///< what its LiteLLM configuration is read from ("litellm/claude"), or empty
    std::set<std::string> keys;       ///< Secrets and variables that its keys and upstreams come from
    std::set<std::string> services{}; ///< Services that are meant for it alone, by name or by what they select
    std::set<std::string> hosts{};    ///< hostnames that lead to those
};

/// One name continues the other after a dash: "claude" and "claude-litellm".
bool extends(std::string_view longer, std::string_view shorter);

/// Fills in Services and hostnames. Names go first: a selector that is too wide says nothing about whose a Service is.
void find_entrances(std::vector<Member> &members, Cluster const &cluster,
                    std::vector<RouteBackend> const &route_backends);

/// Each has hostnames and Services of its own, and another configuration: nothing outweighs that.
bool enter_apart(Member const &left, Member const &right);

/// The same, or, where no hostnames are known, each has Services of its own and takes its keys from elsewhere.
bool are_apart(Member const &left, Member const &right);

/// Both serve the same, as far as that is known; an upstream that nobody knows is the same only where it comes from the
/// same place.
bool serve_the_same(Member const &left, Member const &right);

/// Names of instances by what they serve.
class ServedNames
{
public:
    /// That of the first one which serves the same in the same namespace, or empty.
    std::string find(Member const &member) const;

    void add(Member const &member, std::string name);

private:
    using Served = std::pair<std::string, std::vector<Expectation>>;

    std::multimap<Served, std::pair<Member const *, std::string>> m_names;
};

} // namespace misroute::k8s
