// SPDX-License-Identifier: Apache-2.0
//
// Reading a LiteLLM database. One object a command: it connects, finds the spend log, and answers a handful of
// questions with as little work for the server as each of them needs. It only reads, and never a prompt.
#pragma once

#include "misroute/config.hpp"
#include "misroute/model/bounded_cells.hpp"
#include "misroute/model/row_source.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace misroute {

/// How far a scan is; told after every slice.
struct Progress
{
    std::size_t slices_done = 0;
    std::size_t slices = 0;
    std::int64_t rows = 0;
};

struct SourceOptions
{
    std::string url; ///< libpq's or Prisma's connection string; empty: libpq's own environment
    Entry entry;
    Expectations expectations;        ///< whose names always have a place of their own, however many others there are
    CardinalityLimits limits;         ///< for the names of others
    std::string command = "misroute"; ///< shown to the DBA in application_name
    Milliseconds statement_timeout{60'000};
    Milliseconds lock_timeout{5'000};
    /// Trouble with the server, all of the command's together; then what was counted is all there is.
    Milliseconds give_up_after{30'000};
    int jobs = 2;                                        ///< connections that read slices
    int slices = 0;                                      ///< cut the window into so many; 0: one slice a bucket
    Milliseconds slice{};                                ///< or into slices of this length; 0: see slices
    std::string cache_file;                              ///< where counts of old slices are kept; empty: nowhere
    bool rebuild = false;                                ///< count everything again, and keep that
    Milliseconds settle_time = std::chrono::minutes{15}; ///< rows older than that, by the server's clock, are final
    int max_load = 0; ///< read no slice while more other backends are active; 0: whatever they do
    Milliseconds longest_pause = std::chrono::minutes{10}; ///< for that; then what is left becomes a gap
    std::function<void(std::int64_t)> waiting;        ///< told the number of active backends, by one thread at a time
    std::function<void(std::string const &)> warn;    ///< what is odd but no reason to stop; may be empty
    std::function<void(std::string const &)> log_sql; ///< every statement with its timing; may be empty
    std::function<void(Progress const &)> progress;   ///< called from one thread at a time; may be empty
    bool examine = false; ///< only health() will be asked: columns that may not be read are no reason to stop
    std::stop_token stop; ///< a request cancels the running statements on the server
};

/// What `doctor` wants to know about the table.
struct TableHealth
{
    std::string server_version;
    bool standby = false;
    std::string relation;
    std::string kind;        ///< "table", "partitioned table", "view", …
    std::int64_t shards = 0; ///< of a distributed table of Citus
    bool legacy = false;     ///< a "LiteLLM_SpendLogs_legacy" stands beside it
    std::vector<std::string> missing_columns;
    std::vector<std::string> unreadable_columns;
    std::vector<std::string> unreadable_needed; ///< without which nothing can be counted; see SourceOptions::examine
    bool time_index = false;
    std::optional<Instant> newest;
    Instant server_now{};
};

class Source
{
public:
    /// Connects and finds the spend log. Throws Error when the server cannot be reached, or has no such table, or
    /// the role may not read what cannot be done without.
    explicit Source(SourceOptions options);
    ~Source();
    Source(Source const &) = delete;
    Source &operator=(Source const &) = delete;

    SourceInfo info() const;

    /// Counts the rows of a window in slices, on `jobs` connections. A slice that stays unreadable becomes a gap.
    Tally tally(Window const &window, ByOption const &by);

    /// Counts candidates again, with `reason` taken from what metadata says of them, and with names overflowed and
    /// upstreams learned as in `counted`. What that counted under k_overflow is left out.
    Tally tally_markers(Tally const &counted, ByOption const &by, Candidates const &candidates);

    /// Counts LiteLLM's daily roll-ups: providers by the day, no upstreams, whole days in UTC. Throws Error when there
    /// is no such roll-up. From then on info() names the relation it came from.
    Tally daily(Window const &window, ByOption const &by);

    /// When the oldest row of the log began; nothing for an empty log.
    std::optional<Instant> oldest();

    /// How far the newest row lies after the server's clock, when that is more than five minutes: its writer's time
    /// zone is not UTC.
    std::optional<Milliseconds> ahead();

    /// At most `limit` rows, oldest first whichever end they were taken from.
    std::vector<Row> rows(RowQuery const &query, ByOption const &by);

    /// Models and settings that the database itself adds.
    struct Models
    {
        bool readable = false;
        std::vector<std::string> model_ids;
        std::vector<std::string> config_params;
    };
    Models models();

    TableHealth health();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The spend log as an investigation sees it: it knows everything.
std::shared_ptr<RowSource> log_rows(std::shared_ptr<Source> source);

/// LiteLLM's daily roll-ups: providers by the day, of whole days in UTC. Counts by host where any tag names one, else
/// by key, unless told.
std::shared_ptr<RowSource> daily_rows(std::shared_ptr<Source> source);

} // namespace misroute
