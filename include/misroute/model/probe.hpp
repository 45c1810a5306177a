// SPDX-License-Identifier: Apache-2.0
//
// What a request of a probe learned about the pod that answered it. Strings come from whoever answered: hostile.
#pragma once

#include "misroute/model/backend.hpp"
#include "misroute/model/time.hpp"

#include <string>
#include <vector>

namespace misroute {

/// One deployment of a pod: an entry of its model_list.
struct Deployment
{
    std::string id;             ///< model_info.id: the same in every pod of one configuration
    std::string model;          ///< litellm_params.model, or the model that a completion was asked for
    Backend backend;            ///< upstream empty where the pod does not say (no api_base)
    bool from_database = false; ///< model_info.db_model: LiteLLM_ProxyModelTable adds it, to every pod

    bool operator==(Deployment const &) const = default;
};

/// One request on a connection of its own, and what came back.
struct ProbeAnswer
{
    Instant time{};
    std::string host; ///< the hostname it entered by, as litellm::normal_host() gives it
    std::string request_id;
    std::vector<Deployment> deployments; ///< all of the pod's, or the one that answered a completion
    std::string error;                   ///< why there are none, or empty
};

/// All requests to one URL.
struct ProbedUrl
{
    std::string url;
    std::string host;
    std::vector<ProbeAnswer> answers; ///< in order of time
    std::string given_up;             ///< why no more requests were made, or empty
    std::string next;                 ///< what to do about it
    int left_out = 0;                 ///< requests that were not made, for the time was over; answers came before
};

} // namespace misroute
