// SPDX-License-Identifier: Apache-2.0
//
// When foreign answers began, whether they go on, and in how many episodes. Judged from the clock-aligned time series,
// whose buckets know the exact first and last time of their home and foreign rows, and from the few exact rows right
// before the first foreign one. Neither slices nor jobs can change the answer: it depends on the rows alone.
// docs/detection.md explains every step with its source.
#pragma once

#include "misroute/detect.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace misroute {

/// How unlikely a clean stretch inside constant foreign traffic must be before it separates two episodes. Stricter
/// than k_alpha, because every stretch of a window is tried.
inline constexpr double k_split_alpha = 0.01;

/// An episode, or the quiet part before a step, whose foreign share is at most this part of the incident's share is
/// background (unmarked fallbacks, say) and does not move its start.
inline constexpr double k_background_share = 0.2;

/// The onset of an issuer's foreign rows; none when it has no foreign row.
///
/// `at` is the first foreign request of the first episode; background before it is left out, and when the share steps
/// up inside the episode it is the first foreign request after that change point (exact to a bucket).
/// `earliest` is the time of the request m before it, where m home requests in a row would have had at most 5 %
/// probability had the fault been there already: (1 − share)^m ≤ 0.05. It is the start of the window when fewer home
/// requests were seen or when foreign ones stand among them.
/// `ended_at` is the last foreign request of the last episode, when the home requests after it exclude that episode's
/// share at 95 %. Requests that stick to one backend count for less in all three (dependence()).
///
/// `before`: rows before the first foreign row, oldest first; only home rows are looked at. Few or none do no harm.
std::optional<Onset> onset_of(std::span<SeriesPoint const> series, std::span<JudgedRow const> before, Window window);

/// An episode of an incident, for those who decide by themselves when it is over.
struct Spell
{
    Window rows; ///< from the first foreign row to the last, both included
    std::int64_t foreign = 0;
    std::int64_t requests = 0;    ///< home and foreign ones from the first to the last
    double share = 0;             ///< of them foreign, with one imagined home request so that it is below 1
    double dependence = 1;        ///< requests that are worth one independent one
    std::int64_t clean_after = 0; ///< home requests between it and the next, or the end
};

/// The episodes that onset_of() tells of, oldest first; empty without a foreign row.
std::vector<Spell> spells_of(std::span<SeriesPoint const> series);

} // namespace misroute
