// SPDX-License-Identifier: Apache-2.0
//
// The groups of options that commands share. Each is a plain struct with its defaults; reading them does no work.
#pragma once

#include "cli/arguments.hpp"
#include "cli/context.hpp"
#include "misroute/report.hpp"
#include "misroute/source.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::cli {

/// Where the configuration and the database are.
struct SourceFlags
{
    std::string db;     ///< --db
    std::string config; ///< --config
    std::string statement_timeout = "60s";
    std::string lock_timeout = "5s";
    std::string give_up_after = "30s";
    int jobs = 2;
    int slices = 0;
    std::string slice;
    std::string settle_time = "15m";
    bool no_cache = false;
    bool rebuild = false;
    int max_load = 0;
    bool log_sql = false;
};

/// Which stretch of time.
struct WindowFlags
{
    std::string since = "24h";
    std::string until;
    std::string now;
};

/// What is printed, where, and when it makes the exit code 1.
struct OutputFlags
{
    std::vector<Written> destinations; ///< -f and -o in the order in which they were written
    std::string fail_on = "error";
    std::string color = "auto";
    std::string tz;   ///< --tz
    std::string post; ///< --post: a secret
    bool brief = false;
    bool exit_zero = false;
    bool allow_inconclusive = false; ///< of check alone
    bool no_progress = false;
    bool quiet = false;
    int verbose = 0;
};

void add_options(Arguments arguments, SourceFlags &flags);
void add_options(Arguments arguments, WindowFlags &flags);
void add_options(Arguments arguments, OutputFlags &flags);

/// The heading of the options that say how a database is read. They stand last in every help.
inline constexpr std::string_view k_rare_options = "Reading the database";

/// --by WHAT.
void add_by(Arguments arguments, std::string &by);

/// -o, and what is said on stderr, of commands that write one document: `flags` holds the latter.
void add_one_output(Arguments arguments, std::string &file, OutputFlags &flags);

/// --tz ZONE.
void add_zone(Arguments arguments, std::string &zone);

/// Which manifests are read, and how.
struct ManifestFlags
{
    std::vector<std::string> paths;
    bool no_render = false;
};

/// --manifests PATH, as often as wanted, and --no-render.
void add_manifests(Arguments arguments, ManifestFlags &flags, std::string const &help);

/// A hundred years; no clock overflows with it.
inline constexpr Milliseconds k_longest_duration = std::chrono::days{36500};

/// PostgreSQL's own bound of statement_timeout and lock_timeout: 2^31 - 1 milliseconds, in whole days.
inline constexpr Milliseconds k_longest_timeout = std::chrono::days{24};

/// "30s", "15m"; `flag` is what the message names. Throws Error when it is no duration, shorter than `least` or
/// longer than `most`.
Milliseconds duration_of(std::string const &text, std::string const &flag, Milliseconds least = Milliseconds{1},
                         Milliseconds most = k_longest_duration);

/// A time, a day, or how long before `now`. Throws Error when it is none of these.
Instant instant_of(std::string const &text, std::string const &flag, Instant now, Zone const &zone);

/// --now, or the clock. Throws Error when it is no time.
Instant now_of(WindowFlags const &flags, Zone const &zone);

/// Throws Error when a bound is no time, or the window ends before it starts.
Window window_of(WindowFlags const &flags, Instant now, Zone const &zone);

/// "host", "tag:NAME", …; nothing for an empty text. Throws Error with the nearest word.
std::optional<ByOption> by_of(std::string const &text);

/// The file that --config or MISROUTE_CONFIG gives, else the first that exists of the places below; empty when none
/// does.
std::string config_file(std::string const &given);

/// The configuration of --config, MISROUTE_CONFIG, or the first that exists of ./misroute.yaml,
/// $XDG_CONFIG_HOME/misroute/config.yaml and /etc/misroute/config.yaml; an empty one when there is none.
Config find_config(std::string const &given, Instant now);

/// Throws Error when a configuration that was `named` holds no instance: nothing could be called wrong, and a scan
/// without findings would look like a clean one.
void expect_instances(std::string const &named, Config const &config);

/// Names of all rules, for `ignore`.
std::vector<std::string> rule_names();

/// Everything a Source needs. The database is --db, MISROUTE_DB, DATABASE_URL, database.url, or libpq's environment.
SourceOptions source_options(SourceFlags const &flags, OutputFlags const &output, Config const &config,
                             std::string const &command, Context const &context);

} // namespace misroute::cli
