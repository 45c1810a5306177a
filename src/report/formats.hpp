// SPDX-License-Identifier: Apache-2.0
//
// The formats that other programs read: CI systems, monitoring, spreadsheets. Each is a row of the table in
// report.cpp. What they promise, column by column and metric by metric, is in docs/formats.md; an independent reader
// of each format checks it in tests/formats.
#pragma once

#include "misroute/report.hpp"

#include <string>

namespace misroute {

/// CommonMark with GitHub's tables, for pull-request comments and `$GITHUB_STEP_SUMMARY`: at most 1,000,000 bytes,
/// cut between sections. No raw HTML, link, image or mention can come out of a name.
std::string render_markdown(Report const &report, RenderOptions const &options);

/// JUnit XML: a suite per instance, a case per rule and issuer, passing ones too.
std::string render_junit(Report const &report, RenderOptions const &options);

/// SARIF 2.1.0 as GitHub's code scanning takes it.
std::string render_sarif(Report const &report, RenderOptions const &options);

/// GitHub Actions workflow commands, at most ten of a kind.
std::string render_github(Report const &report, RenderOptions const &options);

/// RFC 4180: a row per issuer and backend, then a row per finding.
std::string render_csv(Report const &report, RenderOptions const &options);

/// A Nagios plugin's status line with performance data, then the findings; see nagios_status().
std::string render_nagios(Report const &report, RenderOptions const &options);

/// The text format of Prometheus, for node_exporter's textfile collector.
std::string render_prometheus(Report const &report, RenderOptions const &options);

} // namespace misroute
