// SPDX-License-Identifier: Apache-2.0
//
// How an issuer's requests are spread over backends: in turn, at random, in bursts, or by one switch. Judged from the
// order of exact rows. Traffic of other clients through the same hostname blurs a cycle, so a claim is never stronger
// than what the rows themselves show.
#pragma once

#include "misroute/detect.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace misroute {

/// Fewer requests than this are "compatible with" a pattern, never surely it: a round-robin whose counter other
/// clients also advance reaches only z ≈ 1.3 at 30 requests and 2.6 at 100 (simulated; docs/detection.md).
inline constexpr std::size_t k_certain_requests = 100;

/// |z| of the runs test beyond which an order is not random (two-sided 1 %).
inline constexpr double k_runs_z = 2.576;

/// Below this number of requests the runs test cannot tell random from anything: no cycle means "undetermined".
inline constexpr std::size_t k_random_requests = 20;

/// The pattern of `rows`, oldest first: the newest rows of one issuer. Rows that are neither home nor foreign (for an
/// unassigned issuer: rows of an unknown backend) are skipped, and so are clean stretches at both ends that exclude the
/// foreign share, since they lie outside the incident. Two rows are alike when their owners are, or, where nobody owns
/// them, their backends. Letters as letters_of() gives them (detect/answered_by.hpp).
Dispatch dispatch_of(std::span<JudgedRow const> rows, Expectations const &expected = {});

/// Those of `rows` that tell who answered, cut to the incident and a few neighbours at both ends; all of them where one
/// backend answered everything, or where there was one switch and no return.
std::vector<JudgedRow const *> incident_rows(std::span<JudgedRow const> rows);

/// Whether some model group of these rows (oldest first) interleaves between known backends: it returns at least
/// twice to a backend it had left (A B A B). One change is a reconfiguration and a change with a single return may be
/// its roll-back or one fallback; neither counts. Excluded rows are skipped.
bool interleaves(std::span<JudgedRow const> rows);

} // namespace misroute
