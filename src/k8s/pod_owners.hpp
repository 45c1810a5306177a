// SPDX-License-Identifier: Apache-2.0
//
// Whose pods the addresses of a Service are.
#pragma once

#include "k8s/objects.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace misroute::k8s {

/// Finds the workload behind a pod: by its owners where the input has the pod, else by its name.
class PodOwners
{
public:
    /// `all` are the objects as read, `workloads` those that nothing else controls; both must outlive this.
    PodOwners(std::vector<Pods> const &all, std::vector<Pods> const &workloads);

    /// The indices of the workloads, each once; `unknown` says how many addresses nothing is known of.
    struct Behind
    {
        std::set<std::size_t> workloads;
        std::size_t unknown = 0;
    };

    Behind behind(Addresses const &addresses) const;

private:
    std::optional<std::size_t> of_object(Pods const &object) const;
    std::optional<std::size_t> of_name(ObjectName const &pod) const;
    std::optional<std::size_t> of_pod(ObjectName const &pod) const;

    std::map<std::string, Pods const *> m_objects; ///< by "kind namespace/name"
    std::map<std::string, Pods const *> m_by_address;
    std::map<std::string, std::size_t> m_workloads; ///< by "kind namespace/name"
};

} // namespace misroute::k8s
