// SPDX-License-Identifier: Apache-2.0
//
// The frame of every HTML page: one file that asks nobody for anything, and the parts that all pages are made of.
#pragma once

#include "misroute/report.hpp"
#include "report/markup.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::html {

/// A picture: a figure whose SVG has a title and a description.
struct Picture
{
    Element figure;
    Element svg;
    std::string caption;
};

/// What a picture says before it is looked at, and its size in units of its own.
struct PictureText
{
    std::string caption;
    std::string description; ///< the same in words, for those who do not see it
    double width = 960;
    double height = 0;
};

class HtmlPage
{
public:
    /// `title` is what the tab and the heading say.
    HtmlPage(std::string_view title, std::string_view brand);

    Element header() const { return m_header; }
    /// A section with its heading, also in the list of contents.
    Element section(std::string_view heading, char const *id);
    Picture picture(Element parent, PictureText const &text);
    /// The numbers of a picture as a table that unfolds; returns its body.
    static Element numbers(Picture const &picture, std::vector<std::string> const &columns);
    void foot(std::string_view sentence) { m_footer.add_text("p", sentence); }

    std::string finish();

private:
    HtmlDocument m_document;
    Element m_header;
    Element m_contents;
    Element m_main;
    Element m_footer;
    int m_pictures = 0;
};

/// A table with a head; returns its body. Columns whose name ends in "#" are numbers.
Element table(Element parent, std::string_view caption, std::vector<std::string> const &columns);

/// A row of cells; the first one names the row.
void row(Element body, std::vector<std::string> const &columns, std::vector<std::string> const &cells);

/// The policy of a page: nothing may be loaded, and of style and script only these two run.
std::string content_policy(std::string_view style, std::string_view script);

} // namespace misroute::html
