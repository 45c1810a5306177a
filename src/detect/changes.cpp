// SPDX-License-Identifier: Apache-2.0
#include "detect/changes.hpp"

#include "detect/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

namespace misroute {

namespace {

/// Foreign and judged requests of a stretch of time.
struct Level
{
    std::int64_t foreign = 0;
    std::int64_t requests = 0;

    void add(Level const &other)
    {
        foreign += other.foreign;
        requests += other.requests;
    }
    Share share(double dependence) const
    {
        auto const effective = [&](std::int64_t count) { return std::llround(as_double(count) / dependence); };
        return wilson(effective(foreign), effective(requests), k_grown_z);
    }
};

/// Stretches as long as the lapse, the newest of them the lapse itself, oldest first. The bucket in which the incident
/// began is left out: what came before it in there would look like a small share. None where no time has gone by, as
/// for a run right after another.
std::vector<Level> levels_of(IncidentView const &view, Spell const &spell, Lapse const &lapse)
{
    std::map<std::int64_t, Level, std::greater<>> pieces; // by how many lapses they lie back
    auto const length = lapse.now - lapse.then;
    if (length <= Milliseconds{}) {
        return {};
    }
    for (auto const &point : view.series) {
        if (point.since <= spell.rows.since) {
            continue;
        }
        auto const back = point.since >= lapse.then ? 0 : 1 + (lapse.then - Milliseconds{1} - point.since) / length;
        pieces[back].add({point.foreign.requests, point.foreign.requests + point.home.requests});
    }
    std::vector<Level> levels;
    levels.reserve(pieces.size());
    for (auto const &[back, level] : pieces) {
        levels.push_back(level);
    }
    return pieces.contains(0) ? levels : std::vector<Level>{};
}

/// The newest stretch stands above the level before it; earlier steps up have made that level higher.
bool share_grew(IncidentView const &view, Spell const &spell, Lapse const &lapse)
{
    auto const levels = levels_of(view, spell, lapse);
    bool grew = false;
    Level level;
    for (auto const &piece : levels) {
        grew =
            level.requests > 0 && piece.share(spell.dependence).low > k_grown_by * level.share(spell.dependence).high;
        if (grew) {
            level = {};
        }
        level.add(piece);
    }
    return grew;
}

std::int64_t sum_of(std::map<InstanceNames, std::int64_t> const &counts)
{
    return std::accumulate(counts.begin(), counts.end(), std::int64_t{0},
                           [](std::int64_t sum, auto const &entry) { return sum + entry.second; });
}

/// Somebody answers who did not at the earlier look, although there were enough requests to have seen them.
bool somebody_joined(IncidentView const &then, IncidentView const &now)
{
    auto const before = as_double(sum_of(then.answered_by));
    auto const since = as_double(sum_of(now.answered_by)) - before;
    return std::ranges::any_of(now.answered_by, [&](auto const &entry) {
        if (then.answered_by.contains(entry.first)) {
            return false;
        }
        auto const share = as_double(entry.second) / (std::max(since, as_double(entry.second)) + 1);
        return std::pow(1 - share, before) <= k_joined_alpha;
    });
}

} // namespace

bool is_over(Spell const &spell)
{
    auto const needed = as_double(clean_requests_needed(spell.share, k_over_alpha)) * spell.dependence;
    return as_double(spell.clean_after) >= std::ceil(needed);
}

bool is_due(Lapse const &lapse, Instant since)
{
    auto const at = bucket_of(lapse.now, lapse.remind);
    auto const young = at - lapse.remind / 2; // what began later was told of not long ago
    bool const seen_that_far = lapse.now - lapse.window <= young;
    return at > lapse.then && (since <= young || !seen_that_far);
}

std::optional<FindingState> incident_state(IncidentView const &then, IncidentView const &now, Lapse const &lapse)
{
    auto const before = spells_of(then.series);
    auto const after = spells_of(now.series);
    if (after.empty()) {
        return std::nullopt;
    }
    bool const was_on = !before.empty() && !is_over(before.back());
    bool const is_on = !is_over(after.back());
    if (!was_on) {
        bool const told = !before.empty() && !is_on && after.back().rows.until < lapse.then;
        return told ? std::nullopt : std::optional{FindingState::fresh};
    }
    if (!is_on) {
        return FindingState::ended;
    }
    // As the incident was known then: the step itself would look like sticky traffic, or like a new beginning.
    if (share_grew(now, before.back(), lapse) || somebody_joined(then, now)) {
        return FindingState::worse;
    }
    return is_due(lapse, after.front().rows.since) ? FindingState::reminded : FindingState::ongoing;
}

} // namespace misroute
