// SPDX-License-Identifier: Apache-2.0
//
// misroute scan: every issuer in a window, where its requests were answered, findings and ranked causes.
#include "cli/commands.hpp"
#include "cli/fleet.hpp"
#include "cli/log.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"

#include <memory>

namespace misroute::cli {

namespace {

struct ScanFlags
{
    SourceFlags source;
    WindowFlags window;
    OutputFlags output;
    std::string by;
    std::string source_of_counts = "log";
    std::vector<std::string> manifests;
};

ExitCode run_scan(ScanFlags const &flags, Context const &context)
{
    start_log(flags.output.verbose, flags.output.quiet);
    check_formats(flags.output);
    auto const now = now_of(flags.window);
    ScanRequest const request{window_of(flags.window, now), by_of(flags.by), now, "scan"};
    auto const fleet = read_fleet(flags.source.config, flags.manifests, now);
    auto const source =
        std::make_shared<Source>(source_options(flags.source, flags.output, fleet.config, "scan", context));
    auto const daily = daily_rows(source);
    auto report = flags.source_of_counts == "daily" ? investigate_days(*daily, fleet, request)
                                                    : investigate(*log_rows(source), fleet, request);
    if (flags.source_of_counts == "auto") {
        auto const notes = notes_of_purged_days(*daily, source->oldest(), fleet, request);
        report.notes.insert(report.notes.end(), notes.begin(), notes.end());
    }
    report.notes.insert(report.notes.end(), fleet.notes.begin(), fleet.notes.end());
    return deliver(report, flags.output);
}

} // namespace

Action add_scan(Arguments arguments)
{
    auto flags = std::make_shared<ScanFlags>();
    add_options(arguments, flags->source);
    add_options(arguments, flags->window);
    arguments
        .option("--by", flags->by,
                "Group by host, key, team, user, end-user, ip or tag:NAME "
                "(default: host when any row names one, else key)")
        .named("WHAT");
    arguments
        .option("--source", flags->source_of_counts,
                "Count the log, or LiteLLM's daily roll-ups (providers only); auto: the log, and what the roll-ups "
                "know of days it holds no more")
        .named("WHAT")
        .one_of({"log", "daily", "auto"})
        .with_default();
    add_manifests(arguments, flags->manifests, std::string{k_fleet_help});
    add_options(arguments, flags->output);
    return
        [flags](Context const &context) { return reporting(flags->output, [&] { return run_scan(*flags, context); }); };
}

} // namespace misroute::cli
