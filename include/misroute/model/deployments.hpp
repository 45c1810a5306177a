// SPDX-License-Identifier: Apache-2.0
//
// Whose deployment answered. LiteLLM names the entry of a model list by a hash over all its parameters, keys included:
// the same on every replica of one instance, another one on every other instance unless the entry was copied to the
// letter (docs/litellm-rows.md). So the id is a name of the pod's configuration in every row, without any stamp.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace misroute {

/// How it is known whose a deployment is; the strongest counts.
enum class DeploymentProof
{
    own_rows,   ///< an instance's own rows show it, at a backend that only this instance serves
    clean_time, ///< it was one instance's alone for long enough, until it appeared at another one as well
    stamp,      ///< rows of it are stamped with the instance
    configured, ///< misroute.yaml lists it, as `init` or `probe` wrote it
};

struct DeploymentOwner
{
    std::vector<std::size_t> instances; ///< indices, ascending; several where an entry stands in several model lists
    DeploymentProof proof = DeploymentProof::own_rows;
};

/// By model_id. Ids that nobody is known to own are not in it: a rotated key makes new ones every time.
using DeploymentOwners = std::map<std::string, DeploymentOwner, std::less<>>;

} // namespace misroute
