// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include "cli/terminal.hpp"
#include "misroute/detect.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

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
    auto const xdg = environment("XDG_STATE_HOME");
    auto const home = environment("HOME");
    if (xdg.empty() && home.empty()) {
        return {};
    }
    return (xdg.empty() ? home + "/.local/state" : xdg) + "/misroute/slices.sqlite";
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

Instant instant_of(std::string const &text, std::string const &flag, Instant now)
{
    auto const instant = parse_instant(text, now);
    if (!instant) {
        throw Error{
            fmt::format("{} is no time: \"{}\"", flag, text), {}, "write 2026-11-22T20:00:00Z, 2026-11-22, 24h or 7d"};
    }
    return *instant;
}

Milliseconds duration_of(std::string const &text, std::string const &flag, Milliseconds least)
{
    auto const duration = parse_duration(text);
    if (!duration || *duration < least) {
        throw Error{fmt::format("{} is no duration: \"{}\"", flag, text), {}, "write 30s, 15m, 24h or 7d"};
    }
    return *duration;
}

void add_options(CLI::App &app, SourceFlags &flags)
{
    auto *group = app.add_option_group("Source");
    group->add_option("--db", flags.db, "Connection string; LiteLLM's own DATABASE_URL will do")->type_name("URL");
    group->add_option("-c,--config", flags.config, "Configuration file (default: misroute.yaml if there is one)")
        ->type_name("FILE");
    group->add_option("--jobs", flags.jobs, "Connections that read at the same time")
        ->check(CLI::Range(1, k_most_jobs))
        ->capture_default_str();
    auto *slices = group->add_option("--slices", flags.slices, "Cut the window into so many queries")
                       ->check(CLI::Range(1, 100'000));
    group->add_option("--slice", flags.slice, "Or into queries of this length, such as 15m")
        ->type_name("DURATION")
        ->excludes(slices);
    group->add_option("--statement-timeout", flags.statement_timeout, "Longest a query may run")
        ->type_name("DURATION")
        ->capture_default_str();
    group->add_option("--lock-timeout", flags.lock_timeout, "Longest a query may wait for a lock")
        ->type_name("DURATION")
        ->capture_default_str();
    group
        ->add_option("--max-load", flags.max_load,
                     "Pause while more than this many other backends are active on the server")
        ->check(CLI::Range(1, 100'000));
    auto *no_cache = group->add_flag("--no-cache", flags.no_cache,
                                     "Count every slice; do not keep counts under $XDG_STATE_HOME/misroute");
    group->add_flag("--rebuild", flags.rebuild, "Count every slice again, and keep those counts")->excludes(no_cache);
    group
        ->add_option("--settle-time", flags.settle_time,
                     "Keep counts of slices that ended this long ago; LiteLLM writes a row when its call ends")
        ->type_name("DURATION")
        ->capture_default_str();
    group->add_flag("--log-sql", flags.log_sql, "Show every statement with its timing on stderr");
}

void add_options(CLI::App &app, WindowFlags &flags)
{
    auto *group = app.add_option_group("Window");
    group->add_option("--since", flags.since, "Start: a time, a day, or how long ago")
        ->type_name("TIME")
        ->capture_default_str();
    group->add_option("--until", flags.until, "End, exclusive (default: now)")->type_name("TIME");
    group->add_option("--now", flags.now, "Take this as the present, for reproducible reports")->type_name("TIME");
}

void add_options(CLI::App &app, OutputFlags &flags)
{
    std::vector<std::string> names{"auto"};
    for (auto const &format : formats()) {
        names.emplace_back(format.name);
    }
    auto *group = app.add_option_group("Output");
    flags.app = &app;
    group->add_option("-f,--format", flags.formats, fmt::format("One of: {}", fmt::join(names, ", ")))
        ->type_name("FORMAT")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    group->add_option("-o,--output", flags.files, "Write to a file, whole or not at all; may be repeated with --format")
        ->type_name("FILE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    group->add_option("--fail-on", flags.fail_on, "Lowest severity that makes the exit code 1")
        ->check(CLI::IsMember({"error", "warning", "info", "never"}))
        ->capture_default_str();
    group->add_flag("--exit-zero", flags.exit_zero, "Exit 0 where findings would make it 1");
    group->add_option("--color", flags.color, "Colours")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
    group->add_flag("--no-progress", flags.no_progress, "No progress line on a terminal");
    group->add_flag("-q,--quiet", flags.quiet, "Nothing on stderr but errors, and no report when all is clean");
    group->add_flag("-v,--verbose", flags.verbose, "Show what is folded; twice: also what misroute does");
}

void add_manifests(CLI::App &app, std::vector<std::string> &paths, std::string const &help)
{
    app.add_option("--manifests", paths, help)
        ->type_name("PATH")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_environment(CLI::App &app)
{
    for (auto *option : app.get_options([](CLI::Option const *) { return true; })) {
        auto const names = option->get_lnames();
        if (names.empty() || !option->get_envname().empty() || names.front() == "help") {
            continue;
        }
        std::string variable = "MISROUTE_" + names.front();
        std::transform(variable.begin(), variable.end(), variable.begin(), [](char letter) {
            return letter == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
        });
        option->envname(variable);
    }
    for (auto *child : app.get_subcommands([](CLI::App const *) { return true; })) {
        add_environment(*child);
    }
}

Instant now_of(WindowFlags const &flags)
{
    auto const clock = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    return flags.now.empty() ? clock : instant_of(flags.now, "--now", clock);
}

Window window_of(WindowFlags const &flags, Instant now)
{
    Window const window{instant_of(flags.since, "--since", now),
                        flags.until.empty() ? now : instant_of(flags.until, "--until", now)};
    if (window.since >= window.until) {
        throw Error{fmt::format("the window ends before it starts: {} to {}", to_rfc3339(window.since),
                                to_rfc3339(window.until)),
                    {},
                    "choose --since before --until; times without an offset are UTC"};
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

Config find_config(std::string const &given, Instant now)
{
    Config config;
    if (!given.empty()) {
        config = load_config(given, rule_names(), now);
    } else {
        for (auto const &place : config_places()) {
            std::error_code ignored;
            if (std::filesystem::exists(place, ignored)) {
                config = load_config(place, rule_names(), now);
                break;
            }
        }
    }
    for (auto const &warning : config.warnings) {
        spdlog::warn("{}", safe(warning));
    }
    return config;
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
    options.statement_timeout = duration_of(flags.statement_timeout, "--statement-timeout");
    options.lock_timeout = duration_of(flags.lock_timeout, "--lock-timeout");
    options.jobs = flags.jobs;
    options.slices = flags.slices;
    options.slice = flags.slice.empty() ? Milliseconds{} : duration_of(flags.slice, "--slice");
    options.stop = context.stop;
    options.settle_time = duration_of(flags.settle_time, "--settle-time", Milliseconds{});
    options.cache_file = flags.no_cache ? std::string{} : cache_file();
    options.rebuild = flags.rebuild;
    options.max_load = flags.max_load;
    options.warn = [](std::string const &message) { spdlog::warn("{}", safe(message)); };
    if (flags.log_sql) {
        options.log_sql = [](std::string const &statement) { spdlog::info("{}", safe_lines(statement)); };
    }
    if (!output.no_progress && !output.quiet && is_terminal(Stream::err)) {
        options.progress = ProgressLine{};
        options.waiting = show_waiting;
    }
    return options;
}

} // namespace misroute::cli
