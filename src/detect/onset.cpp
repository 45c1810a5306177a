// SPDX-License-Identifier: Apache-2.0
#include "detect/onset.hpp"

#include "detect/sequence_tests.hpp"
#include "detect/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace misroute {

namespace {

/// An incident of fewer foreign rows cannot make anything before it look like background.
constexpr std::int64_t k_incident_rows = 5;

using Points = std::span<SeriesPoint const>;

/// Foreign rows that belong together: from the first of bucket `first` to the last of bucket `last`.
struct Episode
{
    std::size_t first = 0;
    std::size_t last = 0;
    std::int64_t foreign = 0;
    std::int64_t requests = 0; ///< home and foreign ones; home rows of the outer buckets are taken as evenly spread
    double dependence = 1;     ///< requests that are worth one independent one

    // One imagined independent home request, so that a single foreign row is not taken for a share of 1.
    double share() const { return static_cast<double>(foreign) / (static_cast<double>(requests) + dependence); }
};

// Home rows of a bucket that certainly came before its first foreign row. The order inside is not known otherwise.
std::int64_t home_before(SeriesPoint const &point)
{
    if (point.home.requests == 0 || point.foreign.requests == 0 || point.home.last < point.foreign.first) {
        return point.home.requests;
    }
    return point.home.first < point.foreign.first ? 1 : 0;
}

std::int64_t home_after(SeriesPoint const &point)
{
    if (point.home.requests == 0 || point.foreign.requests == 0 || point.home.first > point.foreign.last) {
        return point.home.requests;
    }
    return point.home.last > point.foreign.last ? 1 : 0;
}

// Home rows of a bucket between two times, as if they were evenly spread between the first and the last.
double home_between(SeriesPoint const &point, Instant from, Instant to)
{
    if (point.home.requests == 0 || point.home.last < from || point.home.first > to) {
        return 0;
    }
    auto const length = static_cast<double>((point.home.last - point.home.first).count());
    auto const inside = static_cast<double>((std::min(to, point.home.last) - std::max(from, point.home.first)).count());
    return length > 0 ? as_double(point.home.requests) * inside / length : as_double(point.home.requests);
}

// The trials of buckets, without the home rows before the first and after the last foreign one.
std::vector<Trials> trials_of(Points series, std::size_t first, std::size_t last)
{
    auto const from = series[first].foreign.first;
    auto const to = series[last].foreign.last;
    std::vector<Trials> trials;
    for (auto const &point : series.subspan(first, last - first + 1)) {
        auto const foreign = point.foreign.requests;
        trials.push_back({foreign, foreign + std::llround(home_between(point, from, to))});
    }
    return trials;
}

Episode episode_of(Points series, std::size_t first, std::size_t last)
{
    Episode episode{first, last};
    auto const trials = trials_of(series, first, last);
    for (auto const &bucket : trials) {
        episode.foreign += bucket.hits;
        episode.requests += bucket.total;
    }
    episode.dependence = dependence(trials);
    return episode;
}

/// The longest clean stretch between the foreign rows of two buckets.
struct CleanStretch
{
    std::size_t left = 0;
    std::size_t right = 0;
    std::int64_t clean = 0;
};

CleanStretch longest_gap(Points series, Episode const &episode)
{
    CleanStretch longest;
    auto left = episode.first;
    std::int64_t between = 0;
    for (auto i = episode.first + 1; i <= episode.last; ++i) {
        if (series[i].foreign.requests == 0) {
            between += series[i].home.requests;
            continue;
        }
        auto const clean = home_after(series[left]) + between + home_before(series[i]);
        if (clean > longest.clean) {
            longest = {left, i, clean};
        }
        left = i;
        between = 0;
    }
    return longest;
}

double log_choose(double n, double k)
{
    return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
}

// Probability that some gap is that long when the inner foreign rows are strewn evenly over the episode: at most
// (f + 1) C(n − m, f) / C(n, f), exact but for the sum over gaps. The outer two rows are foreign by definition.
bool separates(Points series, CleanStretch const &gap, Episode const &episode)
{
    // Stickiness is measured beside the gap: a true gap would look like stickiness itself.
    auto sides = trials_of(series, episode.first, gap.left);
    auto const right = trials_of(series, gap.right, episode.last);
    sides.insert(sides.end(), right.begin(), right.end());
    auto const scale = dependence(sides);
    auto const foreign = as_double(episode.foreign - 2) / scale;
    auto const clean = as_double(gap.clean) / scale;
    if (foreign <= 0) {
        return false;
    }
    auto const requests =
        std::max(as_double(episode.requests - 2) / scale, foreign + clean); // the former is an estimate
    auto const log_p = std::log(foreign + 1) + log_choose(requests - clean, foreign) - log_choose(requests, foreign);
    return log_p <= std::log(k_split_alpha);
}

void split(Points series, Episode const &episode, std::vector<Episode> &episodes)
{
    auto const gap = longest_gap(series, episode);
    if (gap.clean > 0 && separates(series, gap, episode)) {
        split(series, episode_of(series, episode.first, gap.left), episodes);
        split(series, episode_of(series, gap.right, episode.last), episodes);
    } else {
        episodes.push_back(episode);
    }
}

// A short episode shows little of how requests stick; all of them together show more.
void share_dependence(Points series, std::vector<Episode> &episodes)
{
    std::vector<Trials> all;
    for (auto const &episode : episodes) {
        auto const trials = trials_of(series, episode.first, episode.last);
        all.insert(all.end(), trials.begin(), trials.end());
    }
    auto const together = dependence(all);
    for (auto &episode : episodes) {
        episode.dependence = std::max(episode.dependence, together);
    }
}

// A single foreign request, or a far thinner stream of them, ahead of an incident.
bool is_background(Episode const &episode, Episode const &incident)
{
    return incident.foreign >= k_incident_rows &&
           (episode.foreign == 1 || episode.share() <= k_background_share * incident.share());
}

// Where the share steps up inside the episode from a background of foreign rows, what follows is the incident.
Episode after_step(Points series, Episode const &episode)
{
    std::vector<Trials> trials;
    for (auto const &point : series.subspan(episode.first, episode.last - episode.first + 1)) {
        trials.push_back({point.foreign.requests, point.foreign.requests + point.home.requests});
    }
    auto const change = change_point(trials);
    auto const stickiness = dependence(std::span{trials}.subspan(change.at)); // the step itself would look like it
    if (change.at == 0 || change.statistic / stickiness < change_threshold(episode.requests)) {
        return episode;
    }
    auto start = episode.first + change.at;
    while (series[start].foreign.requests == 0) {
        ++start;
    }
    auto end = start - 1;
    while (series[end].foreign.requests == 0) {
        --end;
    }
    auto const thin = episode_of(series, episode.first, end);
    auto const incident = episode_of(series, start, episode.last);
    return is_background(thin, incident) ? incident : episode;
}

// Home requests in a row that would have had at most 5 % probability inside the episode.
std::int64_t clean_needed(Episode const &episode)
{
    return static_cast<std::int64_t>(std::ceil(episode.dependence * as_double(clean_requests_needed(episode.share()))));
}

Instant earliest_in(Points series, Episode const &episode, Window window)
{
    auto const needed = clean_needed(episode);
    auto const &here = series[episode.first];
    auto seen = home_before(here);
    if (seen >= needed) {
        return here.home.first;
    }
    for (auto i = episode.first; i > 0 && series[i - 1].foreign.requests == 0; --i) {
        seen += series[i - 1].home.requests;
        if (seen >= needed) {
            return series[i - 1].home.first;
        }
    }
    return window.since;
}

Instant earliest_of(Points series, Episode const &episode, std::span<JudgedRow const> before, Window window)
{
    auto const at = series[episode.first].foreign.first;
    auto needed = clean_needed(episode);
    for (auto row = before.rbegin(); row != before.rend(); ++row) {
        if (row->judged.row_class == RowClass::home && row->row.time <= at && --needed == 0) {
            return std::max(row->row.time, window.since);
        }
    }
    return earliest_in(series, episode, window);
}

// Home requests after it, until the next foreign one.
std::int64_t clean_after(Points series, Episode const &episode)
{
    auto clean = home_after(series[episode.last]);
    for (auto const &point : series.subspan(episode.last + 1)) {
        clean += home_before(point);
        if (point.foreign.requests > 0) {
            break;
        }
    }
    return clean;
}

bool has_foreign(SeriesPoint const &point)
{
    return point.foreign.requests > 0;
}

/// The episodes of the incident, without the background before it; empty without a foreign row.
std::vector<Episode> incident_of(Points series)
{
    auto const first = std::ranges::find_if(series, has_foreign);
    if (first == series.end()) {
        return {};
    }
    auto last = series.end() - 1;
    while (!has_foreign(*last)) {
        --last;
    }
    auto const index = [&](auto position) { return static_cast<std::size_t>(position - series.begin()); };
    std::vector<Episode> episodes;
    split(series, episode_of(series, index(first), index(last)), episodes);
    share_dependence(series, episodes);
    auto const incident = *std::ranges::max_element(episodes, {}, &Episode::foreign);
    episodes.erase(episodes.begin(),
                   std::ranges::find_if(episodes, [&](Episode const &e) { return !is_background(e, incident); }));
    episodes.front() = after_step(series, episodes.front());
    return episodes;
}

} // namespace

