// SPDX-License-Identifier: Apache-2.0
//
// Asking the instances themselves, when there is no traffic yet: which pods are behind a hostname? Every request has a
// connection of its own, because a kept one leads to one pod for ever.
#pragma once

#include "misroute/model/probe.hpp"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace misroute {

struct ProbeOptions
{
    int requests = 29;                  ///< to each URL
    std::string completion;             ///< ask for one token of this model; empty: ask for the pod's deployments alone
    std::string key;                    ///< bearer token, or empty; never shown
    Milliseconds timeout{10'000};       ///< of one request, name resolution and TLS included
    std::string ca_file;                ///< certificates to trust instead of the system's, or empty
    std::vector<std::string> resolve;   ///< "HOST:PORT:ADDRESS", as curl's option of that name
    std::string instance_tag;           ///< name of the deployments' tag that names their instance
    std::function<Instant()> now;       ///< the time of a request
    std::function<Milliseconds()> left; ///< what is left of the time for this URL; nothing: as long as it takes
    std::stop_token stop;               ///< ends the running request
};

/// "https://" is put before a bare hostname. Throws Error for what is no URL of a web server, or carries a password.
std::string probe_url(std::string const &given);

/// The hostname of such a URL, as litellm::normal_host() gives it.
std::string probe_host(std::string const &url);

/// Makes the requests to one URL, one after the other: GET /v1/model/info, which lists the deployments of the pod that
/// answers and costs nothing; with `completion` also POST /v1/chat/completions. Gives up on a URL that refuses the key,
/// has no such page, or cannot be reached three times in a row, and when its time is over. Throws Error only when it
/// was told to stop.
ProbedUrl probe(std::string const &url, ProbeOptions const &options);

} // namespace misroute
