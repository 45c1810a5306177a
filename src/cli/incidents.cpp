// SPDX-License-Identifier: Apache-2.0
//
// misroute incidents: the history, a line an incident.
#include "investigate/incidents.hpp"

#include "cli/commands.hpp"
#include "cli/fleet.hpp"
#include "cli/history_output.hpp"
#include "cli/log.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "cli/zone.hpp"
#include "report/incidents.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::cli {

namespace {

struct HistoryFlags
{
    SourceFlags source;
    WindowFlags window{.since = "90d", .until = {}, .now = {}};
    std::string by;
    ManifestFlags manifests;
    std::string format;
    std::string file;
    OutputFlags log; ///< only --tz, -q, -v and --no-progress
};

ExitCode run_incidents(HistoryFlags const &flags, Context const &context)
{
    start_log(flags.log.verbose, flags.log.quiet);
    auto const &format = history_format_of(flags.format, flags.file);
    auto const zone = zone_of(flags.log.tz);
    auto const now = now_of(flags.window, zone);
    ScanRequest const request{window_of(flags.window, now, zone), by_of(flags.by), now, "incidents"};
    auto const fleet = read_fleet(flags.source.config, flags.manifests, now, context.stop);
    auto const source =
        log_rows(std::make_shared<Source>(source_options(flags.source, flags.log, fleet.config, "incidents", context)));
    auto const history = history_of(*source, fleet, request);
    for (auto const &gap : history.gaps) {
        warn(fmt::format("{} to {} could not be read, and incidents may be missing: {}", to_rfc3339(gap.window.since),
                         to_rfc3339(gap.window.until), gap.reason));
    }
    return deliver(history, format, flags.file, zone);
}

/// "table, json, csv".
std::string history_format_names()
{
    std::vector<std::string_view> names;
    for (auto const &format : history_formats()) {
        names.push_back(format.name);
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

} // namespace

HistoryFormat const &history_format_of(std::string const &name, std::string const &file)
{
    if (!name.empty() && name != "auto") {
        auto const *format = find_history_format(name);
        if (format == nullptr) {
            throw Error{fmt::format("incidents has no format \"{}\"", name), {}, "use " + history_format_names()};
        }
        return *format;
    }
    for (auto const &format : history_formats()) {
        if (!file.empty() && file.ends_with(format.extension)) {
            return format;
        }
    }
    return history_formats().front();
}

ExitCode deliver(IncidentHistory const &history, HistoryFormat const &format, std::string const &file, Zone const &zone)
{
    auto options = render_options(Stream::out, "never");
    options.zone = zone;
    auto const text = format.render(history, options);
    file.empty() ? static_cast<void>(write_stdout(text)) : write_file(file, text);
    return history.gaps.empty() && history.judged ? ExitCode::clean : ExitCode::inconclusive;
}

Action add_incidents(Arguments arguments)
{
    auto flags = std::make_shared<HistoryFlags>();
    add_options(arguments, flags->source);
    add_options(arguments, flags->window);
    add_by(arguments, flags->by);
    add_manifests(arguments, flags->manifests, std::string{k_fleet_help});
    arguments.option("-f,--format", flags->format, "One of: " + history_format_names()).named("FORMAT");
    add_one_output(arguments, flags->file, flags->log);
    return [flags](Context const &context) { return run_incidents(*flags, context); };
}

} // namespace misroute::cli
