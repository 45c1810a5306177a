// SPDX-License-Identifier: Apache-2.0
//
// How the evidence is gathered: the incidents of affected issuers (incident.cpp), the matrix "entered at × answered by"
// (matrix.cpp), and what both count with.
#pragma once

#include "diagnose/incident_evidence.hpp"

namespace misroute {

/// The stretch of time in which an issuer was misrouted; the whole window for an unconfigured one.
struct Stretch
{
    Instant from;
    Instant to;
};

/// Adds requests that `owner` answered.
void count(Answers &answers, std::string const &owner, Judged const &judged, std::int64_t requests);

/// The whole buckets [since, until) that lie inside an incident; its outer buckets too when there are few.
Window inside(Instant first, Instant last, Milliseconds bucket);

/// Requests of a cell in the buckets that begin in `window`.
std::int64_t requests_within(Facts const &facts, IssuerCell const &cell, Window const &window);

/// What one misrouted or mixed issuer's traffic looks like during its incident.
AffectedIssuer affected_issuer_of(Facts const &facts, IssuerView const &view);

/// Who answered what entered at each instance, during its incident or, for clean ones, that of the others.
std::vector<Entered> matrix_of(Facts const &facts);

/// Whether whole clients are home or foreign, as session affinity makes them.
bool clients_stick(std::vector<Entered> const &matrix);

/// Whether the rows of the matrix have the same shares; of clients where these stick, else of requests.
GTest compare_rows(IncidentEvidence const &evidence);

} // namespace misroute
