// SPDX-License-Identifier: Apache-2.0
//
// From counted rows to findings. Two steps: examine() gives every row a class and every issuer a verdict; the table
// of detectors turns what was examined into findings. Pure: nothing here reads a database, a file or a clock.
#pragma once

#include "misroute/model/deployments.hpp"
#include "misroute/model/expectations.hpp"
#include "misroute/model/report.hpp"
#include "misroute/model/row.hpp"
#include "misroute/model/row_source.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// The verdict on one cell or row.
struct Judged
{
    RowClass row_class = RowClass::unknown;
    InstanceNames owner;                 ///< see BackendUse::owner
    InstanceNames instance;              ///< entered at; none when unassigned, several for a key of several
    std::optional<Rule> rule;            ///< of foreign rows: a mismatch
    Severity severity = Severity::error; ///< of foreign rows: warning where it may be the instance's own work
    bool elsewhere = false; ///< the deployment or stamp is known as another instance's: no marker excuses it
};

/// Decides, in this order: excluded, unassigned, unknown, home or foreign. `key_name` is the alias or name of the key
/// in `cell`. Of what is known, the strongest decides: a stamp, the deployment, provider and upstream. A marker excuses
/// nothing that a deployment of another instance's answered. A deployment that only traffic tells is no reason to call
/// a row foreign where provider and upstream do already: the rule of a finding must not depend on who else had traffic.
Judged judge(Expectations const &expected, CellKey const &cell, std::string const &key_name,
             DeploymentOwners const &owners = {});

/// Home and foreign requests of an issuer in one time bucket.
struct SeriesPoint
{
    Instant since{};
    Sums home;
    Sums foreign;
};

/// A judged cell of an issuer.
struct IssuerCell
{
    CellKey key;
    Sums sums;
    Judged judged;
};

/// Everything counted about one issuer. `report.onset` and `report.dispatch` are filled later, from exact rows.
struct IssuerView
{
    IssuerReport report;
    std::vector<IssuerCell> cells;   ///< in the order of their keys
    std::vector<SeriesPoint> series; ///< of suspects: in order of time, only buckets with home or foreign rows
};

/// All rows of a window, judged and grouped by issuer.
struct Examination
{
    IssuerKind by = IssuerKind::host;
    ClassCounts totals;
    Cost cost;
    std::vector<IssuerView> issuers;       ///< misrouted first, then by requests, then by name
    std::vector<InstanceReport> instances; ///< in the order of their names
    DeploymentOwners deployments;          ///< as far as it is known whose they are
};

/// A row without a value for `by` is counted under its key, so that nothing is lost.
Issuer issuer_of(Tally const &tally, CellKey const &cell, IssuerKind by);

/// Of the configured instances those that were `asked` are reported.
Examination examine(Tally const &tally, Expectations const &expected, IssuerKind by, Asked const &asked = {});

/// The part of Examination::cost that one issuer is responsible for.
Cost cost_of_issuer(Examination const &examination, IssuerView const &issuer);

/// Issuers whose rows are worth reading one by one: misrouted ones, and unconfigured ones of which two backends
/// answered one model group during overlapping times.
std::vector<Issuer> suspects(Examination const &examination);

/// Misrouted first, then mixed, then by requests, then by name.
void sort_issuers(std::vector<IssuerView> &issuers);

/// One row with its verdict.
struct JudgedRow
{
    Row row;
    Judged judged;
};

/// The verdict on a row, metadata's word included: a fallback, an internal call or a router's choice is excluded where
/// it would be foreign; where it was answered at home it is home.
JudgedRow judge(Expectations const &expected, Tally const &tally, Row row, DeploymentOwners const &owners = {});

/// Exact rows of an affected issuer, a bounded number of them, oldest first.
struct Sequence
{
    std::vector<JudgedRow> newest;  ///< the newest rows of the window
    std::vector<JudgedRow> before;  ///< the rows right before the first foreign one: only their times and verdicts
    std::vector<JudgedRow> foreign; ///< the first few foreign (or, unconfigured, mixed) rows: evidence
    bool markers_written = false;   ///< LiteLLM's version writes fallback markers into the rows seen
    std::set<std::string> marked;   ///< deployments of which such a row carries a marker, and is foreign but for that
};

using Sequences = std::map<Issuer, Sequence>;

/// All that detectors and causes may look at; valid for one command.
struct Facts
{
    Tally const &tally;
    Expectations const &expected;
    Examination const &examination;
    Sequences const &sequences;
    DatabaseModels const &database_models;
    Cluster const *cluster = nullptr;
    Knowledge knows = Knowledge::everything(); ///< what the rows can tell; rules and causes that need more do not run
};

/// How a rule is found.
struct Detector
{
    Rule rule;
    std::vector<Finding> (*run)(Facts const &);
    Knowledge needs{}; ///< without which it would only guess
};

/// One for each of rules(), in their order.
std::span<Detector const> detectors();

/// Runs every detector that has what it needs; findings gravest first, then by requests, then by rule, issuer, instance
/// and object.
std::vector<Finding> detect(Facts const &facts);

} // namespace misroute
