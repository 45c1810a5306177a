// SPDX-License-Identifier: Apache-2.0
//
// Counts to shares, intervals and probabilities. Every function is pure, takes any counts (nonsense gives the widest
// answer, never an exception) and names the publication of its formula; docs/detection.md says what each is used for.
#pragma once

#include "misroute/model/report.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace misroute {

/// Two-sided 95 %: the standard normal quantile of 0.975.
inline constexpr double k_z95 = 1.959963984540054;

/// One-sided level at which a number of clean requests excludes a share.
inline constexpr double k_alpha = 0.05;

/// A count for a formula; exact up to 2⁵³.
constexpr double as_double(std::int64_t count)
{
    return static_cast<double>(count);
}

struct Interval
{
    double low = 0;
    double high = 1;
};

/// A statistic that is χ² distributed under its null hypothesis. Without degrees of freedom p is 1: nothing to test.
struct GTest
{
    double statistic = 0;
    int degrees = 0;
    double p = 1;
};

/// The share k/n with its score interval (Wilson 1927, JASA 22:209). No requests: 0 in [0, 1].
Share wilson(std::int64_t k, std::int64_t n, double z = k_z95);

/// P(X ≥ k) for X binomial with n trials of probability p, exact in both tails (regularised incomplete beta function).
double binomial_tail(std::int64_t k, std::int64_t n, double p);

/// How many independent clean requests exclude a foreign share of `share`: smallest n with (1 − share)ⁿ ≤ alpha
/// (Hanley & Lippman-Hand 1983, JAMA 249:1743). 0 when no number of requests can.
/// `dependence`: requests that are worth one independent one (sticky traffic).
std::int64_t clean_requests_needed(double share, double alpha = k_alpha, double dependence = 1);

/// The smallest foreign share that `n` independent clean requests exclude: 1 − alpha^(1/n), about 3/n.
/// `n` need not be whole: it may be an effective sample size.
double share_excluded_by(double n, double alpha = k_alpha);

/// Pods behind a hostname when one of them is at home and all get equal traffic: n/home, with the reciprocals of the
/// Wilson limits of the home share. `high` is infinite when nothing came home.
Share pods_from_home(std::int64_t home, std::int64_t n);

/// Likelihood ratio test of counts against expected weights, which need not sum to 1 (Wilks 1938, Ann. Math. Stat.
/// 9:60). Cells of weight 0 must be empty; one that is not makes p 0.
GTest g_test(std::span<std::int64_t const> observed, std::span<double const> weights);

/// Likelihood ratio test of independence in a table (rows of equal length): do all rows have the same shares?
/// Empty rows and columns are left out. `dependence`: requests that are worth one independent one (sticky traffic).
GTest g_test(std::vector<std::vector<std::int64_t>> const &table, double dependence = 1);

} // namespace misroute
