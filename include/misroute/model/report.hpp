// SPDX-License-Identifier: Apache-2.0
//
// The whole result of a command, before any format: the waist of the hour-glass. Formats read it and nothing else.
// Field by field this is the JSON document of docs/report.schema.json.
#pragma once

#include "misroute/model/backend.hpp"
#include "misroute/model/cluster.hpp"
#include "misroute/model/finding.hpp"
#include "misroute/model/instance_names.hpp"
#include "misroute/model/row.hpp"
#include "misroute/model/tally.hpp"
#include "misroute/model/time.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace misroute {

enum class Verdict
{
    clean,      ///< home rows and not one foreign
    misrouted,  ///< at least one foreign row
    mixed,      ///< nothing configured, and one model group interleaves between backends
    unknown,    ///< assigned, but no row tells who answered
    unassigned, ///< belongs to no configured instance
    no_traffic, ///< a configured instance without rows
};
std::string_view to_string(Verdict verdict);

/// A share with its 95 % Wilson interval (docs/detection.md).
struct Share
{
    double estimate = 0;
    double low = 0;
    double high = 0;
};

/// How an issuer's requests are spread over backends (docs/detection.md).
enum class Pattern
{
    single,
    round_robin,
    random,
    sticky,
    switched,
    undetermined,
};
std::string_view to_string(Pattern pattern);

struct Dispatch
{
    Pattern pattern = Pattern::undetermined;
    std::optional<int> backends;            ///< estimated pods behind the hostname; none when it cannot be told
    std::optional<Share> backends_interval; ///< the estimate with its 95 % limits, in pods
    bool certain = false;                   ///< "is" when true, "compatible" when the sample is too small to be sure
    std::optional<double> z;                ///< of the runs test
    double dependence = 1;                  ///< requests worth one independent one; above 1 only where sticky
    std::string order; ///< the newest requests of the incident, oldest first, as letters: "A K Y A K Y A K"
    std::map<std::string, char> letters{}; ///< the letter of everybody who answered; not in a saved report
};

/// When foreign answers began and whether they go on.
struct Onset
{
    Instant earliest{};
    Instant at{};
    std::optional<Instant> ended_at;
    bool ongoing = true;
    int episodes = 1;
};

/// What one backend answered of an issuer's requests, in one class.
struct BackendUse
{
    Backend backend;
    InstanceNames owner; ///< the instances that serve it; none when nobody does
    RowClass row_class = RowClass::unknown;
    Sums sums;
    std::vector<std::string> models; ///< sorted, at most 20
};

/// Rows by class. `scanned` is their sum, always.
struct ClassCounts
{
    std::int64_t home = 0, foreign = 0, unknown = 0, excluded = 0, unassigned = 0;
    std::array<std::int64_t, k_exclusion_reasons> by_reason{}; ///< indexed by ExclusionReason; [none] stays 0

    std::int64_t scanned() const { return home + foreign + unknown + excluded + unassigned; }
    void add(RowClass row_class, ExclusionReason reason, std::int64_t requests);
    bool operator==(ClassCounts const &) const = default;
};

/// What was answered of an issuer's requests in one stretch of the window, by whom.
struct CoursePoint
{
    Window stretch; ///< aligned to the clock: the first and the last may reach beyond the window
    std::int64_t home = 0;
    std::int64_t foreign = 0;
    std::map<std::string, std::int64_t> by_owner; ///< who answered → requests: an instance, or the backend nobody owns
    std::int64_t unpriced_tokens = 0;             ///< of foreign rows with tokens and no spend
};

/// One request in its place among the others.
struct AnsweredRequest
{
    Instant time{};
    std::string answered_by; ///< as in CoursePoint::by_owner
    RowClass row_class = RowClass::unknown;
    std::string model;
};

