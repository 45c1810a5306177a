// SPDX-License-Identifier: Apache-2.0
//
// A report to look at, in a browser or on paper: one file that loads nothing, is read without its script, and is
// smaller than a megabyte for a thousand issuers.
#pragma once

#include "misroute/model/incident.hpp"
#include "misroute/report.hpp"
#include "report/trace_report.hpp"

#include <memory>
#include <string>
#include <vector>

namespace misroute {

std::string render_html(Report const &report, RenderOptions const &options);

/// Reports of several days of one fleet, beside each other. `reports` stand in the order of their windows.
std::string render_html_days(std::vector<Report> const &reports, RenderOptions const &options);

/// Every incident as a bar in time, and as a row.
std::string render_html_incidents(IncidentHistory const &history, RenderOptions const &options);

/// Keeps the newest two thousand requests.
std::unique_ptr<TraceRenderer> make_trace_html(RenderOptions const &options);

} // namespace misroute
