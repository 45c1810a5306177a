// SPDX-License-Identifier: Apache-2.0
#include "report/html_pictures.hpp"
#include "report/phrases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

namespace misroute::html {

namespace {

constexpr std::size_t k_most_sequences = 8;
constexpr std::size_t k_marks_in_all = 900; ///< a mark and its line of the table take 300 bytes
constexpr std::size_t k_fewest_marks = 60;
constexpr std::size_t k_marks_in_a_row = 36;
constexpr double k_step = 24;
constexpr double k_row_height = 34;
constexpr double k_marks_left = 80;
constexpr double k_size = 18;

std::set<std::string> names_in(std::span<AnsweredRequest const> requests)
{
    std::set<std::string> names;
    for (auto const &request : requests) {
        names.insert(request.answered_by);
    }
    return names;
}

/// Everybody who answered; striped where some answer was wrong.
std::vector<LegendEntry> legend_of(std::span<AnsweredRequest const> requests,
                                   std::map<std::string, char> const &letters, Colors const &colors)
{
    std::set<std::string> wrong;
    for (auto const &request : requests) {
        if (request.row_class == RowClass::foreign) {
            wrong.insert(request.answered_by);
        }
    }
    std::vector<LegendEntry> legend;
    for (auto const &name : names_in(requests)) {
        auto const letter = letters.find(name);
        legend.push_back(
            {name, {letter == letters.end() ? '?' : letter->second}, colors.of(name), wrong.contains(name)});
    }
    return legend;
}

/// Round at home, square elsewhere.
void draw_mark(Element svg, AnsweredRequest const &request, LegendEntry const &entry, double x, double y)
{
    bool const wrong = request.row_class == RowClass::foreign;
    auto const mark = svg.add("g", fmt::format("mark k{}{}", entry.color, wrong ? " wrong" : ""));
    mark.add_text("title", fmt::format("{} {}, {}", to_rfc3339(request.time).substr(11, 8), entry.name, request.model));
    if (wrong) {
        mark.add("rect").set("x", x).set("y", y).set("width", k_size).set("height", k_size);
    } else {
        mark.add("circle").set("cx", x + k_size / 2).set("cy", y + k_size / 2).set("r", k_size / 2);
    }
    mark.add("text").set("x", x + k_size / 2).set("y", y + k_size / 2 + 5).say(entry.letter);
}

void draw_marks(Element svg, std::span<AnsweredRequest const> requests, std::vector<LegendEntry> const &legend,
                double top)
{
    for (std::size_t index = 0; index < requests.size(); ++index) {
        auto const column = static_cast<double>(index % k_marks_in_a_row);
        auto const line = index / k_marks_in_a_row;
        auto const y = top + k_row_height * static_cast<double>(line);
        if (index % k_marks_in_a_row == 0) {
            svg.add("text", "soft").set("x", 0).set("y", y + 14).say(to_rfc3339(requests[index].time).substr(11, 8));
        }
        auto const entry = std::ranges::find(legend, requests[index].answered_by, &LegendEntry::name);
        draw_mark(svg, requests[index], *entry, k_marks_left + k_step * column, y);
    }
}

std::string summary_of(IssuerReport const &issuer, std::size_t shown)
{
    auto const order = issuer.dispatch ? phrase::dispatch(*issuer.dispatch) : std::string{};
    return fmt::format("{} requests, oldest first{}{}", shown, order.empty() ? "" : ": ", order);
}

} // namespace

void draw_sequence(HtmlPage &page, Element parent, std::vector<AnsweredRequest> const &requests,
                   SequenceText const &text, Colors const &colors)
{
    auto const legend = legend_of(requests, text.letters, colors);
    auto const top = legend_height(legend) + 10;
    auto const lines = (requests.size() + k_marks_in_a_row - 1) / k_marks_in_a_row;
    auto const picture =
        page.picture(parent, {text.caption, text.description, 960, top + static_cast<double>(lines) * k_row_height});
    add_legend(picture.svg, legend, 0, 2);
    draw_marks(picture.svg, requests, legend, top);
    std::vector<std::string> const columns{"time (UTC)", "answered by", "class", "model"};
    auto const body = HtmlPage::numbers(picture, columns);
    for (auto const &request : requests) {
        row(body, columns,
            {to_rfc3339(request.time).substr(0, 19), request.answered_by, std::string{to_string(request.row_class)},
             request.model});
    }
}

void draw_sequences(HtmlPage &page, Report const &report, Colors const &colors)
{
    std::vector<IssuerReport const *> shown;
    for (auto const &issuer : report.issuers) {
        if (!issuer.sequence.empty() && shown.size() < k_most_sequences) {
            shown.push_back(&issuer);
        }
    }
    if (shown.empty()) {
        return;
    }
    auto const section = page.section("In which order", "order");
    section.add_text("p",
                     "One mark for each of the newest requests: round at home, square elsewhere. The letter says "
                     "who answered.",
                     "soft");
    auto const each = std::max(k_fewest_marks, k_marks_in_all / shown.size());
    for (auto const *issuer : shown) {
        auto requests = issuer->sequence;
        requests.erase(requests.begin(), requests.end() - static_cast<std::ptrdiff_t>(std::min(each, requests.size())));
        auto const name = phrase::issuer(issuer->issuer);
        draw_sequence(page, section, requests,
                      {name + ": the newest requests in order", summary_of(*issuer, requests.size()),
                       letters_of(names_in(issuer->sequence), report)},
                      colors);
    }
}

} // namespace misroute::html
