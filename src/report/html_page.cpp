// SPDX-License-Identifier: Apache-2.0
#include "report/html_page.hpp"

#include "report/html_assets.hpp"

#include <fmt/format.h>

#include <array>

namespace misroute::html {

namespace {

void add_head(Element html, std::string_view title)
{
    auto const head = html.add("head");
    head.add("meta").set("charset", "utf-8");
    head.add("meta")
        .set("http-equiv", "Content-Security-Policy")
        .set("content", content_policy(assets::style, assets::script));
    head.add("meta").set("name", "viewport").set("content", "width=device-width, initial-scale=1");
    head.add("meta").set("name", "referrer").set("content", "no-referrer");
    head.add_text("title", title);
    head.add("style").verbatim(assets::style);
}

/// What stripes another instance's bars, so that they are told apart without colour: one pattern for each colour.
void add_patterns(Element body)
{
    constexpr std::array k_strokes{"M0 8L8 0",         "M0 0L8 8",     "M0 4H8",         "M4 0V8",
                                   "M0 0L8 8M0 8L8 0", "M0 4H8M4 0V8", "M0 8L8 0M4 0V8", "M0 2H8M0 6H8"};
    auto const svg = body.add("svg", "defs").set("aria-hidden", "true").set("focusable", "false");
    auto const defs = svg.add("defs");
    auto const pattern = [&](std::string const &id) {
        return defs.add("pattern").set("id", id).set("width", 8).set("height", 8).set("patternUnits", "userSpaceOnUse");
    };
    for (std::size_t index = 0; index < k_strokes.size(); ++index) {
        auto const here = pattern(fmt::format("w{}", index));
        here.add("rect", fmt::format("k{}", index)).set("width", 8).set("height", 8);
        here.add("path", "stripe").set("d", k_strokes.at(index));
    }
    pattern("gap").add("path", "hatch").set("d", "M0 8L8 0");
}

bool is_number(std::string const &column)
{
    return column.ends_with('#');
}

} // namespace

HtmlPage::HtmlPage(std::string_view title, std::string_view brand)
    : m_header{nullptr},
      m_contents{nullptr},
      m_main{nullptr},
      m_footer{nullptr}
{
    add_head(m_document.root(), title);
    auto const body = m_document.root().add("body");
    add_patterns(body);
    m_header = body.add("header");
    m_header.add_text("p", brand, "brand");
    m_header.add_text("h1", title);
    m_contents = body.add("nav").set("aria-label", "Contents").add("ul");
    m_main = body.add("main");
    m_footer = body.add("footer");
}

Element HtmlPage::section(std::string_view heading, char const *id)
{
    m_contents.add("li").add("a").set("href", fmt::format("#{}", id)).say(heading);
    auto const section = m_main.add("section").set("id", id).set("aria-labelledby", fmt::format("{}-heading", id));
    section.add("h2").set("id", fmt::format("{}-heading", id)).say(heading);
    return section;
}

Picture HtmlPage::picture(Element parent, PictureText const &text)
{
    ++m_pictures;
    auto const figure = parent.add("figure");
    figure.add_text("figcaption", text.caption);
    auto const frame =
        figure.add("div", "scroll").set("tabindex", "0").set("role", "region").set("aria-label", text.caption);
    auto const svg = frame.add("svg")
                         .set("viewBox", fmt::format("0 0 {:.0f} {:.0f}", text.width, text.height))
                         .set("role", "img")
                         .set("aria-labelledby", fmt::format("t{0} d{0}", m_pictures));
    svg.add("title").set("id", fmt::format("t{}", m_pictures)).say(text.caption);
    svg.add("desc").set("id", fmt::format("d{}", m_pictures)).say(text.description);
    return {figure, svg, text.caption};
}

Element HtmlPage::numbers(Picture const &picture, std::vector<std::string> const &columns)
{
    auto const details = picture.figure.add("details");
    details.add_text("summary", "The numbers");
    auto const frame = details.add("div", "scroll")
                           .set("tabindex", "0")
                           .set("role", "region")
                           .set("aria-label", "Numbers of: " + picture.caption);
    return table(frame, picture.caption, columns);
}

std::string HtmlPage::finish()
{
    m_document.root().add("script").verbatim(assets::script);
    return m_document.text();
}

Element table(Element parent, std::string_view caption, std::vector<std::string> const &columns)
{
    auto const table = parent.add("table");
    if (!caption.empty()) {
        table.add_text("caption", caption);
    }
    auto const head = table.add("thead").add("tr");
    for (auto const &column : columns) {
        bool const number = is_number(column);
        head.add("th", number ? "n" : "")
            .set("scope", "col")
            .say(std::string_view{column}.substr(0, column.size() - (number ? 1 : 0)));
    }
    return table.add("tbody");
}

void row(Element body, std::vector<std::string> const &columns, std::vector<std::string> const &cells)
{
    auto const row = body.add("tr");
    for (std::size_t index = 0; index < cells.size(); ++index) {
        row.add("td", index < columns.size() && is_number(columns[index]) ? "n" : "").say(cells[index]);
    }
}

} // namespace misroute::html
