// SPDX-License-Identifier: Apache-2.0
//
// The history of a log: what went astray in it, from when to when. Field by field this is docs/incidents.schema.json.
#pragma once

#include "misroute/model/finding.hpp"
#include "misroute/model/report.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace misroute {

/// One episode of a finding. Names in it come from rows: hostile until printed.
struct Incident
{
    std::string fingerprint; ///< of the finding: equal for all its episodes
    Rule rule{};
    std::string issuer; ///< Issuer::text()
    std::string instance;
    Instant since{};              ///< the first foreign request
    std::optional<Instant> until; ///< the last one; none while it goes on
    std::int64_t requests = 0;    ///< of the issuer, home and foreign, in between
    std::int64_t foreign = 0;
    std::int64_t tokens = 0; ///< of the foreign ones
    std::optional<double> estimated_unbilled_usd;
    std::string cause; ///< a name of the cause table; empty where nothing explains it

    bool ongoing() const { return !until; }
};

struct IncidentHistory
{
    std::string version; ///< of the misroute that made it; empty for this one
    Window window;
    std::vector<Gap> gaps;
    std::vector<Incident> incidents; ///< newest first
    bool judged = false;             ///< there were requests that could be
};

} // namespace misroute
