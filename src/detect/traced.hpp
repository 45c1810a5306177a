// SPDX-License-Identifier: Apache-2.0
//
// One issuer's requests in order: what is known before the first of them, of each, and after the last.
#pragma once

#include "misroute/detect.hpp"

#include <optional>
#include <string>
#include <vector>

namespace misroute {

/// What is known before the first request is read.
struct TraceHeader
{
    Issuer issuer;        ///< whose requests; without a meaning where they are all of `instance`
    std::string instance; ///< the instance it enters at; empty when unassigned, "a|b" for a key of several
    Window window;
    bool whole = false; ///< every issuer of the instance

    /// "host:claude.goodvision.tech", "instance:claude".
    std::string subject() const { return whole ? "instance:" + instance : issuer.text(); }
};

struct TraceRow
{
    JudgedRow request;
    std::string key_name; ///< Tally::key_name(): alias, literal, or the first 12 hex digits of the hash
};

/// The newest rows of a trace tell its pattern, and only they have letters.
inline constexpr std::size_t k_dispatch_rows = 400;

/// What is known after the last one.
struct TraceSummary
{
    ClassCounts counts; ///< of the requests shown
    std::optional<Dispatch> dispatch;
    bool truncated = false; ///< the limit was reached and requests were left out
};

} // namespace misroute
