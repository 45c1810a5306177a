// SPDX-License-Identifier: Apache-2.0
//
// Proposes a misroute.yaml. Pure: a cluster in, a text out, with comments on what could not be known.
#pragma once

#include "misroute/model/cluster.hpp"

#include <cstddef>
#include <string>

namespace misroute {

struct ProposedConfig
{
    std::string text;          ///< valid for parse_config() when it has instances
    std::size_t instances = 0; ///< those that could be written with all that is required
};

/// The beginning of every proposal: where it comes from, the database, and how rows name their hostname.
std::string config_head(std::string const &origin);

/// One instance for each LiteLLM instance of the cluster: the hostnames meant for it, what its mounted configuration
/// serves, and its workload. An instance of which it is not known what it serves stands as a comment.
ProposedConfig config_from_cluster(Cluster const &cluster);

/// The same as a value, for commands that are given manifests and no configuration: the instances that
/// config_from_cluster() would write, each with the place of its first workload.
Expectations expectations_from_cluster(Cluster const &cluster);

/// Fills `workload` of configured instances that name none, from the workloads that were found to be theirs.
void fill_workloads(Expectations &expected, Cluster const &cluster);

} // namespace misroute
