// SPDX-License-Identifier: Apache-2.0
//
// What to type next: commands and remedies with the names of this fleet where they are known, and PLACEHOLDERS where
// they are not. Every remedy ends with its proof.
#pragma once

#include "diagnose/incident_evidence.hpp"

#include <string>
#include <vector>

namespace misroute::advice {

/// "kubectl -n litellm ": the namespace of the configured workloads or of the manifests, else a placeholder.
std::string kubectl(Facts const &facts);

/// The name of the Deployment of the first misrouted instance, quoted for a shell; "NAME" when it is not known.
std::string workload(Facts const &facts, IncidentEvidence const &evidence);

/// The commands that show whether a Service selects too many pods.
std::vector<Step> endpoints_check(Facts const &facts);

/// The repair of a selector with its proof: by the manifests where they show the fault, else in general.
std::vector<Step> selector_repair(Facts const &facts, IncidentEvidence const &evidence);

/// How to prove a repair: how many clean requests exclude what was seen, and the scan that counts them.
Step proof(IncidentEvidence const &evidence);

/// "misroute trace host:claude.goodvision.tech --since 24h" for the first affected issuer, quoted for a shell;
/// `remark` is a comment after it.
Step trace(IncidentEvidence const &evidence, std::string const &remark = {});

/// The first misrouted instance, or "INSTANCE".
std::string instance(IncidentEvidence const &evidence);

} // namespace misroute::advice
