// SPDX-License-Identifier: Apache-2.0
#include "cli/check.hpp"

#include "cli/fleet.hpp"
#include "cli/investigate.hpp"
#include "cli/k8s.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "detect/check.hpp"
#include "misroute/k8s.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace misroute::cli {

namespace {

/// Before the deploy: long enough to have seen how sticky the traffic is.
constexpr Milliseconds k_look_back = std::chrono::hours{24};

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

/// The present: the clock, or --now and what has passed since the start.
class Clock
{
public:
    explicit Clock(std::string const &now) : m_start{now_of({{}, {}, now})} {}

    Instant start() const { return m_start; }
    Milliseconds waited() const
    {
        return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - m_began);
    }

private:
    Instant m_start;
    std::chrono::steady_clock::time_point m_began = std::chrono::steady_clock::now();
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
    if (!flags.since_rollout.empty()) {
        return rollout_of(flags.since_rollout);
    }
    auto const since = parse_instant(flags.since, now);
    if (!since) {
        throw Error{fmt::format("--since is no time: \"{}\"", flags.since),
                    {},
                    "write 2026-11-22T20:00:00Z, 2026-11-22, 1m or 24h"};
    }
    return *since;
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

/// False when it was told to stop.
bool sleep_for(Milliseconds length, std::stop_token const &stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    never.wait_for(lock, stop, length, [] { return false; });
    return !stop.stop_requested();
}

/// Looks again and again; a database that fails between two looks is asked once more at the next one.
class Watch
{
public:
    Watch(SourceOptions options, Fleet const &fleet, CheckPlan plan, Clock const &clock)
        : m_options{std::move(options)},
          m_fleet{fleet},
          m_plan{std::move(plan)},
          m_clock{clock}
    {
    }

    /// Until everything is decided, or `wait` is over.
    Report run(Instant since, Milliseconds wait, Milliseconds poll, bool fail_fast);

private:
    Report investigated(Window const &window);
    void remember_stickiness(Instant since);
    std::optional<Report> look(Window const &window, bool last);

    SourceOptions m_options;
    Fleet const &m_fleet;
    CheckPlan m_plan;
    Clock const &m_clock;
    std::unique_ptr<Source> m_source;
    std::optional<Dependence> m_dependence;
    bool m_looked = false;
};

Report Watch::investigated(Window const &window)
{
    if (!m_source) {
        m_source = std::make_unique<Source>(m_options);
    }
    return investigate(*m_source, m_fleet.config, {window, {}, window.until, "check"},
                       m_fleet.cluster ? &*m_fleet.cluster : nullptr);
}

void Watch::remember_stickiness(Instant since)
{
    if (!m_dependence) {
        m_dependence = dependence_seen(investigated({since - k_look_back, since}));
    }
}

std::optional<Report> Watch::look(Window const &window, bool last)
{
    try {
        remember_stickiness(window.since);
        auto report = investigated(window);
        report.check = conclude_check(report, m_plan, *m_dependence);
        m_looked = true;
        return report;
    } catch (Error const &error) {
        if (!m_looked || last || m_options.stop.stop_requested()) {
            throw;
        }
        spdlog::warn("{}; looking again", safe(error.what()));
        m_source.reset();
        return std::nullopt;
    }
}

Report Watch::run(Instant since, Milliseconds wait, Milliseconds poll, bool fail_fast)
{
    std::string said;
    for (Milliseconds waited{};; waited = m_clock.waited()) {
        bool const last = waited >= wait;
        auto report = look({since, std::max(m_clock.start() + waited, since + Milliseconds{1})}, last);
        if (report) {
            auto &check = *report->check;
            check.waited_seconds = std::chrono::duration_cast<std::chrono::seconds>(waited).count();
            if (last || all_decided(check, m_plan) || (fail_fast && check.verdict == "fail")) {
                return std::move(*report);
            }
            if (check.sentence != said) {
                said = check.sentence;
                spdlog::info("{}", safe(said));
            }
        }
        if (!sleep_for(std::min(poll, std::max(wait - m_clock.waited(), Milliseconds{1})), m_options.stop)) {
            throw Error{"interrupted", {}, {}};
        }
    }
}

ExitCode run_check(CheckFlags const &flags, Context const &context)
{
    start_log(flags.output.verbose, flags.output.quiet);
    check_formats(flags.output);
    Clock const clock{flags.now};
    auto const wait = flags.wait == "0" || flags.wait == "0s" ? Milliseconds{} : duration_of(flags.wait, "--wait");
    auto const poll = duration_of(flags.poll, "--poll");
    auto const since = since_of(flags, clock.start());
    if (since > clock.start() + wait) {
        throw Error{fmt::format("--since lies in the future: {}", to_rfc3339(since)),
                    {},
                    "times without an offset are UTC; compare the clocks of this machine and of the database"};
    }
    auto const fleet = fleet_of(find_config(flags.source.config, clock.start()), flags.manifests);
    auto plan = plan_of(flags, fleet.config);
    auto options = source_options(flags.source, flags.output, fleet.config, "check", context);
    options.progress = nullptr; // a line that comes and goes at every look says nothing
    auto report = Watch{std::move(options), fleet, std::move(plan), clock}.run(since, wait, poll, flags.fail_fast);
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
    app.add_option("--manifests", flags->manifests,
                   "Manifests or live objects to prove the cause with, and, without a configuration, to read "
                   "the instances from; may be repeated")
        ->type_name("PATH")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    add_options(app, flags->output);
    return [flags](Context const &context) { return run_check(*flags, context); };
}

} // namespace misroute::cli
