// SPDX-License-Identifier: Apache-2.0
//
// The sections of a report's page that are words and tables.
#pragma once

#include "report/html_page.hpp"

#include <string>
#include <vector>

namespace misroute::html {

/// A mark and a word, so that the colour of neither has to be seen: "✗ misrouted".
struct Mark
{
    std::string text;
    char const *style; ///< a class of the style sheet
};
Mark mark_of(Verdict verdict);
Mark mark_of(Report const &report);

void add_facts(Element parent, Report const &report);
void add_check(HtmlPage &page, Report const &report);
void add_causes(HtmlPage &page, Report const &report);
void add_findings(HtmlPage &page, Report const &report);
void add_issuers(HtmlPage &page, Report const &report);
void add_left_out(HtmlPage &page, Report const &report);
void add_reproduction(HtmlPage &page, Report const &report);

} // namespace misroute::html
