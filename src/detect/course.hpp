// SPDX-License-Identifier: Apache-2.0
//
// What pictures of an issuer are drawn from: its requests over time, and its newest requests in order. Bounded,
// whatever the number of rows and of names.
#pragma once

#include "misroute/detect.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace misroute {

/// Requests of one issuer that are kept one by one.
inline constexpr std::size_t k_most_answered = 400;

/// Names told apart over time; the rarer ones are counted together as k_overflow.
inline constexpr std::size_t k_most_owners = 12;

/// Home, foreign and unassigned requests by the buckets of the tally; where these are finer than the window needs
/// (roll-ups of a year), by wider ones.
std::vector<CoursePoint> course_of(Tally const &tally, IssuerView const &view);

/// The newest of those `rows` (oldest first) that tell who answered, of the incident where there is one.
std::vector<AnsweredRequest> newest_answers(std::span<JudgedRow const> rows);

} // namespace misroute
