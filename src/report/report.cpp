// SPDX-License-Identifier: Apache-2.0
#include "misroute/report.hpp"

#include "report/formats.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "report/messages.hpp"
#include "report/table.hpp"

#include <algorithm>
#include <array>

namespace misroute {

namespace {

// The order is that of --help and of the documentation.
constexpr std::array k_formats{
    Format{.name = "table",
           .extension = ".txt",
           .help = "for people: verdict, proof, cause, remedy",
           .render = render_table,
           .for_people = true},
    Format{.name = "json", .extension = ".json", .help = "for programs: report.schema.json", .render = render_json},
    Format{.name = "markdown",
           .extension = ".md",
           .help = "for pull requests and $GITHUB_STEP_SUMMARY",
           .render = render_markdown,
           .for_people = true},
    Format{.name = "html",
           .extension = ".html",
           .help = "for people: a page with pictures, one file",
           .render = render_html,
           .render_days = render_html_days,
           .for_people = true},
    Format{.name = "csv",
           .extension = ".csv",
           .help = "for spreadsheets: issuers by backend, then findings",
           .render = render_csv},
    Format{.name = "junit",
           .extension = ".xml",
           .help = "for CI: a suite per instance, a case per rule and issuer",
           .render = render_junit},
    Format{.name = "sarif", .extension = ".sarif", .help = "for code scanning: SARIF 2.1.0", .render = render_sarif},
    Format{.name = "github",
           .extension = "",
           .help = "for GitHub Actions: annotations",
           .render = render_github,
           .for_people = true},
    Format{.name = "slack",
           .extension = "",
           .help = "for an incoming webhook of Slack or Mattermost",
           .render = render_slack,
           .for_people = true},
    Format{.name = "nagios", .extension = "", .help = "for Nagios and Icinga: a status line", .render = render_nagios},
    Format{.name = "prometheus",
           .extension = ".prom",
           .help = "for node_exporter's textfile collector",
           .render = render_prometheus},
};

} // namespace

std::span<Format const> formats()
{
    return k_formats;
}

Format const *find_format(std::string_view name)
{
    auto const *const found = std::ranges::find(k_formats, name, &Format::name);
    return found == k_formats.end() ? nullptr : found;
}

} // namespace misroute
