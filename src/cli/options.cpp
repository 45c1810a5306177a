// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include "cli/last_run.hpp"
#include "cli/log.hpp"
#include "cli/terminal.hpp"
#include "misroute/detect.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace misroute::cli {

namespace {

constexpr int k_most_jobs = 64;

std::string environment(char const *name)
{
    char const *const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): read before any thread starts
    return value == nullptr ? std::string{} : value;
}

/// Where counts of old slices are kept; empty where this user has no folder for state.
std::string cache_file()
{
    auto const folder = state_folder();
    return folder.empty() ? std::string{} : folder + "/slices.sqlite";
}

std::vector<std::string> config_places()
{
    std::vector<std::string> places{"misroute.yaml"};
    auto const xdg = environment("XDG_CONFIG_HOME");
    auto const home = environment("HOME");
    if (!xdg.empty() || !home.empty()) {
        places.push_back((xdg.empty() ? home + "/.config" : xdg) + "/misroute/config.yaml");
    }
    places.emplace_back("/etc/misroute/config.yaml");
    return places;
}

} // namespace

Instant instant_of(std::string const &text, std::string const &flag, Instant now, Zone const &zone)
{
    auto const instant = parse_instant(text, now, zone);
    if (!instant) {
        throw Error{fmt::format("{} is no time: \"{}\"", flag, text),
                    {},
                    "write 2026-11-22T20:00:00Z, 2026-11-22, yesterday, 00:50, 24h or 7d, in the years 1000 to 9999"};
    }
    return *instant;
}

Milliseconds duration_of(std::string const &text, std::string const &flag, Milliseconds least, Milliseconds most)
{
    auto const duration = parse_duration(text);
    if (duration && *duration > most) {
        throw Error{fmt::format("{} is too long: \"{}\"", flag, text), {}, fmt::format("at most {}", to_text(most))};
    }
    if (!duration || *duration < least) {
        throw Error{fmt::format("{} is no duration: \"{}\"", flag, text), {}, "write 30s, 15m, 24h or 7d"};
    }
    return *duration;
}

