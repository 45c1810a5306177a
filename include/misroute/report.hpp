// SPDX-License-Identifier: Apache-2.0
//
// From a report to text. A format is a function from the report to a string; writing it somewhere is the command's
// business. Every format survives hostile strings: what is printed is safe for the medium it is printed to.
#pragma once

#include "misroute/model/report.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

struct RenderOptions
{
    int width = 100;      ///< columns of the terminal
    bool color = false;   ///< ANSI colours
    Zone zone;            ///< of the times for people; machines' formats are UTC
    bool unicode = true;  ///< ✗ ─ █, else plain ASCII
    int exit_code = 0;    ///< what the process will exit with; some formats say it
    bool brief = false;   ///< the table in five lines
    bool verbose = false; ///< show what is otherwise folded (clean issuers beyond a few, info findings' remedies)
    std::optional<Severity> fail_on = Severity::error; ///< from here on findings are failures (JUnit); none: nowhere
};

/// A row of the format table.
struct Format
{
    std::string_view name;
    std::string_view extension; ///< file ending that implies the format, with its dot; empty when none does
    std::string_view help;
    std::string (*render)(Report const &, RenderOptions const &);
    /// Several reports of one fleet side by side; nullptr where the format has no way to show them.
    std::string (*render_days)(std::vector<Report> const &, RenderOptions const &) = nullptr;
    bool for_people = false; ///< with --changes-since it shows what changed, and nothing on stdout where nothing did
};

/// A report with states without what people need not be told: the findings that changed, the issuers they are of, and
/// causes where there is something new to explain.
Report only_changes(Report const &report);

std::span<Format const> formats();

/// The format of that name, or nullptr.
Format const *find_format(std::string_view name);

/// What a Nagios plugin exits with: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. `exit_code` is misroute's own; anything but
/// 0 and 1 is UNKNOWN. Else an error that is not suppressed is CRITICAL, a warning WARNING, and a 1 that no finding
/// explains CRITICAL.
int nagios_status(Report const &report, int exit_code);

} // namespace misroute
