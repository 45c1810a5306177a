// SPDX-License-Identifier: Apache-2.0
#include "cli/check.hpp"

#include "cli/fleet.hpp"
#include "cli/k8s.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "investigate/watch.hpp"
#include "misroute/k8s.hpp"
#include "misroute/source.hpp"
#include "source/pause.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

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
    std::vector<std::string> manifests;
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

Instant since_of(CheckFlags const &flags, Instant now)
{
    if (flags.since.empty() && flags.since_rollout.empty()) {
        throw Error{"since when? check looks at the traffic after a deploy",
                    {},
                    "add --since 2026-11-22T20:00:00Z, --since 1m, or --since-rollout FILE"};
    }
    auto const manifests_from_stdin = std::ranges::find(flags.manifests, "-") != flags.manifests.end();
    if (flags.since_rollout == "-" && manifests_from_stdin) {
        throw Error{"--since-rollout and --manifests cannot both read standard input",
                    {},
                    "put one of them in a file: kubectl -n litellm get deploy -o json > deployed.json"};
    }
    return flags.since.empty() ? rollout_of(flags.since_rollout) : instant_of(flags.since, "--since", now);
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
            [](std::string const &sentence) { spdlog::info("{}", safe(sentence)); },
            [](std::string const &trouble) { spdlog::warn("{}", safe(trouble)); }};
}

ExitCode run_check(CheckFlags const &flags, Context const &context)
{
    start_log(flags.output.verbose, flags.output.quiet);
    check_formats(flags.output);
    auto const now = now_of({{}, {}, flags.now});
    Patience const patience{duration_of(flags.wait, "--wait", Milliseconds{}), duration_of(flags.poll, "--poll"),
                            flags.fail_fast};
    auto const since = since_of(flags, now);
    if (since > now + patience.wait) {
        throw Error{fmt::format("--since lies in the future: {}", to_rfc3339(since)),
                    {},
                    "times without an offset are UTC; compare the clocks of this machine and of the database"};
    }
    auto const fleet = read_fleet(find_config(flags.source.config, now), flags.manifests);
    auto plan = plan_of(flags, fleet.config);
    auto options = source_options(flags.source, flags.output, fleet.config, "check", context);
    options.progress = nullptr; // a line that comes and goes at every look says nothing
    auto report = Watch{around(options), fleet, std::move(plan)}.run(since, now, patience);
    report.notes.insert(report.notes.end(), fleet.notes.begin(), fleet.notes.end());
    return deliver(report, flags.output);
}

void add_plan(CLI::App &app, CheckFlags &flags)
{
    auto *group = app.add_option_group("Check");
    auto *since = group->add_option("--since", flags.since, "When the deploy was: a time, or how long ago");
    since->type_name("TIME");
    group
        ->add_option("--since-rollout", flags.since_rollout,
                     "Take it from `kubectl get deploy -o json` in FILE, or - for standard input")
        ->type_name("FILE")
        ->excludes(since);
    group->add_option("--wait", flags.wait, "Longest to wait for traffic; 0s: one look")
        ->type_name("DURATION")
        ->capture_default_str();
    group->add_option("--poll", flags.poll, "Time between two looks")->type_name("DURATION")->capture_default_str();
    group->add_option("--instance", flags.instances, "Check this instance only; may be repeated (default: all)")
        ->type_name("NAME")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    group->add_option("--exclude-share", flags.exclude_share, "Pass when a wrong share of this size is excluded")
        ->check(CLI::Range(0.0001, 0.9999))
        ->capture_default_str();
    group->add_option("--confidence", flags.confidence, "With this confidence")
        ->check(CLI::Range(0.5, 0.9999))
        ->capture_default_str();
    group->add_option("--min-requests", flags.min_requests, "Clean requests that every instance needs in any case")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000}));
    group->add_flag("--fail-fast", flags.fail_fast, "End at the first foreign request");
    group->add_option("--now", flags.now, "Let the clock start at this time, for reproducible reports")
        ->type_name("TIME");
}

} // namespace

Action add_check(CLI::App &app)
{
    auto flags = std::make_shared<CheckFlags>();
    add_plan(app, *flags);
    add_options(app, flags->source);
    add_manifests(app, flags->manifests, std::string{k_fleet_help});
    add_options(app, flags->output);
    return [flags](Context const &context) {
        return reporting(flags->output, [&] { return run_check(*flags, context); });
    };
}

} // namespace misroute::cli
