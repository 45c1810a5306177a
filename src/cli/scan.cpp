// SPDX-License-Identifier: Apache-2.0
//
// misroute scan: every issuer in a window, where its requests were answered, findings and ranked causes.
#include "cli/commands.hpp"
#include "cli/fleet.hpp"
#include "cli/last_run.hpp"
#include "cli/log.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/zone.hpp"
#include "investigate/changes.hpp"
#include "investigate/narrowed.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace misroute::cli {

namespace {

struct ScanFlags
{
    SourceFlags source;
    WindowFlags window;
    OutputFlags output;
    std::string by;
    std::string source_of_counts = "log";
    ManifestFlags manifests;
    Narrowing narrowing;
    std::string changes_since;
    std::string remind = "24h";
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

void add_changes(Arguments group, ScanFlags &flags)
{
    group
        .option("--changes-since", flags.changes_since,
                "Tell what is new, worse or over since so long ago, or since the last complete run: last-run")
        .named("DURATION");
    group.option("--remind", flags.remind, "Tell of what goes on again at every multiple of this, counted in UTC")
        .named("DURATION")
        .with_default();
}

constexpr std::string_view k_last_run = "last-run";

/// What is scanned, so that the time of another scan's last run is not taken for its own.
std::string name_of_scan(ScanFlags const &flags, Config const &config, SourceInfo const &origin)
{
    auto const &only = flags.narrowing;
    return fmt::format("{}",
                       fmt::join(std::vector{origin.host, origin.database, origin.relation, config.file, flags.by,
                                             flags.window.since, fmt::format("{}", fmt::join(only.instances, ",")),
                                             fmt::format("{}", fmt::join(only.hosts, ",")),
                                             fmt::format("{}", fmt::join(only.keys, ",")),
                                             fmt::format("{}", fmt::join(only.models, ","))},
                                 "\n"));
}

Comparison comparison_of(ScanFlags const &flags, std::optional<Instant> const &last)
{
    Comparison comparison;
    comparison.settle = duration_of(flags.source.settle_time, "--settle-time", Milliseconds{});
    comparison.remind = duration_of(flags.remind, "--remind", std::chrono::minutes{1});
    if (flags.changes_since != k_last_run) {
        comparison.since = duration_of(flags.changes_since, "--changes-since");
    } else if (last) {
        comparison.since = *last;
    }
    return comparison;
}

void check_changes(ScanFlags const &flags)
{
    if (flags.changes_since.empty()) {
        return;
    }
    if (flags.source_of_counts != "log") {
        throw Error{"--changes-since looks at the log alone", {}, "leave --source out"};
    }
    static_cast<void>(comparison_of(flags, {}));
}

/// A name that was mistyped beside a good one would be a clean report about half of what was asked for.
void check_instances(Narrowing const &narrowing, Expectations const &expected)
{
    auto const nobody = instances_of_nobody(narrowing.instances, expected);
    if (nobody.empty()) {
        return;
    }
    std::vector<std::string> names;
    for (auto const &instance : expected.instances) {
        names.push_back(instance.name);
    }
    auto const near = nearest(nobody.front(), names);
    throw Error{fmt::format("--instance: no instance is called \"{}\"", nobody.front()),
                {},
                names.empty()  ? "name a configuration with -c, or manifests with --manifests; --host needs neither"
                : near.empty() ? fmt::format("there are: {}", fmt::join(names, ", "))
                               : fmt::format("did you mean \"{}\"?", near)};
}

void note_unknown(Report &report, RowSource const &rows)
{
    for (auto const &name : rows.unknown()) {
        report.partial = true;
        report.notes.push_back(fmt::format(
            "{}: neither the configuration nor the traffic knows it, and nothing was examined of it", name));
    }
}

struct Scan
{
    ScanFlags const &flags;
    Fleet const &fleet;
    ScanRequest const &request;
    Context const &context;
    Zone const &zone;
};

/// What lies before the window will never be read: waiting for that would keep the time of the last run forever.
bool read_all_of_window(Report const &report)
{
    return std::ranges::all_of(report.gaps, [&](Gap const &gap) { return gap.window.until <= report.window->since; });
}

/// The time of the run is kept when it was complete, and told: what nobody was told is told by the next one.
ExitCode tell_changes(Scan const &scan, RowSource &rows, SourceInfo const &origin)
{
    auto const &flags = scan.flags;
    std::optional<LastRun> last;
    if (flags.changes_since == k_last_run) {
        last.emplace(name_of_scan(flags, scan.fleet.config, origin), scan.context.stop);
    }
    auto const before = last ? last->before(scan.request.now) : std::nullopt;
    auto report = investigate_changes(rows, scan.fleet, scan.request, comparison_of(flags, before));
    report.notes.insert(report.notes.end(), scan.fleet.notes.begin(), scan.fleet.notes.end());
    note_unknown(report, rows);
    auto const code = deliver(report, flags.output, scan.zone);
    if (last && read_all_of_window(report) && code != ExitCode::failure) {
        last->keep(report.window->until);
    }
    return code;
}

ExitCode run_scan(ScanFlags const &flags, Context const &context)
{
    start_log(flags.output.verbose, flags.output.quiet);
    check_formats(flags.output);
    check_changes(flags);
    auto const zone = zone_of(flags.output.tz);
    auto const now = now_of(flags.window, zone);
    ScanRequest const request{window_of(flags.window, now, zone), by_of(flags.by), now, "scan"};
    auto const fleet = read_fleet(flags.source.config, flags.manifests, now, context.stop);
    check_instances(flags.narrowing, fleet.config.expectations);
    auto const source =
        std::make_shared<Source>(source_options(flags.source, flags.output, fleet.config, "scan", context));
    auto const part_of = [&](std::shared_ptr<RowSource> rows) -> std::shared_ptr<RowSource> {
        return flags.narrowing.empty()
                   ? std::move(rows)
                   : std::make_shared<NarrowedRows>(std::move(rows), flags.narrowing, fleet.config.expectations);
    };
    if (!flags.changes_since.empty()) {
        return tell_changes({flags, fleet, request, context, zone}, *part_of(log_rows(source)), source->info());
    }
    auto const daily = part_of(daily_rows(source));
    bool const days = flags.source_of_counts == "daily";
    auto const rows = days ? daily : part_of(log_rows(source));
    auto report = days ? investigate_days(*rows, fleet, request) : investigate(*rows, fleet, request);
    note_unknown(report, *rows);
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
    add_by(arguments, flags->by);
    add_narrowing(arguments.group("Only"), flags->narrowing);
    arguments
        .option("--source", flags->source_of_counts,
                "Count the log, or LiteLLM's daily roll-ups (providers only); auto: the log, and what the roll-ups "
                "know of days it holds no more")
        .named("WHAT")
        .one_of({"log", "daily", "auto"})
        .with_default();
    add_manifests(arguments, flags->manifests, std::string{k_fleet_help});
    add_changes(arguments.group("Changes"), *flags);
    add_options(arguments, flags->output);
    return
        [flags](Context const &context) { return reporting(flags->output, [&] { return run_scan(*flags, context); }); };
}

} // namespace misroute::cli
