// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/text.hpp"
#include "report/html_pictures.hpp"
#include "report/phrases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace misroute::html {

namespace {

constexpr std::size_t k_most_rows = 24;
constexpr double k_cell_height = 40;
constexpr double k_label_width = 190;
constexpr double k_head_height = 46;
constexpr double k_widest_cell = 130;

/// The instances worth a row: those with foreign answers first.
std::vector<InstanceReport const *> rows_of(Report const &report)
{
    std::vector<InstanceReport const *> rows;
    for (auto const &instance : report.instances) {
        rows.push_back(&instance);
    }
    std::ranges::stable_sort(rows, [](InstanceReport const *left, InstanceReport const *right) {
        return std::pair{left->counts.foreign, left->counts.home} >
               std::pair{right->counts.foreign, right->counts.home};
    });
    rows.resize(std::min(rows.size(), k_most_rows));
    return rows;
}

/// The same instances in the same order, so that the diagonal is home; then whoever else answered.
std::vector<std::string> columns_of(std::vector<InstanceReport const *> const &rows)
{
    std::vector<std::string> columns;
    columns.reserve(rows.size());
    for (auto const *instance : rows) {
        columns.push_back(instance->name);
    }
    std::map<std::string, std::int64_t> others;
    for (auto const *instance : rows) {
        for (auto const &[owner, requests] : instance->answered_by) {
            if (std::ranges::find(columns, owner) == columns.end()) {
                others[owner] += requests;
            }
        }
    }
    for (auto const &[owner, requests] : others) {
        if (columns.size() < k_most_rows + 4) {
            columns.push_back(owner);
        }
    }
    return columns;
}

std::int64_t answered(InstanceReport const &instance, std::string const &owner)
{
    auto const found = instance.answered_by.find(owner);
    return found == instance.answered_by.end() ? 0 : found->second;
}

class Matrix
{
public:
    explicit Matrix(Report const &report) : m_rows{rows_of(report)}, m_columns{columns_of(m_rows)}
    {
        m_cell = std::min(k_widest_cell,
                          (960 - k_label_width) / static_cast<double>(std::max<std::size_t>(1, m_columns.size())));
        m_letters = static_cast<std::size_t>(std::max(2.0, m_cell / 9));
    }

    double height() const { return k_head_height + k_cell_height * static_cast<double>(m_rows.size()) + 6; }
    std::size_t shown() const { return m_rows.size(); }

    void draw(Picture const &picture) const
    {
        auto const svg = picture.svg;
        for (std::size_t column = 0; column < m_columns.size(); ++column) {
            svg.add("text", "middle strong")
                .set("x", k_label_width + m_cell * (static_cast<double>(column) + .5))
                .set("y", k_head_height - 10)
                .say(m_columns[column], m_letters);
        }
        for (std::size_t index = 0; index < m_rows.size(); ++index) {
            draw_row(svg, *m_rows[index], k_head_height + k_cell_height * static_cast<double>(index));
        }
        write(picture);
    }

private:
    void draw_row(Element svg, InstanceReport const &instance, double y) const
    {
        svg.add("text", "strong").set("x", 0).set("y", y + 25).say(instance.name, 24);
        for (std::size_t column = 0; column < m_columns.size(); ++column) {
            draw_cell(svg, instance, m_columns[column], k_label_width + m_cell * static_cast<double>(column), y);
        }
    }

    void draw_cell(Element svg, InstanceReport const &instance, std::string const &owner, double x, double y) const
    {
        auto const requests = answered(instance, owner);
        auto const all = std::max<std::int64_t>(1, instance.counts.home + instance.counts.foreign);
        bool const home = instance.name == owner;
        auto const write = [&](Element parent, char const *style, std::string const &text) {
            parent.add("text", style).set("x", x + m_cell / 2 - 1).set("y", y + 24).say(text);
        };
        if (requests == 0) {
            write(svg, "middle soft", "–");
            return;
        }
        auto const share = static_cast<double>(requests) / static_cast<double>(all);
        auto const cell = svg.add("g");
        cell.add_text("title", fmt::format("entered at {}, answered by {}: {}", instance.name, owner, requests));
        cell.add("rect", home ? "home" : "heat")
            .set("x", x)
            .set("y", y)
            .set("width", m_cell - 3)
            .set("height", k_cell_height - 3)
            .set("fill-opacity", fmt::format("{:.2f}", .12 + .33 * share));
        write(cell, "middle strong", (home ? "" : "✗ ") + text::grouped(requests));
    }

    void write(Picture const &picture) const
    {
        std::vector<std::string> columns{"entered at"};
        for (auto const &column : m_columns) {
            columns.push_back(column + "#");
        }
        auto const body = HtmlPage::numbers(picture, columns);
        for (auto const *instance : m_rows) {
            std::vector<std::string> cells{instance->name};
            for (auto const &owner : m_columns) {
                cells.push_back(text::grouped(answered(*instance, owner)));
            }
            row(body, columns, cells);
        }
    }

    std::vector<InstanceReport const *> m_rows;
    std::vector<std::string> m_columns;
    double m_cell = 0;
    std::size_t m_letters = 0; ///< that fit above a column
};

std::string description_of(Report const &report)
{
    std::string sentence;
    for (auto const &instance : report.instances) {
        if (instance.counts.foreign > 0) {
            sentence +=
                fmt::format("{}of {} that entered at {}, {} were answered elsewhere", sentence.empty() ? "" : "; ",
                            text::counted(instance.counts.home + instance.counts.foreign, "request"), instance.name,
                            text::grouped(instance.counts.foreign));
        }
    }
    return sentence.empty() ? "every request was answered where it entered" : sentence;
}

} // namespace

void draw_matrix(HtmlPage &page, Report const &report)
{
    bool const any = std::ranges::any_of(report.instances, [](auto const &one) { return !one.answered_by.empty(); });
    if (!any) {
        return;
    }
    Matrix const matrix{report};
    auto const section = page.section("Who answered whom", "matrix");
    auto const picture = page.picture(section, {"Entered at (rows) and answered by (columns): requests",
                                                description_of(report), 960, matrix.height()});
    matrix.draw(picture);
    if (matrix.shown() < report.instances.size()) {
        section.add_text(
            "p", fmt::format("{} more instances are in the JSON report.", report.instances.size() - matrix.shown()),
            "soft");
    }
}

} // namespace misroute::html
