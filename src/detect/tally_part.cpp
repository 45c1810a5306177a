// SPDX-License-Identifier: Apache-2.0
#include "detect/tally_part.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

namespace misroute {

namespace {

constexpr Milliseconds k_moment{1};

/// The part of a bucket's sums that lies before a time between their first and their last row.
std::int64_t rows_before(Sums const &sums, Instant at)
{
    auto const length = static_cast<double>((sums.last - sums.first).count());
    auto const part = static_cast<double>((at - sums.first).count()) / length;
    return std::clamp<std::int64_t>(std::llround(static_cast<double>(sums.requests) * part), 1, sums.requests - 1);
}

Sums scaled(Sums const &sums, std::int64_t requests)
{
    auto const part = static_cast<double>(requests) / static_cast<double>(sums.requests);
    auto const of = [&](std::int64_t sum) { return std::llround(static_cast<double>(sum) * part); };
    return {.requests = requests,
            .tokens = of(sums.tokens),
            .spend_nano = of(sums.spend_nano),
            .unpriced_requests = of(sums.unpriced_requests),
            .unpriced_tokens = of(sums.unpriced_tokens),
            .first = sums.first,
            .last = sums.last};
}

std::optional<Sums> until(Sums const &sums, Instant end)
{
    if (sums.first >= end) {
        return std::nullopt;
    }
    if (sums.last < end || sums.requests < 2) {
        return sums;
    }
    auto part = scaled(sums, rows_before(sums, end));
    part.last = end - k_moment;
    return part;
}

std::optional<Sums> from(Sums const &sums, Instant begin)
{
    if (sums.last < begin) {
        return std::nullopt;
    }
    if (sums.first >= begin || sums.requests < 2) {
        return sums;
    }
    auto part = scaled(sums, sums.requests - rows_before(sums, begin));
    part.first = begin;
    return part;
}

Cell part_of(Cell const &cell, Window const &window)
{
    Cell part;
    for (auto const &[bucket, sums] : cell.series) {
        auto const before_end = until(sums, window.until);
        auto const inside = before_end ? from(*before_end, window.since) : std::nullopt;
        if (inside) {
            part.add(bucket, *inside);
        }
    }
    return part;
}

std::vector<Gap> part_of(std::vector<Gap> const &gaps, Window const &window)
{
    std::vector<Gap> part;
    for (auto const &gap : gaps) {
        Window const inside{std::max(gap.window.since, window.since), std::min(gap.window.until, window.until)};
        if (inside.since < inside.until) {
            part.push_back({inside, gap.reason});
        }
    }
    return part;
}

} // namespace

Tally part_of(Tally const &tally, Window const &window)
{
    Tally part{.window = window,
               .bucket = tally.bucket,
               .cells = {},
               .overflow = tally.overflow,
               .gaps = {},
               .aliases = tally.aliases};
    for (auto const &[key, cell] : tally.cells) {
        auto inside = part_of(cell, window);
        if (inside.total.requests > 0) {
            part.cells.emplace(key, std::move(inside));
        }
    }
    part.gaps = part_of(tally.gaps, window);
    return part;
}

} // namespace misroute