namespace {

void add_reading(Arguments group, SourceFlags &flags)
{
    group.option("--jobs", flags.jobs, "Connections that read at the same time").between(1, k_most_jobs).with_default();
    auto slices = group.option("--slices", flags.slices, "Cut the window into so many queries").between(1, 100'000);
    group.option("--slice", flags.slice, "Or into queries of this length, such as 15m")
        .named("DURATION")
        .excludes(slices);
    group.option("--statement-timeout", flags.statement_timeout, "Longest a query may run")
        .named("DURATION")
        .with_default();
    group.option("--lock-timeout", flags.lock_timeout, "Longest a query may wait for a lock")
        .named("DURATION")
        .with_default();
    group
        .option("--give-up-after", flags.give_up_after,
                "Longest trouble with the server, all retries together; then report what was counted")
        .named("DURATION")
        .with_default();
    group
        .option("--max-load", flags.max_load, "Pause while more than this many other backends are active on the server")
        .between(1, 100'000);
    auto no_cache = group.flag("--no-cache", flags.no_cache,
                               "Count every slice; do not keep counts under $XDG_STATE_HOME/misroute");
    group.flag("--rebuild", flags.rebuild, "Count every slice again, and keep those counts").excludes(no_cache);
    group
        .option("--settle-time", flags.settle_time,
                "Keep counts of slices that ended this long ago; LiteLLM writes a row when its call ends")
        .named("DURATION")
        .with_default();
    group.flag("--log-sql", flags.log_sql, "Show every statement with its timing on stderr");
}

} // namespace

void add_options(Arguments arguments, SourceFlags &flags)
{
    auto group = arguments.group("Source");
    group.option("--db", flags.db, "Connection string; LiteLLM's own DATABASE_URL will do").named("URL");
    group.option("-c,--config", flags.config, "Configuration file (default: misroute.yaml if there is one)")
        .named("FILE");
    add_reading(arguments.group(k_rare_options), flags);
}

void add_options(Arguments arguments, WindowFlags &flags)
{
    auto group = arguments.group("Window");
    group.option("--since", flags.since, "Start: a time, a day, yesterday, 00:50, or how long ago")
        .named("TIME")
        .with_default();
    group.option("--until", flags.until, "End, exclusive (default: now)").named("TIME");
    group.option("--now", flags.now, "Take this as the present, for reproducible reports").named("TIME");
}

void add_options(Arguments arguments, OutputFlags &flags)
{
    std::vector<std::string> names{"auto"};
    for (auto const &format : formats()) {
        names.emplace_back(format.name);
    }
    auto group = arguments.group("Output");
    group.in_order("-f,--format", flags.destinations, fmt::format("One of: {}", fmt::join(names, ", ")))
        .named("FORMAT")
        .proposing(names);
    group
        .in_order("-o,--output", flags.destinations,
                  "Write to a file, whole or not at all; may be repeated with --format")
        .named("FILE");
    group.option("--fail-on", flags.fail_on, "Lowest severity that makes the exit code 1")
        .named("SEVERITY")
        .one_of({"error", "warning", "info", "never"})
        .with_default();
    group.flag("--brief", flags.brief,
               "The table in five lines: verdict and share, since when, cost, cause, first command");
    group
        .option("--post", flags.post,
                "Send it to a webhook: Slack, Mattermost, Teams, Alertmanager (…/api/v2/alerts), or JSON to any other; "
                "better in MISROUTE_POST, which no list of processes shows")
        .named("URL");
    add_zone(group, flags.tz);
    group.flag("--exit-zero", flags.exit_zero, "Exit 0 where findings would make it 1");
    group.option("--color", flags.color, "Colours").named("WHEN").one_of({"auto", "always", "never"}).with_default();
    group.flag("--no-progress", flags.no_progress, "No progress line on a terminal");
    group.flag("-q,--quiet", flags.quiet, "Nothing on stderr but errors, and no report when nothing was found");
    group.counter("-v,--verbose", flags.verbose, "Show what is folded; twice: also what misroute does");
}

void add_by(Arguments arguments, std::string &by)
{
    arguments
        .option("--by", by,
                "Group by host, key, team, user, end-user, ip or tag:NAME "
                "(default: host when any row names one, else key)")
        .named("WHAT")
        .proposing({"host", "key", "team", "user", "end-user", "ip", "tag:"});
}

void add_one_output(Arguments arguments, std::string &file, OutputFlags &flags)
{
    arguments.option("-o,--output", file, "Write to a file, whole or not at all").named("FILE");
    add_zone(arguments, flags.tz);
    arguments.flag("--no-progress", flags.no_progress, "No progress line on a terminal");
    arguments.flag("-q,--quiet", flags.quiet, "Nothing on stderr but errors");
    arguments.counter("-v,--verbose", flags.verbose, "Twice: also what misroute does");
}

void add_zone(Arguments arguments, std::string &zone)
{
    arguments
        .option("--tz", zone, "Zone of times for people, shown and typed without an offset (default: TZ, else UTC)")
        .named("ZONE");
}

void add_manifests(Arguments arguments, ManifestFlags &flags, std::string const &help)
{
    arguments.repeated("--manifests", flags.paths, help).named("PATH");
    arguments.flag("--no-render", flags.no_render, "Run no kubectl or kustomize for folders with a kustomization");
}

Instant now_of(WindowFlags const &flags, Zone const &zone)
{
    auto const clock = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    return flags.now.empty() ? clock : instant_of(flags.now, "--now", clock, zone);
}

Window window_of(WindowFlags const &flags, Instant now, Zone const &zone)
{
    Window const window{instant_of(flags.since, "--since", now, zone),
                        flags.until.empty() ? now : instant_of(flags.until, "--until", now, zone)};
    if (window.since >= window.until) {
        throw Error{fmt::format("the window ends before it starts: {} to {}", to_rfc3339(window.since),
                                to_rfc3339(window.until)),
                    {},
                    "choose --since before --until; times without an offset are of --tz or TZ, else UTC"};
    }
    return window;
}

std::optional<ByOption> by_of(std::string const &text)
{
    if (text.empty()) {
        return std::nullopt;
    }
    bool const is_tag = text.starts_with("tag:");
    auto const kind = parse_issuer_kind(is_tag ? "tag" : text);
    if (!kind || (text == "tag") || (is_tag && text.size() == 4)) {
        auto const near = nearest(text, {"host", "key", "team", "user", "end-user", "ip", "tag:NAME"});
        throw Error{fmt::format("cannot group by \"{}\"", text),
                    {},
                    near.empty() ? "use host, key, team, user, end-user, ip or tag:NAME"
                                 : fmt::format("did you mean \"{}\"?", near)};
    }
    return ByOption{*kind, is_tag ? text.substr(4) : std::string{}};
}

std::vector<std::string> rule_names()
{
    std::vector<std::string> names;
    for (auto const &row : rules()) {
        names.emplace_back(row.name);
    }
    return names;
}

std::string config_file(std::string const &given)
{
    if (!given.empty()) {
        return given;
    }
    auto const places = config_places();
    auto const found = std::find_if(places.begin(), places.end(), [](std::string const &place) {
        std::error_code ignored;
        return std::filesystem::exists(place, ignored);
    });
    return found == places.end() ? std::string{} : *found;
}

Config find_config(std::string const &given, Instant now)
{
    auto const file = config_file(given);
    auto config = file.empty() ? Config{} : load_config(file, rule_names(), now);
    for (auto const &warning : config.warnings) {
        warn(warning);
    }
    return config;
}

void expect_instances(std::string const &named, Config const &config)
{
    if (!named.empty() && config.expectations.instances.empty()) {
        throw Error{"the configuration holds no instance: nothing could be called wrong", named,
                    "write instances: {claude: {hosts: [claude.example.com], expect: [{provider: anthropic}]}}, or add "
                    "--manifests; misroute init writes one"};
    }
}

SourceOptions source_options(SourceFlags const &flags, OutputFlags const &output, Config const &config,
                             std::string const &command, Context const &context)
{
    SourceOptions options;
    options.url = flags.db.empty() ? environment("DATABASE_URL") : flags.db;
    if (options.url.empty()) {
        options.url = config.database_url;
    }
    options.entry = config.entry;
    options.expectations = config.expectations;
    options.command = command;
    options.statement_timeout =
        duration_of(flags.statement_timeout, "--statement-timeout", Milliseconds{1}, k_longest_timeout);
    options.lock_timeout = duration_of(flags.lock_timeout, "--lock-timeout", Milliseconds{1}, k_longest_timeout);
    options.give_up_after = duration_of(flags.give_up_after, "--give-up-after", Milliseconds{1'000});
    options.jobs = flags.jobs;
    options.slices = flags.slices;
    options.slice = flags.slice.empty() ? Milliseconds{} : duration_of(flags.slice, "--slice");
    options.stop = context.stop;
    options.settle_time = duration_of(flags.settle_time, "--settle-time", Milliseconds{});
    options.cache_file = flags.no_cache ? std::string{} : cache_file();
    options.rebuild = flags.rebuild;
    options.max_load = flags.max_load;
    options.warn = warn;
    if (flags.log_sql) {
        options.log_sql = inform_lines;
    }
    if (!output.no_progress && !output.quiet && is_terminal(Stream::err)) {
        options.progress = ProgressLine{};
        options.waiting = show_waiting;
    }
    return options;
}

} // namespace misroute::cli
