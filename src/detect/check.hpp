// SPDX-License-Identifier: Apache-2.0
//
// The smoke check after a deploy: have enough clean requests been seen to say that nothing goes astray? A foreign
// request decides at once; clean ones decide when a wrong share of the size asked for would have shown itself.
#pragma once

#include "misroute/model/report.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace misroute {

struct CheckPlan
{
    double exclude_share = 0.10; ///< the smallest wrong share that must not go unseen
    double confidence = 0.95;
    std::int64_t min_requests = 0;   ///< clean requests that an instance needs in any case
    std::set<std::string> instances; ///< empty: all
};

/// How many requests of an instance are worth one independent one (1 or more); instances without an entry: 1. One
/// kept-alive connection sticks to one pod, however many requests it carries (docs/check.md).
using Dependence = std::map<std::string, double>;

/// The stickiness that traffic showed in `report` while it still went to several backends, by instance: the one thing
/// that clean rows cannot show. Only patterns called sticky count.
Dependence dependence_seen(Report const &report);

/// Judges the report of everything since the deploy. An instance passes when its clean requests, divided by its
/// dependence, exclude the share: (1 − share)ⁿ ≤ 1 − confidence (Hanley & Lippman-Hand 1983, JAMA 249:1743). It fails
/// by one foreign request that no `ignore` entry covers. All must pass, and the window must be read to its end.
CheckResult conclude_check(Report const &report, CheckPlan const &plan, Dependence const &dependence);

/// "12 clean requests of kelly, 29 clean requests of yxaiapp"; empty when every instance is decided.
std::string still_missing(CheckResult const &check);

/// Whether waiting is over: every instance has passed or failed.
bool all_decided(CheckResult const &check);

} // namespace misroute
