// SPDX-License-Identifier: Apache-2.0
//
// misroute check: waits until the traffic since a deploy decides whether anything goes astray, then passes, fails or
// says that it cannot tell.
#include "cli/commands.hpp"
#include "cli/fleet.hpp"
#include "cli/log.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "cli/zone.hpp"
#include "investigate/watch.hpp"
#include "misroute/k8s.hpp"
#include "misroute/source.hpp"
#include "source/pause.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

namespace misroute::cli {

namespace {

struct CheckFlags
{
    SourceFlags source;
    std::string since;
    std::string since_rollout;
    std::string now;
    std::string wait = "5m";
    std::string poll = "5s";
    std::vector<std::string> instances;
    ManifestFlags manifests;
    double exclude_share = 0.10;
    double confidence = 0.95;
    std::int64_t min_requests = 0;
    bool fail_fast = false;
    OutputFlags output;
};

Instant rollout_of(std::string const &path)
{
    auto const found = newest_rollout(read_manifests({path}, standard_input({path})));
    if (!found) {
        throw Error{"--since-rollout finds no roll-out in its input",
                    {},
                    "give it Deployments with their status: kubectl -n litellm get deploy -o json | "
                    "misroute check --since-rollout -"};
    }
    return *found;
}

Instant since_of(CheckFlags const &flags, Instant now, Zone const &zone)
{
    if (flags.since.empty() && flags.since_rollout.empty()) {
        throw Error{"since when? check looks at the traffic after a deploy",
                    {},
                    "add --since 2026-11-22T20:00:00Z, --since 1m, or --since-rollout FILE"};
    }
    auto const manifests_from_stdin = std::ranges::find(flags.manifests.paths, "-") != flags.manifests.paths.end();
    if (flags.since_rollout == "-" && manifests_from_stdin) {
        throw Error{"--since-rollout and --manifests cannot both read standard input",
                    {},
                    "put one of them in a file: kubectl -n litellm get deploy -o json > deployed.json"};
    }
    return flags.since.empty() ? rollout_of(flags.since_rollout) : instant_of(flags.since, "--since", now, zone);
}

/// Throws Error when --instance names none of the configured ones.
CheckPlan plan_of(CheckFlags const &flags, Config const &config)
{
    std::vector<std::string> names;
    for (auto const &instance : config.expectations.instances) {
        names.push_back(instance.name);
    }
    if (names.empty()) {
        throw Error{"no instance is configured: there is nothing to check the traffic against",
                    {},
                    "name a configuration with -c, or manifests with --manifests; misroute init writes one"};
    }
    for (auto const &name : flags.instances) {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            auto const near = nearest(name, names);
            throw Error{fmt::format("--instance: no instance is called \"{}\"", name),
                        {},
                        near.empty() ? fmt::format("there are: {}", fmt::join(names, ", "))
                                     : fmt::format("did you mean \"{}\"?", near)};
        }
    }
    return {
        flags.exclude_share, flags.confidence, flags.min_requests, {flags.instances.begin(), flags.instances.end()}};
}

Surroundings around(SourceOptions const &options)
{
    auto const began = std::chrono::steady_clock::now();
    auto const passed = [began] {
        return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began);
    };
    return {[options] { return log_rows(std::make_shared<Source>(options)); },
            passed,
            [stop = options.stop](Milliseconds length) { pause_for(length, stop); },
            [stop = options.stop] { return stop.stop_requested(); },
            inform,
            warn};
}

ExitCode run_check(CheckFlags const &flags, Context const &context)
{
    start_log(flags.output.verbose, flags.output.quiet);
    check_formats(flags.output);
    auto const zone = zone_of(flags.output.tz);
    auto const now = now_of({{}, {}, flags.now}, zone);
    Patience const patience{duration_of(flags.wait, "--wait", Milliseconds{}), duration_of(flags.poll, "--poll"),
                            flags.fail_fast};
    auto const since = since_of(flags, now, zone);
    if (since > now + patience.wait) {
        throw Error{fmt::format("--since lies in the future: {}", to_rfc3339(since)),
                    {},
                    "times without an offset are of --tz or TZ, else UTC; compare the clocks of this machine and of "
                    "the database"};
    }
    auto const fleet = read_fleet(flags.source.config, flags.manifests, now, context.stop);
    auto plan = plan_of(flags, fleet.config);
    auto options = source_options(flags.source, flags.output, fleet.config, "check", context);
    options.progress = nullptr; // a line that comes and goes at every look says nothing
    auto report = Watch{around(options), fleet, std::move(plan)}.run(since, now, patience);
    report.notes.insert(report.notes.end(), fleet.notes.begin(), fleet.notes.end());
    return deliver(report, flags.output, zone);
}

void add_plan(Arguments arguments, CheckFlags &flags)
{
    auto group = arguments.group("Check");
    auto since = group.option("--since", flags.since, "When the deploy was: a time, or how long ago");
    since.named("TIME");
    group
        .option("--since-rollout", flags.since_rollout,
                "Take it from `kubectl get deploy -o json` in FILE, or - for standard input")
        .named("FILE")
        .excludes(since);
    group.option("--wait", flags.wait, "Longest to wait for traffic; 0s: one look").named("DURATION").with_default();
    group.option("--poll", flags.poll, "Time between two looks").named("DURATION").with_default();
    group.repeated("--instance", flags.instances, "Check this instance only; may be repeated (default: all)")
        .named("NAME");
    group.option("--exclude-share", flags.exclude_share, "Pass when a wrong share of this size is excluded")
        .within(0.0001, 0.9999)
        .with_default();
    group.option("--confidence", flags.confidence, "With this confidence").within(0.5, 0.9999).with_default();
    group.option("--min-requests", flags.min_requests, "Clean requests that every instance needs in any case")
        .between(0, 1'000'000);
    group.flag("--allow-inconclusive", flags.output.allow_inconclusive,
               "Exit 0 where too little came to tell; a foreign request still fails");
    group.flag("--fail-fast", flags.fail_fast, "End at the first foreign request");
    group.option("--now", flags.now, "Let the clock start at this time, for reproducible reports").named("TIME");
}

} // namespace

Action add_check(Arguments arguments)
{
    auto flags = std::make_shared<CheckFlags>();
    add_plan(arguments, *flags);
    add_options(arguments, flags->source);
    add_manifests(arguments, flags->manifests, std::string{k_fleet_help});
    add_options(arguments, flags->output);
    return [flags](Context const &context) {
        return reporting(flags->output, [&] { return run_check(*flags, context); });
    };
}

} // namespace misroute::cli
