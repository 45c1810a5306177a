// SPDX-License-Identifier: Apache-2.0
//
// The line from rows to a report, whatever the rows come from: count everything once, judge, read single rows of the
// few issuers that deserve it, set fallbacks aside, and conclude. Pure but for what the source of rows does.
#pragma once

#include "misroute/config.hpp"
#include "misroute/detect.hpp"
#include "misroute/k8s.hpp"
#include "misroute/model/report.hpp"
#include "misroute/model/row_source.hpp"

#include <optional>
#include <string>
#include <vector>

namespace misroute {

/// What a command knows of the fleet before it reads a row: misroute.yaml, manifests, or both. With a configuration the
/// configuration wins, and manifests add the cluster; without instances in it, the manifests say who enters where and
/// what each instance serves.
struct Fleet
{
    Config config;
    std::optional<Cluster> cluster;    ///< none without manifests
    std::vector<std::string> notes;    ///< for the report: where the instances come from
    std::vector<std::string> warnings; ///< what of the manifests could not be used

    Cluster const *known_cluster() const { return cluster ? &*cluster : nullptr; }
};

/// Joins a configuration and manifests, where there are any.
Fleet fleet_of(Config config, std::optional<std::vector<ManifestText>> const &manifests);

struct ScanRequest
{
    Window window;
    std::optional<ByOption> by; ///< nothing: by host when any row names one, else by key
    Instant now{};
    std::string command;
};

/// What was counted, judged and read: all that conclusions are drawn from.
struct ScanData
{
    Knowledge knows{};
    ByOption by;
    Tally tally;
    Examination examination; ///< with onset and dispatch of those whose rows were read
    Sequences sequences;
    DatabaseModels models;
    std::optional<SourceInfo> origin;
    std::string sampled;       ///< where a sample of metadata stands for the rest; empty when all that matters was read
    std::size_t suspected = 0; ///< issuers whose rows were worth reading
};

/// Counts, judges and reads. Throws what the source throws.
ScanData read_scan(RowSource &source, Expectations const &expected, ScanRequest const &request);

/// Findings, causes and their report.
Report conclude(ScanData &&data, Fleet const &fleet, ScanRequest const &request);

/// Both.
Report investigate(RowSource &source, Fleet const &fleet, ScanRequest const &request);

/// The report that daily roll-ups allow: milliseconds for a year, and there is still an answer when the log was purged.
/// Its notes say what they cannot know, and which days deserve a scan of the log.
Report investigate_days(RowSource &daily, Fleet const &fleet, ScanRequest const &request);

/// What the roll-ups know of the days of the window before `oldest`, the first row of the log; empty when it holds all,
/// or when they know nothing.
std::vector<std::string> notes_of_purged_days(RowSource &daily, std::optional<Instant> oldest, Fleet const &fleet,
                                              ScanRequest const &request);

/// The report of `misroute k8s`: what manifests alone prove. Window, source, totals and cost stay empty, because no row
/// was read. Documents that could not be read, and files that were left out, are notes.
Report investigate_manifests(Cluster cluster, Config const &config, Instant now);

} // namespace misroute
