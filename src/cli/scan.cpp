// SPDX-License-Identifier: Apache-2.0
//
// misroute scan: every issuer in a window, where its requests were answered, findings and ranked causes.
#include "cli/commands.hpp"
#include "cli/fleet.hpp"
#include "cli/log.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/zone.hpp"
#include "investigate/narrowed.hpp"

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
    Narrowing narrowing;
};

void add_narrowing(Arguments group, Narrowing &narrowing)
{
    group
        .repeated("--instance", narrowing.instances,
                  "Requests that entered at this instance; a name or a glob, may be repeated, as the others of these")
        .named("NAME");
    group.repeated("--host", narrowing.hosts, "That entered by this hostname").named("NAME");
    // MISROUTE_KEY holds a secret, which probe sends.
    group.repeated("--key", narrowing.keys, "Of this key: its alias, or 8 or more digits of its hash")
        .named("NAME")
        .without_variable();
    group.repeated("--model", narrowing.models, "For this model, as the client asked for it").named("NAME");
}

ExitCode run_scan(ScanFlags const &flags, Context const &context)
{
    start_log(flags.output.verbose, flags.output.quiet);
    check_formats(flags.output);
    auto const zone = zone_of(flags.output.tz);
    auto const now = now_of(flags.window, zone);
    ScanRequest const request{window_of(flags.window, now, zone), by_of(flags.by), now, "scan"};
    auto const fleet = read_fleet(flags.source.config, flags.manifests, now);
    auto const source =
        std::make_shared<Source>(source_options(flags.source, flags.output, fleet.config, "scan", context));
    auto const part_of = [&](std::shared_ptr<RowSource> rows) -> std::shared_ptr<RowSource> {
        return flags.narrowing.empty()
                   ? std::move(rows)
                   : std::make_shared<NarrowedRows>(std::move(rows), flags.narrowing, fleet.config.expectations);
    };
    auto const daily = part_of(daily_rows(source));
    auto report = flags.source_of_counts == "daily" ? investigate_days(*daily, fleet, request)
                                                    : investigate(*part_of(log_rows(source)), fleet, request);
    if (flags.source_of_counts == "auto") {
        auto const notes = notes_of_purged_days(*daily, source->oldest(), fleet, request);
        report.notes.insert(report.notes.end(), notes.begin(), notes.end());
    }
    if (!flags.narrowing.empty()) {
        report.notes.emplace_back("only the requests that --instance, --host, --key and --model ask for were counted");
    }
    report.notes.insert(report.notes.end(), fleet.notes.begin(), fleet.notes.end());
    return deliver(report, flags.output, zone);
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
        .named("WHAT")
        .proposing({"host", "key", "team", "user", "end-user", "ip", "tag:"});
    add_narrowing(arguments.group("Only"), flags->narrowing);
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
