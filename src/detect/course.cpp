// SPDX-License-Identifier: Apache-2.0
#include "detect/course.hpp"

#include "detect/answered_by.hpp"
#include "detect/dispatch.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace misroute {

namespace {

/// The names with most requests; equals in their order.
std::set<std::string> most_frequent(std::vector<IssuerCell> const &cells)
{
    std::map<std::string, std::int64_t> requests;
    for (auto const &cell : cells) {
        requests[answered_by(cell.key, cell.judged)] += cell.sums.requests;
    }
    requests.erase(std::string{});
    std::vector<std::pair<std::string, std::int64_t>> sorted{requests.begin(), requests.end()};
    std::ranges::stable_sort(sorted, std::ranges::greater{}, &std::pair<std::string, std::int64_t>::second);
    std::set<std::string> names;
    for (auto const &[name, count] : std::span{sorted}.first(std::min(sorted.size(), k_most_owners))) {
        names.insert(name);
    }
    return names;
}

Milliseconds width_for(Tally const &tally)
{
    constexpr int k_most_points = 96;
    auto width = std::max(tally.bucket, bucket_width(tally.window));
    while (tally.window.length() > width * k_most_points) {
        width *= 2;
    }
    return width;
}

void add(CoursePoint &point, Sums const &sums, RowClass row_class)
{
    point.home += row_class == RowClass::home ? sums.requests : 0;
    if (row_class == RowClass::foreign) {
        point.foreign += sums.requests;
        point.unpriced_tokens += sums.unpriced_tokens;
    }
}

} // namespace

std::vector<CoursePoint> course_of(Tally const &tally, IssuerView const &view)
{
    auto const width = width_for(tally);
    auto const named = most_frequent(view.cells);
    std::map<Instant, CoursePoint> points;
    for (auto const &cell : view.cells) {
        auto const name = answered_by(cell.key, cell.judged);
        if (name.empty()) {
            continue;
        }
        for (auto const &[bucket, sums] : tally.cells.at(cell.key).series) {
            auto const since = bucket_of(bucket, width);
            auto &point = points[since];
            point.stretch = {since, since + width};
            point.by_owner[named.contains(name) ? name : std::string{k_overflow}] += sums.requests;
            add(point, sums, cell.judged.row_class);
        }
    }
    std::vector<CoursePoint> course;
    course.reserve(points.size());
    for (auto &[since, point] : points) {
        course.push_back(std::move(point));
    }
    return course;
}

std::vector<AnsweredRequest> newest_answers(std::span<JudgedRow const> rows)
{
    auto const incident = incident_rows(rows);
    std::vector<AnsweredRequest> answers;
    for (auto const *row : std::span{incident}.last(std::min(incident.size(), k_most_answered))) {
        answers.push_back(
            {row->row.time, answered_by(row->row.key, row->judged), row->judged.row_class, row->row.key.model});
    }
    return answers;
}

} // namespace misroute
