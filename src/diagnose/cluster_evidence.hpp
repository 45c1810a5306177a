// SPDX-License-Identifier: Apache-2.0
//
// What manifests or live objects predict about traffic, so that it can be held against what the rows show. Whether the
// manifests themselves are at fault is the rules' business, not this file's.
#pragma once

#include "diagnose/incident_evidence.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace misroute {

/// A Service that selects pods of several instances, or of another one than it is meant for.
struct Selection
{
    Service const *service = nullptr;
    std::map<std::string, int> pods; ///< replicas by instance; only workloads that keep running and have an instance
};

/// Those Services whose pods are not all of one instance, which is the Service's own where it is known.
std::vector<Selection> wide_selections(Cluster const &cluster);

/// The answers that were seen, against the replicas that a Service selects.
struct Prediction
{
    GTest test;
    bool explains = false; ///< every owner that answered has pods behind the Service
    std::string sentence;  ///< both numbers: replicas and answers
};

/// None when the instance that the Service is meant for has no answers in the matrix.
std::optional<Prediction> compare(Selection const &selection, IncidentEvidence const &evidence);

/// A hostname whose Service reaches only pods of another instance: who the route reaches instead.
struct Misroute
{
    Route const *route = nullptr;
    std::string reaches;
};
std::vector<Misroute> misroutes(Cluster const &cluster);

} // namespace misroute