struct IssuerReport
{
    Issuer issuer;
    InstanceNames instance; ///< several for a key that stands under several
    Verdict verdict = Verdict::unassigned;
    ClassCounts counts;
    std::map<InstanceNames, std::int64_t>
        excluded_elsewhere;             ///< by owner: rows set aside with another instance's backend
    std::optional<Share> foreign_share; ///< of home + foreign; none without foreign rows
    std::vector<BackendUse> backends;   ///< most requests first
    std::optional<Onset> onset;
    std::optional<Dispatch> dispatch;
    std::vector<CoursePoint> series;       ///< in order of time, without empty stretches; of suspects only, at most 97
    std::vector<AnsweredRequest> sequence; ///< oldest first, of the incident where there is one; at most 400
};

struct InstanceReport
{
    std::string name;
    Verdict verdict = Verdict::no_traffic;
    ClassCounts counts;
    std::map<std::string, std::int64_t> answered_by; ///< owner → requests, home and foreign rows; "(nobody)" for none
    std::optional<Location> location;
};

struct Cost
{
    std::int64_t foreign_tokens = 0;
    std::int64_t foreign_spend_nano = 0;
    std::int64_t unpriced_requests = 0; ///< foreign rows with tokens and no spend
    std::int64_t unpriced_tokens = 0;
    std::optional<double> estimated_unbilled_usd; ///< none when no home rows of the same model group have a price
};

/// Where the rows came from.
struct SourceInfo
{
    std::string kind = "postgres";
    std::string database;
    std::string host; ///< server or socket folder; never a user or password
    std::string relation;
    std::optional<Milliseconds> ahead; ///< how far its newest row lies in the future, where it does
};

/// What `check` concluded about one instance.
struct CheckedInstance
{
    std::string name;
    std::int64_t home = 0;
    std::int64_t foreign = 0;
    double effective = 0;                 ///< independent requests that the clean ones amount to
    std::optional<double> excludes_share; ///< the smallest wrong share that would have been seen
    std::int64_t missing = 0;             ///< clean requests that would still have to come; 0 when it is decided
    std::string verdict = "inconclusive"; ///< as of the whole check
    std::string sentence;                 ///< why
};

struct CheckResult
{
    std::string verdict; ///< "pass", "fail" or "inconclusive"
    std::int64_t waited_seconds = 0;
    double confidence = 0.95;
    double exclude_share = 0.10; ///< the smallest wrong share that had to be excluded
    std::vector<CheckedInstance> instances;
    std::string sentence;
};

/// What a report is compared with: the same stretch of the log as it was judged earlier.
struct Changes
{
    std::optional<Instant> since; ///< the end of the earlier window; none: nothing was ever told before
    bool lost_sight = false;      ///< requests could be judged then, and none can now
};

struct Report
{
    std::string version; ///< of the misroute that made it; empty for this one
    std::string command;
    Instant generated_at{};
    std::optional<Window> window;     ///< none for commands that read no rows
    std::optional<SourceInfo> source; ///< likewise
    std::string by = "host";          ///< what --by asked for
    std::vector<Gap> gaps;
    std::optional<ClassCounts> totals;     ///< likewise
    std::optional<Cost> cost;              ///< likewise
    std::vector<InstanceReport> instances; ///< in the order of their names
    std::vector<IssuerReport> issuers;     ///< misrouted first, then by requests
    std::vector<Finding> findings;         ///< gravest first, then by requests
    std::vector<Cause> causes;             ///< best first
    std::optional<Cluster> cluster;
    std::optional<CheckResult> check;
    std::optional<Changes> changes; ///< where findings have states
    std::vector<std::string> notes; ///< sentences that qualify the report ("the database adds no models: …")
    std::string config_file;        ///< the configuration used, or empty
    /// What was asked for could not all be looked at: a name that nobody knows, a finding that this version cannot
    /// read, or a saved report that says so.
    bool partial = false;

    /// Everything was read. Manifests beside traffic only explain it: there, what is missing of them is no gap.
    bool complete() const { return gaps.empty() && !partial && (window || !cluster || cluster->complete()); }

    /// Whether anything got a verdict. Of traffic: a row that is home or foreign, or an issuer that is mixed where
    /// nothing is configured; of manifests: a Service or a workload.
    bool examined() const;
};

} // namespace misroute
