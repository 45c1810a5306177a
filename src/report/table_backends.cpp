// SPDX-License-Identifier: Apache-2.0
#include "report/table_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace misroute::table {

namespace {

using text::grouped;
using text::padded;

constexpr std::size_t k_bar = 20; // columns of a full bar
constexpr std::size_t k_rows = 8; // backends drawn before the rest is counted
constexpr std::size_t k_matrix_columns = 12;

// A bar of `columns` columns at most, in eighths of a column.
std::string bar(TextCanvas const &canvas, std::int64_t part, std::int64_t whole, std::size_t columns)
{
    constexpr std::array<std::string_view, 8> k_eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    if (part <= 0 || whole <= 0) {
        return {};
    }
    auto const length = static_cast<double>(part) / static_cast<double>(whole) * static_cast<double>(columns) * 8;
    auto const eighths = std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(length)));
    std::string result;
    for (std::size_t full = 0; full < eighths / 8; ++full) {
        result += canvas.either("█", "#");
    }
    return result + std::string{canvas.either(k_eighths.at(eighths % 8), result.empty() ? "#" : "")};
}

struct Row
{
    RowClass row_class;
    std::string owner;
    std::string provider;
    std::string upstream;
    std::int64_t requests;
};

std::vector<Row> rows_of(TextCanvas const &canvas, IssuerReport const &issuer)
{
    std::vector<Row> rows;
    for (auto const &use : issuer.backends) {
        if (use.row_class == RowClass::excluded) {
            continue;
        }
        auto const unknown = use.row_class == RowClass::unknown;
        auto const owner = !use.owner.empty()                      ? use.owner.text()
                           : unknown                               ? "(unknown)"
                           : use.row_class == RowClass::unassigned ? ""
                                                                   : "(nobody)";
        rows.push_back(
            {.row_class = use.row_class,
             .owner = canvas.name(owner, 20),
             .provider = canvas.name(use.backend.provider, 16),
             .upstream = canvas.name(use.backend.upstream.empty() ? use.backend.stamp : use.backend.upstream, 40),
             .requests = use.sums.requests});
    }
    // What is right first, then what is not, then what nobody knows; the order of requests within.
    std::ranges::stable_sort(rows, {}, [](Row const &row) { return static_cast<int>(row.row_class); });
    return rows;
}

template <typename Member>
std::size_t widest(std::vector<Row> const &rows, Member member)
{
    std::size_t columns = 0;
    for (auto const &row : rows) {
        columns = std::max(columns, text::width(row.*member));
    }
    return columns == 0 ? 0 : columns + 2;
}

Style style_of(RowClass row_class)
{
    return row_class == RowClass::foreign ? Style::bad : row_class == RowClass::home ? Style::good : Style::plain;
}

} // namespace

void backends(TextCanvas &canvas, IssuerReport const &issuer)
{
    auto rows = rows_of(canvas, issuer);
    std::int64_t whole = 0;
    for (auto const &row : rows) {
        whole += row.requests;
    }
    std::int64_t rest = 0;
    auto const hidden = canvas.verbose() || rows.size() <= k_rows ? 0 : rows.size() - k_rows;
    for (; rows.size() > k_rows && hidden > 0; rows.pop_back()) {
        rest += rows.back().requests;
    }
    bool const configured = !issuer.instance.empty();
    auto const entered =
        configured ? std::max<std::size_t>(12, text::width(canvas.name(issuer.instance.text(), 16)) + 2) : 0;
    auto const owner = widest(rows, &Row::owner);
    auto const provider = widest(rows, &Row::provider);
    std::size_t requests = 0;
    for (auto const &row : rows) {
        requests = std::max(requests, grouped(row.requests).size());
    }
    auto const fixed = 4 + entered + 2 + owner + provider + requests;
    auto const upstream = std::min(widest(rows, &Row::upstream), canvas.width() - std::min(canvas.width() - 8, fixed));
    auto const room = canvas.width() - std::min(canvas.width(), fixed + upstream + 2);

    canvas.line(4, {{padded(configured ? "entered at" : "", entered) + "  answered by", Style::dim}});
    for (std::size_t index = 0; index < rows.size(); ++index) {
        auto const &row = rows[index];
        auto const style = style_of(row.row_class);
        canvas.line(4, {{padded(index == 0 ? canvas.name(issuer.instance.text(), 16) : "", entered)},
                        {std::string{row.row_class == RowClass::foreign ? canvas.either("✗ ", "x ") : "  "}, style},
                        {padded(row.owner, owner), style},
                        {padded(row.provider, provider)},
                        {padded(canvas.name(row.upstream, upstream < 2 ? 0 : upstream - 2), upstream)},
                        {fmt::format("{:>{}}", grouped(row.requests), requests)},
                        {room < 5 ? "" : "  " + bar(canvas, row.requests, whole, std::min(room, k_bar)), style}});
    }
    if (hidden > 0) {
        canvas.line(4 + entered + 2,
                    {{fmt::format("and {} more, {}", hidden, text::counted(rest, "request")), Style::dim}});
    }
}

void matrix(TextCanvas &canvas, Report const &report)
{
    std::vector<InstanceReport const *> rows;
    std::set<std::string> owners;
    std::size_t label = 10; // "entered at"
    for (auto const &instance : report.instances) {
        if (!instance.answered_by.empty()) {
            rows.push_back(&instance);
            label = std::max(label, text::width(canvas.name(instance.name, 20)));
        }
        for (auto const &[owner, requests] : instance.answered_by) {
            owners.insert(owner);
        }
    }
    if (rows.size() < 2 || owners.size() < 2 || !report.totals || report.totals->foreign == 0) {
        return;
    }
    auto const fitting = (canvas.width() - std::min(canvas.width(), label + 4)) / k_matrix_columns;
    std::vector<std::string> const shown{
        owners.begin(), std::next(owners.begin(), static_cast<std::ptrdiff_t>(std::min(fitting, owners.size())))};
    auto const cell = [&](std::string const &value) {
        auto const cut = canvas.name(value, k_matrix_columns - 2);
        return std::string(k_matrix_columns - text::width(cut), ' ') + cut;
    };
    std::vector<Span> heading{{padded("entered at", label), Style::dim}};
    for (auto const &owner : shown) {
        heading.push_back({cell(owner), Style::dim});
    }
    canvas.line(0, {{std::string(label + 4, ' ') + "answered by", Style::dim}});
    canvas.line(0, heading);
    for (auto const *instance : rows) {
        std::vector<Span> spans{{padded(canvas.name(instance->name, 20), label)}};
        for (auto const &owner : shown) {
            auto const found = instance->answered_by.find(owner);
            bool const none = found == instance->answered_by.end() || found->second == 0;
            auto const style = none ? Style::dim : owner == instance->name ? Style::good : Style::bad;
            spans.push_back({cell(none ? "-" : grouped(found->second)), style});
        }
        canvas.line(0, spans);
    }
    if (shown.size() < owners.size()) {
        canvas.line(0, {{fmt::format("and {} more that answered", owners.size() - shown.size()), Style::dim}});
    }
    canvas.blank();
}

} // namespace misroute::table
