// SPDX-License-Identifier: Apache-2.0
//
// One function a cause. Each weighs the evidence and says what settles the question and what ends it.
#pragma once

#include "diagnose/cause_score.hpp"
#include "misroute/diagnose.hpp"

namespace misroute {

Cause score_over_selection(Facts const &facts, IncidentEvidence const &evidence);
Cause score_wrong_route(Facts const &facts, IncidentEvidence const &evidence);
Cause score_reconfiguration(Facts const &facts, IncidentEvidence const &evidence);
Cause score_fallback(Facts const &facts, IncidentEvidence const &evidence);
Cause score_database_models(Facts const &facts, IncidentEvidence const &evidence);
Cause score_shared_key(Facts const &facts, IncidentEvidence const &evidence);

/// What speaks about dispatch in every cause: do answers of an affected issuer interleave, and how many are foreign?
bool interleaved(IncidentEvidence const &evidence);

/// Of all answers to affected issuers during the incident; 0.5 when nothing is configured to be foreign to.
double foreign_share(IncidentEvidence const &evidence);

/// An affected issuer whose order of answers repeats, or nullptr.
struct AffectedIssuer;
AffectedIssuer const *cyclic(IncidentEvidence const &evidence);

/// Foreign answers follow failures far more often than home ones do.
bool follows_failures(IncidentEvidence const &evidence);

/// What the deployments say for, or against, causes that lie in the instance's own configuration (a fallback, a new
/// backend): were its own entries the ones that answered, or another instance's?
void score_entries(CauseScore &score, IncidentEvidence const &evidence);

/// The same against causes that lead requests to other pods.
void score_own_entries(CauseScore &score, IncidentEvidence const &evidence);

/// Issuers of the affected one's instance that sent enough clean requests during its incident to exclude its share.
std::vector<IssuerView const *> clean_neighbours(Facts const &facts, AffectedIssuer const &affected);

} // namespace misroute