std::optional<Onset> onset_of(std::span<SeriesPoint const> series, std::span<JudgedRow const> before, Window window)
{
    auto const episodes = incident_of(series);
    if (episodes.empty()) {
        return std::nullopt;
    }
    auto const &begun = episodes.front();

    Onset onset;
    onset.at = series[begun.first].foreign.first;
    // Rows before the window's first foreign one say nothing about an incident that background precedes.
    auto const clean_past = std::ranges::none_of(series.first(begun.first), has_foreign);
    onset.earliest = clean_past ? earliest_of(series, begun, before, window) : earliest_in(series, begun, window);
    onset.episodes = static_cast<int>(episodes.size());
    auto const &newest = episodes.back();
    if (clean_after(series, newest) >= clean_needed(newest)) {
        onset.ended_at = series[newest.last].foreign.last;
        onset.ongoing = false;
    }
    return onset;
}

std::vector<Spell> spells_of(std::span<SeriesPoint const> series)
{
    std::vector<Spell> spells;
    for (auto const &episode : incident_of(series)) {
        spells.push_back({{series[episode.first].foreign.first, series[episode.last].foreign.last},
                          episode.foreign,
                          episode.requests,
                          episode.share(),
                          episode.dependence,
                          clean_after(series, episode)});
    }
    return spells;
}

} // namespace misroute
