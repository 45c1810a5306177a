// SPDX-License-Identifier: Apache-2.0
//
// The pictures of a report, each drawn from the report alone, each with its numbers as a table.
#pragma once

#include "report/html_page.hpp"
#include "report/html_scale.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace misroute::html {

/// Requests over time by who answered, with onset and end, of each instance (of an issuer that belongs to none: of that
/// issuer) whose course is known.
void draw_timelines(HtmlPage &page, Report const &report, Colors const &colors);

/// The newest requests of issuers in order, one mark each.
void draw_sequences(HtmlPage &page, Report const &report, Colors const &colors);

/// One sequence, of a trace or of a report; whoever has no letter is "?".
struct SequenceText
{
    std::string caption;
    std::string description;
    std::map<std::string, char> letters;
};
void draw_sequence(HtmlPage &page, Element parent, std::vector<AnsweredRequest> const &requests,
                   SequenceText const &text, Colors const &colors);

/// Entered at × answered by.
void draw_matrix(HtmlPage &page, Report const &report);

/// Hostname → Ingress → Service → pods, where manifests were given.
void draw_way(HtmlPage &page, Report const &report);

/// Tokens without a price over time.
void draw_cost(HtmlPage &page, Report const &report);

/// Several reports side by side: requests at home and elsewhere, one column each.
void draw_days(HtmlPage &page, Element parent, std::vector<Report> const &reports);

} // namespace misroute::html
