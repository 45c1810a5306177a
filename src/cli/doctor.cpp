// SPDX-License-Identifier: Apache-2.0
//
// misroute doctor: can this database be read, how much of its traffic can be attributed, and what would make it more.
#include "cli/commands.hpp"
#include "cli/log.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "cli/zone.hpp"
#include "misroute/detect.hpp"
#include "misroute/model/litellm.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>

namespace misroute::cli {

namespace {

constexpr Milliseconds k_clock_tolerance = std::chrono::seconds{30};
constexpr Milliseconds k_row_delay = std::chrono::minutes{5}; // LiteLLM writes rows within 30 s of a call's end

constexpr std::string_view k_grants =
    "as the table's owner, NAME being this role: misroute grants --role NAME | psql -d DATABASE";

enum class Grade
{
    good,
    hint, ///< nothing is wrong, but something could be better
    bad,  ///< something to fix: exit code 1
};

struct Check
{
    Grade grade = Grade::good;
    std::string text;
    std::string advice;
};

using Checks = std::vector<Check>;

/// What a report loses without a column.
std::string_view loss(std::string_view column)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> k_losses{{
        {"request_tags", "no hostnames and no instance stamps: issuers are keys only"},
        {"status", "failures are not told from rows with a blank backend"},
        {"metadata", "fallbacks cannot be told from misrouted requests"},
        {"user", "no --by user"},
        {"end_user", "no --by end-user"},
        {"requester_ip_address", "no --by ip"},
    }};
    auto const *const found =
        std::find_if(k_losses.begin(), k_losses.end(), [&](auto const &row) { return row.first == column; });
    return found == k_losses.end() ? "" : found->second;
}

void check_columns(Checks &checks, TableHealth const &health)
{
    for (auto const &column : health.missing_columns) {
        checks.push_back({Grade::hint, fmt::format("column {} is missing: {}", column, loss(column)),
                          "a newer LiteLLM adds it with its migrations"});
    }
    for (auto const &column : health.unreadable_columns) {
        checks.push_back(
            {Grade::bad, fmt::format("column {} may not be read: {}", column, loss(column)), std::string{k_grants}});
    }
    if (!health.unreadable_needed.empty()) {
        checks.push_back({Grade::bad,
                          fmt::format("columns that nothing can be counted without may not be read: {}",
                                      fmt::join(health.unreadable_needed, ", ")),
                          std::string{k_grants}});
    }
    if (health.missing_columns.empty() && health.unreadable_columns.empty() && health.unreadable_needed.empty()) {
        checks.push_back({Grade::good, "every column a report uses is there and may be read", {}});
    }
}

void check_table(Checks &checks, SourceInfo const &info, TableHealth const &health)
{
    checks.push_back({Grade::good,
                      fmt::format("PostgreSQL {}{}, database {}", health.server_version,
                                  health.standby ? " (hot standby)" : "", info.database),
                      {}});
    checks.push_back({Grade::good, fmt::format("{} is a {}", health.relation, health.kind), {}});
    if (health.shards > 0) {
        checks.push_back(
            {Grade::good, fmt::format("Citus distributes it over {}", text::counted(health.shards, "shard")), {}});
    }
    if (health.legacy) {
        checks.push_back({Grade::hint, "a table \"LiteLLM_SpendLogs_legacy\" stands beside it: older rows are there",
                          "misroute reads the current table only"});
    }
    check_columns(checks, health);
    if (health.time_index || health.kind == "view") {
        checks.push_back({Grade::good, "an index on \"startTime\" leads to a window's rows", {}});
    } else {
        checks.push_back({Grade::bad, "no index begins with \"startTime\": every slice reads the whole table",
                          "create index concurrently on \"LiteLLM_SpendLogs\" (\"startTime\", request_id);"});
    }
}

void check_clock(Checks &checks, TableHealth const &health, Instant now, bool own_clock)
{
    auto const off = health.server_now > now ? health.server_now - now : now - health.server_now;
    if (own_clock && off > k_clock_tolerance) {
        checks.push_back({Grade::bad,
                          fmt::format("the clocks of this machine and the server differ by {} s",
                                      std::chrono::duration_cast<std::chrono::seconds>(off).count()),
                          "run an NTP client on both"});
    }
    if (!health.unreadable_needed.empty()) {
        return; // no row may be read
    }
    if (!health.newest) {
        checks.push_back({Grade::bad, "the spend log is empty",
                          "check general_settings.disable_spend_logs and SPEND_LOGS_URL of LiteLLM"});
        return;
    }
    if (*health.newest > health.server_now + k_clock_tolerance) {
        checks.push_back(
            {Grade::bad,
             "newest row: " + to_rfc3339(*health.newest) + ", which lies in the future: its time zone is not UTC",
             "startTime has to be UTC: find the proxy or the copy that writes it in another time zone"});
        return;
    }
    bool const stale = health.server_now - *health.newest > k_row_delay;
    checks.push_back({stale ? Grade::hint : Grade::good, "newest row: " + to_rfc3339(*health.newest),
                      stale ? "no traffic, or LiteLLM does not write: rows appear within 30 s of a call's end" : ""});
}

/// What could not be read may hold what no tick can vouch for.
void check_gaps(Checks &checks, std::vector<Gap> const &gaps)
{
    for (auto const &gap : gaps) {
        checks.push_back({Grade::bad,
                          fmt::format("{} to {} could not be read: {}", to_rfc3339(gap.window.since),
                                      to_rfc3339(gap.window.until), gap.reason),
                          "what follows is about the rest of the window alone; raise --statement-timeout, or cut the "
                          "window into more --slices"});
    }
}

/// How many rows of the window can be attributed.
struct Attribution
{
    std::int64_t rows = 0, hosts = 0, stamps = 0, aliases = 0;
    std::set<std::string> seen_hosts;
    std::set<std::pair<std::string, std::string>> seen_keys; ///< hash and name
};

Attribution attribution_of(Tally const &tally)
{
    Attribution seen;
    for (auto const &[key, cell] : tally.cells) {
        if (key.reason != ExclusionReason::none) {
            continue;
        }
        auto const requests = cell.total.requests;
        seen.rows += requests;
        seen.hosts += key.host.empty() ? 0 : requests;
        seen.stamps += key.backend.stamp.empty() ? 0 : requests;
        seen.aliases += tally.aliases.contains(key.key) ? requests : 0;
        seen.seen_hosts.insert(key.host);
        seen.seen_keys.emplace(key.key, tally.key_name(key.key));
    }
    return seen;
}

void check_attribution(Checks &checks, Attribution const &seen, Entry const &entry)
{
    auto const share = [&](std::int64_t count) {
        return fmt::format("{} of {}", text::grouped(count), text::counted(seen.rows, "row"));
    };
    checks.push_back({seen.hosts == seen.rows ? Grade::good : Grade::bad,
                      fmt::format("{} name the host they entered by (tags: {})", share(seen.hosts),
                                  fmt::join(entry.host_tags, ", ")),
                      seen.hosts == seen.rows ? ""
                                              : "on every LiteLLM instance, in lower case:\n"
                                                "litellm_settings:\n  extra_spend_tag_headers: [\"host\"]"});
    checks.push_back({seen.stamps == seen.rows ? Grade::good : Grade::hint,
                      fmt::format("{} carry an instance stamp (tag: {})", share(seen.stamps), entry.instance_tag),
                      seen.stamps == seen.rows
                          ? ""
                          : fmt::format("exact proof of who answered; in every deployment of instance NAME:\n"
                                        "litellm_params:\n  tags: [\"{}:NAME\"]",
                                        entry.instance_tag)});
    checks.push_back({seen.aliases == seen.rows ? Grade::good : Grade::hint,
                      fmt::format("{} belong to a key with an alias", share(seen.aliases)),
                      seen.aliases == seen.rows ? "" : "give keys an alias; others are shown by 12 hex digits"});
}

void check_configuration(Checks &checks, Attribution const &seen, Config const &config)
{
    if (config.file.empty()) {
        checks.push_back({Grade::hint, "no configuration: nobody's answers can be called wrong, only mixed",
                          "misroute init writes one"});
        return;
    }
    if (config.expectations.instances.empty()) {
        checks.push_back({Grade::bad,
                          fmt::format("{} holds no instance: nobody's answers can be called wrong", config.file),
                          "misroute init writes one"});
    }
    for (auto const &instance : config.expectations.instances) {
        for (auto const &host : instance.hosts) {
            bool const appears = std::any_of(seen.seen_hosts.begin(), seen.seen_hosts.end(),
                                             [&](std::string const &known) { return glob_match(host, known); });
            if (!appears) {
                checks.push_back({Grade::hint, fmt::format("host {} of {} never appears", host, instance.name),
                                  "check its spelling, or whether the ingress passes the Host header on"});
            }
        }
        for (auto const &key : instance.keys) {
            Expectations const one{{Instance{.name = instance.name, .keys = {key}}}};
            bool const appears = std::any_of(seen.seen_keys.begin(), seen.seen_keys.end(), [&](auto const &known) {
                return !one.by_key(known.first, known.second).empty();
            });
            if (!appears) {
                checks.push_back({Grade::hint, fmt::format("key {} of {} never appears", key, instance.name),
                                  "check the alias, or the first 8 or more hex digits of its hash"});
            }
        }
    }
}

/// Of which instances a clean report proves nothing against each other.
void check_distinguishable(Checks &checks, Tally const &tally, Config const &config)
{
    auto const examination = examine(tally, config.expectations, IssuerKind::host);
    for (auto const &finding : detect({tally, config.expectations, examination, {}, {}})) {
        if (finding.rule == Rule::indistinguishable_instances) {
            checks.push_back({Grade::hint, finding.message, "misroute explain indistinguishable-instances"});
        }
    }
}

std::string render(Checks const &checks, RenderOptions const &options)
{
    std::string result;
    for (auto const &check : checks) {
        std::string_view const mark = check.grade == Grade::good   ? (options.unicode ? "✓" : "ok")
                                      : check.grade == Grade::hint ? "!"
                                                                   : (options.unicode ? "✗" : "x");
        result += fmt::format("{} {}\n", text::padded(mark, options.unicode ? 1 : 2), safe(check.text));
        for (auto const &line : text::printable_lines(check.advice)) {
            result += check.advice.empty() ? "" : fmt::format("    {}\n", line);
        }
    }
    return result;
}

struct DoctorFlags
{
    SourceFlags source;
    WindowFlags window;
    OutputFlags output;
};

void check_rows(Checks &checks, Source &source, Window const &window, Config const &config)
{
    auto const tally = source.tally(window, {});
    check_gaps(checks, tally.gaps);
    auto const seen = attribution_of(tally);
    if (seen.rows == 0) {
        checks.push_back(
            {Grade::bad,
             fmt::format("no ordinary row between {} and {}", to_rfc3339(window.since), to_rfc3339(window.until)),
             "widen the window with --since 7d"});
    } else {
        check_attribution(checks, seen, config.entry);
    }
    check_configuration(checks, seen, config);
    check_distinguishable(checks, tally, config);
}

ExitCode run_doctor(DoctorFlags const &flags, Context const &context)
{
    start_log(flags.output.verbose, flags.output.quiet);
    auto const zone = zone_of(flags.output.tz);
    auto const now = now_of(flags.window, zone);
    auto const window = window_of(flags.window, now, zone);
    auto const config = find_config(flags.source.config, now);
    auto options = source_options(flags.source, flags.output, config, "doctor", context);
    options.examine = true;
    Source source{std::move(options)};
    auto const health = source.health();
    Checks checks;
    check_table(checks, source.info(), health);
    check_clock(checks, health, now, flags.window.now.empty());
    if (health.unreadable_needed.empty()) {
        check_rows(checks, source, window, config);
    }
    write_stdout(render(checks, render_options(Stream::out, flags.output.color)));
    bool const bad =
        std::any_of(checks.begin(), checks.end(), [](Check const &check) { return check.grade == Grade::bad; });
    return bad && !flags.output.exit_zero ? ExitCode::findings : ExitCode::clean;
}

} // namespace

Action add_doctor(Arguments arguments)
{
    auto flags = std::make_shared<DoctorFlags>();
    add_options(arguments, flags->source);
    add_options(arguments, flags->window);
    add_zone(arguments, flags->output.tz);
    arguments.option("--color", flags->output.color, "Colours").named("WHEN").one_of({"auto", "always", "never"});
    arguments.flag("--exit-zero", flags->output.exit_zero, "Exit 0 where something to fix would make it 1");
    arguments.flag("--no-progress", flags->output.no_progress, "No progress line on a terminal");
    return [flags](Context const &context) { return run_doctor(*flags, context); };
}

} // namespace misroute::cli
