// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/text.hpp"
#include "report/html_pictures.hpp"
#include "report/phrases.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

namespace misroute::html {

namespace {

constexpr std::size_t k_most_timelines = 8;
constexpr std::size_t k_bars_in_all = 1300; ///< about 130 bytes each; the first timeline is drawn whatever it takes
constexpr double k_left = 60;
constexpr double k_right = 20;
constexpr double k_plot = 180;

/// The course of an instance: of all its issuers together.
struct Course
{
    std::string name;
    bool is_issuer = false; ///< nothing is configured, or it enters at several instances
    std::map<Instant, CoursePoint> points;
    std::optional<Onset> onset;
    bool misrouted = false;
    std::set<std::string> home; ///< who answered where it was right
};

void add_point(CoursePoint &sum, CoursePoint const &point)
{
    sum.stretch = point.stretch;
    sum.home += point.home;
    sum.foreign += point.foreign;
    sum.unpriced_tokens += point.unpriced_tokens;
    for (auto const &[owner, requests] : point.by_owner) {
        sum.by_owner[owner] += requests;
    }
}

/// From the first onset to the last end; ongoing when any of them is.
void add_onset(std::optional<Onset> &sum, std::optional<Onset> const &onset)
{
    if (!sum || !onset) {
        sum = sum ? sum : onset;
        return;
    }
    sum->ongoing = sum->ongoing || onset->ongoing;
    sum->earliest = std::min(sum->earliest, onset->earliest);
    sum->at = std::min(sum->at, onset->at);
    sum->episodes = std::max(sum->episodes, onset->episodes);
    sum->ended_at = sum->ongoing || !sum->ended_at || !onset->ended_at
                        ? std::nullopt
                        : std::optional{std::max(*sum->ended_at, *onset->ended_at)};
}

std::vector<Course> courses_of(Report const &report)
{
    std::vector<Course> courses;
    for (auto const &issuer : report.issuers) {
        if (issuer.series.empty()) {
            continue;
        }
        bool const own = issuer.instance.empty();
        auto const name = own ? phrase::issuer(issuer.issuer) : issuer.instance.text();
        auto found = std::ranges::find_if(
            courses, [&](Course const &known) { return known.name == name && known.is_issuer == own; });
        if (found == courses.end()) {
            found = courses.insert(courses.end(), Course{.name = name, .is_issuer = own});
        }
        for (auto const &point : issuer.series) {
            add_point(found->points[point.stretch.since], point);
        }
        add_onset(found->onset, issuer.onset);
        for (auto const &use : issuer.backends) {
            if (use.row_class == RowClass::home) {
                found->home.insert(use.owner.text());
            }
        }
        found->misrouted = found->misrouted || issuer.verdict == Verdict::misrouted;
    }
    return courses;
}

/// Who answered, those who were right first, then by requests.
std::vector<std::string> owners_of(Course const &course)
{
    std::map<std::string, std::int64_t> requests;
    for (auto const &[since, point] : course.points) {
        for (auto const &[owner, count] : point.by_owner) {
            requests[owner] += count;
        }
    }
    std::vector<std::string> names;
    names.reserve(requests.size());
    for (auto const &[owner, count] : requests) {
        names.push_back(owner);
    }
    std::ranges::stable_sort(names, [&](std::string const &left, std::string const &right) {
        bool const left_home = course.home.contains(left);
        bool const right_home = course.home.contains(right);
        return left_home != right_home ? left_home : requests[left] > requests[right];
    });
    return names;
}

std::int64_t total_of(CoursePoint const &point)
{
    std::int64_t sum = 0;
    for (auto const &[owner, requests] : point.by_owner) {
        sum += requests;
    }
    return sum;
}

std::size_t bars_of(Course const &course)
{
    std::size_t bars = 0;
    for (auto const &[since, point] : course.points) {
        bars += point.by_owner.size();
    }
    return bars;
}

class Timeline
{
public:
    Timeline(HtmlPage &page, Element parent, Report const &report, Course const &course, Colors const &colors)
        : m_report{report},
          m_course{course},
          m_owners{owners_of(course)}
    {
        auto const letters = letters_of({m_owners.begin(), m_owners.end()}, report);
        for (auto const &owner : m_owners) {
            bool const wrong = course.misrouted && !course.home.contains(owner);
            m_legend.push_back({owner, std::string{letters.at(owner)}, colors.of(owner), wrong});
        }
        for (auto const &[since, point] : course.points) {
            m_highest = std::max(m_highest, total_of(point));
        }
        auto const top = legend_height(m_legend) + 24;
        m_bottom = top + k_plot;
        m_scale = {*report.window, k_left, 960 - k_left - k_right};
        draw(page.picture(parent, {caption(), description(), 960, m_bottom + 30}));
    }

private:
    std::string caption() const
    {
        return fmt::format("{}{}: requests over time by who answered", m_course.is_issuer ? "" : "entered at ",
                           m_course.name);
    }

    std::string description() const
    {
        std::int64_t home = 0;
        std::int64_t foreign = 0;
        for (auto const &[since, point] : m_course.points) {
            home += point.home;
            foreign += point.foreign;
        }
        auto const split = m_course.misrouted ? fmt::format("{} answered at home, {} elsewhere", text::grouped(home),
                                                            text::grouped(foreign))
                                              : std::string{"several backends answered"};
        return split + (m_course.onset ? "; " + phrase::onset(*m_course.onset, *m_report.window) : std::string{});
    }

    double y(double requests) const { return m_bottom - k_plot * requests / static_cast<double>(m_highest); }

