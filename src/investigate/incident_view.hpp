// SPDX-License-Identifier: Apache-2.0
//
// The requests that a finding about an issuer speaks of, among all of that issuer's.
#pragma once

#include "detect/changes.hpp"
#include "misroute/detect.hpp"

namespace misroute {

/// Its rule says why foreign rows are foreign, or what they cost: it begins and ends with them.
bool is_incident(Rule rule);

/// Rows of this cell are among those of the finding.
bool belongs_to(IssuerCell const &cell, Finding const &finding);

/// nullptr when the examination has no such issuer.
IssuerView const *view_of(Examination const &examination, std::string const &issuer);

/// Empty when there is no such row.
IncidentView incident_of(Tally const &tally, Examination const &examination, Finding const &finding);

} // namespace misroute
