// SPDX-License-Identifier: Apache-2.0
//
// Tests on the order of requests: does the answering backend alternate, stick or change once? A sequence is a list of
// category numbers 0…K−1 (numbers may be missing), oldest request first.
#pragma once

#include "detect/statistics.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace misroute {

/// How many requests, and how many of them were hits (foreign). One request, or all of a time bucket.
struct Trials
{
    std::int64_t hits = 0;
    std::int64_t total = 0;
};

/// The best single split of a series of trials into two stretches of constant share.
struct ChangePoint
{
    std::size_t at = 0;   ///< index of the first element after the change; 0 when no split gains anything
    double statistic = 0; ///< likelihood ratio Λ; see k_change_threshold
};

/// Λ that chance exceeds in 5 % of constant series of 400 requests (simulated; the maximum over all splits is not χ²).
/// Longer series get the larger threshold of change_threshold().
inline constexpr double k_change_threshold = 10.0;

/// The larger of k_change_threshold and the BIC-like penalty 2 ln n (Killick et al. 2012, JASA 107:1590).
double change_threshold(std::int64_t requests);

/// Maximum-likelihood change point of a Bernoulli share (Hinkley & Hinkley 1970, Biometrika 57:477), in O(n).
ChangePoint change_point(std::span<Trials const> series);

/// The number of runs against its expectation under random order (Barton & David 1957, Biometrika 44:168, for K
/// categories). z above 0: alternating; below 0: sticky; none when there is only one category.
struct RunsTest
{
    std::int64_t runs = 0;
    double expected = 0;
    double variance = 0;
    std::optional<double> z;
};
RunsTest runs_test(std::span<int const> sequence);

/// How often request i and request i + lag were answered alike.
struct Agreement
{
    std::int64_t equal = 0;
    std::int64_t pairs = 0;
    double share() const { return pairs > 0 ? static_cast<double>(equal) / static_cast<double>(pairs) : 0.0; }
};
Agreement lag_agreement(std::span<int const> sequence, std::size_t lag);

/// Does the next backend depend on the last one? (Anderson & Goodman 1957, Ann. Math. Stat. 28:89.)
GTest transition_test(std::span<int const> sequence);

/// How many independent requests a sequence of hits (1) and others (0) is worth: n(1−ρ)/(1+ρ) with its lag-1
/// correlation ρ; never more than n, never less than its number of runs or 1. A constant sequence is worth n.
double effective_size(std::span<int const> hits);

/// How many requests of a series are worth one independent request (at least 1), by the variance of the means of
/// batches of about √n and √n/2 requests (batch means; Flegal & Jones 2010, Ann. Stat. 38:1034), extended to runs
/// longer than a batch as in an AR(1) series. Sees stickiness in buckets. The series should have one share throughout.
double dependence(std::span<Trials const> series);

} // namespace misroute
