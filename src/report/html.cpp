// SPDX-License-Identifier: Apache-2.0
#include "report/html.hpp"

#include "report/html_pictures.hpp"
#include "report/html_sections.hpp"
#include "report/summary.hpp"

#include <fmt/format.h>

namespace misroute {

std::string render_html(Report const &report, RenderOptions const & /*options*/)
{
    html::HtmlPage page{headline(report), "misroute " + one_line(report.command)};
    html::Colors const colors{report};
    html::add_facts(page.header(), report);
    html::draw_timelines(page, report, colors);
    html::draw_sequences(page, report, colors);
    html::draw_matrix(page, report);
    html::draw_way(page, report);
    html::draw_cost(page, report);
    html::add_check(page, report);
    html::add_causes(page, report);
    html::add_findings(page, report);
    html::add_issuers(page, report);
    html::add_left_out(page, report);
    html::add_reproduction(page, report);
    page.foot("Times are UTC. This page loads nothing and sends nothing.");
    return page.finish();
}

} // namespace misroute