    void draw(Picture const &picture)
    {
        auto const svg = picture.svg;
        add_legend(svg, m_legend, k_left, 2);
        add_level(svg, m_scale, y(static_cast<double>(m_highest)), text::grouped(m_highest));
        draw_gaps(svg);
        draw_interval(svg);
        for (auto const &[since, point] : m_course.points) {
            draw_bar(svg, point);
        }
        draw_marks(svg);
        add_time_axis(svg, m_scale, m_bottom);
        write_numbers(picture);
    }

    void draw_gaps(Element svg) const
    {
        for (auto const &gap : m_report.gaps) {
            auto const x = m_scale.x(gap.window.since);
            svg.add("rect", "gap")
                .set("x", x)
                .set("y", m_bottom - k_plot)
                .set("width", std::max(2.0, m_scale.x(gap.window.until) - x))
                .set("height", k_plot)
                .add_text("title", "could not be read: " + gap.reason);
        }
    }

    void draw_interval(Element svg) const
    {
        if (m_course.onset && m_course.onset->earliest < m_course.onset->at) {
            auto const x = m_scale.x(m_course.onset->earliest);
            svg.add("rect", "interval")
                .set("x", x)
                .set("y", m_bottom - k_plot)
                .set("width", std::max(1.0, m_scale.x(m_course.onset->at) - x))
                .set("height", k_plot)
                .add_text("title", "it began in here");
        }
    }

    void draw_bar(Element svg, CoursePoint const &point) const
    {
        auto const x = m_scale.x(point.stretch.since);
        auto const width = std::max(1.0, m_scale.x(point.stretch.until) - x);
        double below = 0;
        for (auto const &entry : m_legend) {
            auto const found = point.by_owner.find(entry.name);
            if (found == point.by_owner.end() || found->second == 0) {
                continue;
            }
            auto const requests = static_cast<double>(found->second);
            svg.add("rect", fmt::format("bar {}{}", entry.wrong ? "w" : "k", entry.color))
                .set("x", x)
                .set("y", y(below + requests))
                .set("width", width)
                .set("height", std::max(0.5, y(below) - y(below + requests)))
                .add_text("title", fmt::format("{} {}: {}", phrase::time_within(point.stretch.since, *m_report.window),
                                               entry.name, found->second));
            below += requests;
        }
    }

    void draw_line(Element svg, char const *kind, Instant at, std::string const &label) const
    {
        auto const x = m_scale.x(at);
        svg.add("path", kind).set("d", fmt::format("M{:.1f} {:.1f}V{:.1f}", x, m_bottom - k_plot - 6, m_bottom));
        svg.add("text", x > 700 ? "strong end" : "strong")
            .set("x", x > 700 ? x - 4 : x + 4)
            .set("y", m_bottom - k_plot - 10)
            .say(label);
    }

    void draw_marks(Element svg) const
    {
        if (!m_course.onset) {
            return;
        }
        auto const &onset = *m_course.onset;
        auto const at = [&](Instant time) { return phrase::time_within(time, *m_report.window); };
        auto const episodes = onset.episodes > 1 ? fmt::format(", {} episodes", onset.episodes) : std::string{};
        draw_line(svg, "onset", onset.at, "since " + at(onset.at) + episodes);
        if (onset.ended_at) {
            auto const x = m_scale.x(*onset.ended_at);
            svg.add("path", "ended").set("d", fmt::format("M{:.1f} {:.1f}V{:.1f}", x, m_bottom - k_plot, m_bottom));
            svg.add("text", x > 700 ? "soft end" : "soft")
                .set("x", x > 700 ? x - 4 : x + 4)
                .set("y", m_bottom - k_plot + 14)
                .say("ended " + at(*onset.ended_at));
        }
    }

    void write_numbers(Picture const &picture)
    {
        std::vector<std::string> columns{"from (UTC)"};
        for (auto const &owner : m_owners) {
            columns.push_back(owner + "#");
        }
        columns.emplace_back("home#");
        columns.emplace_back("elsewhere#");
        auto const body = HtmlPage::numbers(picture, columns);
        for (auto const &[since, point] : m_course.points) {
            std::vector<std::string> cells{phrase::time(since)};
            for (auto const &owner : m_owners) {
                auto const found = point.by_owner.find(owner);
                cells.push_back(text::grouped(found == point.by_owner.end() ? 0 : found->second));
            }
            cells.push_back(text::grouped(point.home));
            cells.push_back(text::grouped(point.foreign));
            row(body, columns, cells);
        }
    }

    Report const &m_report;
    Course const &m_course;
    std::vector<std::string> m_owners;
    std::vector<LegendEntry> m_legend;
    std::int64_t m_highest = 1;
    double m_bottom = 0;
    TimeScale m_scale;
};

} // namespace

void draw_timelines(HtmlPage &page, Report const &report, Colors const &colors)
{
    auto const courses = courses_of(report);
    if (courses.empty() || !report.window) {
        return;
    }
    auto const section = page.section("When", "when");
    section.add_text("p",
                     "Striped: answered by another instance. Shaded: the interval in which it began, at 95 %. Hatched: "
                     "what could not be read.",
                     "soft");
    std::size_t drawn = 0;
    std::size_t bars = 0;
    for (; drawn < std::min(courses.size(), k_most_timelines); ++drawn) {
        bars += bars_of(courses[drawn]);
        if (drawn > 0 && bars > k_bars_in_all) {
            break;
        }
        Timeline{page, section, report, courses[drawn], colors};
    }
    if (drawn < courses.size()) {
        section.add_text("p", fmt::format("{} more are in the JSON report.", courses.size() - drawn), "soft");
    }
}

} // namespace misroute::html
