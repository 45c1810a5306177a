// SPDX-License-Identifier: Apache-2.0
//
// One function a cause. Each weighs the symptoms and says what settles the question and what ends it.
#pragma once

#include "misroute/diagnose.hpp"

namespace misroute {

Cause weigh_over_selection(Facts const &facts, Symptoms const &symptoms);
Cause weigh_wrong_route(Facts const &facts, Symptoms const &symptoms);
Cause weigh_reconfiguration(Facts const &facts, Symptoms const &symptoms);
Cause weigh_fallback(Facts const &facts, Symptoms const &symptoms);
Cause weigh_database_models(Facts const &facts, Symptoms const &symptoms);
Cause weigh_shared_key(Facts const &facts, Symptoms const &symptoms);

/// What speaks about dispatch in every cause: do answers of a flagged issuer interleave, and how many are foreign?
bool interleaved(Symptoms const &symptoms);

/// Of all answers to flagged issuers during the incident; 0.5 when nothing is configured to be foreign to.
double foreign_share(Symptoms const &symptoms);

/// A flagged issuer whose order of answers repeats, or nullptr.
struct Flagged;
Flagged const *cyclic(Symptoms const &symptoms);

/// Foreign answers follow failures far more often than home ones do.
bool follows_failures(Symptoms const &symptoms);

/// Issuers of the flagged one's instance that sent enough clean requests during its incident to exclude its share.
std::vector<IssuerView const *> clean_neighbours(Facts const &facts, Flagged const &flagged);

} // namespace misroute
