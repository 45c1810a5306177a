// SPDX-License-Identifier: Apache-2.0
//
// Reports to render in tests: made by hand, so that a format is tested without a database and without a detector.
#pragma once

#include "misroute/detect.hpp"
#include "misroute/model/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace misroute::samples {

/// The day of all samples.
inline constexpr Instant k_day = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};

/// A sample with a name that fits into the name of a parametrised test.
struct Sample
{
    std::string_view name;
    Report (*make)();
};

/// All samples below, for tests that every format must pass with every report.
std::vector<Sample> const &all();

/// Eight requests of claude.goodvision.tech, five of them answered elsewhere.
Report incident();

/// `scan` over a window without one row.
Report empty();

/// Rows there are, but every one of them was excluded or belongs to nobody: nothing could be judged.
Report nothing_judged();

/// Three instances, 1,204 requests, not one foreign.
Report clean();

/// Names that clients and manifests may choose to do harm: control bytes, ANSI escapes, bidirectional controls, bad
/// UTF-8, 10 kB names, raw keys, wide characters, markup of every format.
Report hostile();

/// Two gaps, an onset with an end and two episodes, a suppressed error, and a cluster from `--manifests`.
Report gaps_and_cluster();

/// Nothing is configured: two model groups of one key interleave between backends.
Report unconfigured();

/// `misroute k8s`: manifests only; window, source, totals and cost are absent.
Report manifests_only();

/// `misroute k8s` when every Service selects its own pods.
Report manifests_clean();

/// `misroute check` that passes, fails, and cannot tell.
Report check_pass();
Report check_fail();
Report check_inconclusive();

/// The incident with states, as `scan --changes-since` gives them.
Report changes();

/// The eight rows of the incident with their verdicts, oldest first.
std::vector<JudgedRow> incident_rows();

/// The raw keys that stand in hostile(): no output may contain one of them.
std::vector<std::string> const &raw_keys();

} // namespace misroute::samples
