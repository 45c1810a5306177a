// SPDX-License-Identifier: Apache-2.0
//
// Whose entries of a model list gave the foreign answers: those of the instance entered at, or the other one's?
#include "diagnose/incident_evidence.hpp"
#include "diagnose/score.hpp"
#include "diagnose/weights.hpp"

namespace misroute {

void score_entries(CauseScore &score, IncidentEvidence const &evidence)
{
    if (evidence.by_own_entries()) {
        score.support(weights::k_own_entries, "the deployments that answered are none of those that the upstream's own "
                                              "instance shows: entries of the instance's own model list");
    } else if (evidence.by_owners_entries()) {
        score.contradict(weights::k_against_owners_entries,
                         "the deployments that answered are those that the other instance's own rows show");
    }
}

void score_own_entries(CauseScore &score, IncidentEvidence const &evidence)
{
    if (evidence.by_own_entries()) {
        score.contradict(weights::k_against_own_entries,
                         "the deployments that answered are none of those that the upstream's own instance shows");
    }
}

} // namespace misroute
