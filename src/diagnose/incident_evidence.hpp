// SPDX-License-Identifier: Apache-2.0
//
// What the causes look at: the facts about affected issuers and instances during the incident, without any opinion.
// Home rows from before the onset and after the end would hide what the incident itself looks like; they are left out,
// by exact rows where these reach back to the onset, else by whole time buckets.
#pragma once

#include "detect/statistics.hpp"
#include "misroute/detect.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// Whether so many foreign answers without a home one between are a route or a new configuration, of an instance that
/// has `home` answers at other times, whoever issued them: one key of its clients may have none. Eight, at least: fewer
/// may be a fallback of a few minutes, and where half of all answers were foreign eight in a row had a chance of 1 in
/// 256. Where nothing ever came home, any number.
inline bool is_lasting(std::int64_t foreign, std::int64_t home)
{
    return foreign >= 8 || home == 0;
}

/// Requests by who answered them: the owner, or the backend's own name where nobody owns it.
struct Answers
{
    std::map<std::string, std::int64_t> by_owner;
    std::int64_t foreign = 0;

    std::int64_t total() const;
    std::int64_t home() const { return total() - foreign; }
    double foreign_share() const;
    /// The name with the most requests (the first of equals) and its share; empty without requests.
    std::pair<std::string, double> dominant() const;
};

/// An issuer that is misrouted, or mixed without being configured.
struct AffectedIssuer
{
    IssuerView const *view = nullptr;
    Sequence const *sequence = nullptr; ///< none when no exact rows were read
    Dispatch dispatch;
    Window incident;                        ///< whole buckets inside it; the outer ones too when there are few
    Answers answers;                        ///< during the incident
    std::map<std::string, Answers> by_host; ///< the same, by hostname of entry, of rows that name one
    bool interleaved = false;
    std::optional<Milliseconds> pace; ///< median time between neighbouring requests with different answers
    std::int64_t foreign_after_failure = 0;
    std::int64_t home_after_failure = 0;
    std::int64_t foreign_rows = 0; ///< exact ones, which the two counts above are taken from
    std::int64_t home_rows = 0;

    std::string name() const { return view->report.issuer.text(); }
    bool configured() const { return view->report.verdict == Verdict::misrouted; }
};

/// A row of the matrix "entered at × answered by".
struct Entered
{
    std::string instance;
    Answers requests;
    Answers clients; ///< keys that (nearly) one backend alone answered, counted once each
    std::int64_t mixed_clients = 0;
};

struct IncidentEvidence
{
    std::vector<AffectedIssuer> affected;
    std::vector<Entered> matrix; ///< instances with judged rows, in the order of their names
    GTest sameness;              ///< of the rows of the matrix: a small p means that the instances differ
    bool sticky_clients = false; ///< whole clients are home or foreign: `sameness` compares clients, not requests
    std::int64_t foreign = 0;
    std::int64_t foreign_unowned = 0;     ///< answered by backends that no configured instance serves
    std::int64_t foreign_in_database = 0; ///< answered by deployments that stand in LiteLLM_ProxyModelTable
    std::int64_t foreign_with_model_id = 0;
    std::int64_t foreign_by_own_entries =
        0; ///< by deployments that the owner of the backend, whose rows show others, has not
    std::int64_t foreign_by_owners_entries = 0; ///< by deployments that the owner's own rows show
    std::int64_t marked_fallbacks = 0;          ///< excluded as such
    bool markers_written = false;               ///< by the LiteLLM version(s) of the rows seen
    std::set<std::string> unowned;              ///< names of such backends

    std::int64_t misrouted_instances() const;
    /// (Nearly) all foreign answers came from entries that the instances entered at have for other instances'
    /// upstreams.
    bool by_own_entries() const;
    /// (Nearly) all came from entries of the instances that own the backends.
    bool by_owners_entries() const;
    /// The row of an instance, or nullptr.
    Entered const *entered(std::string_view instance) const;
};

IncidentEvidence incident_evidence_of(Facts const &facts);

/// Answers at home of all issuers of an instance in the window; 0 for one that is not configured.
std::int64_t home_of(Facts const &facts, std::string_view instance);

/// "the database adds no models: 0 rows in both tables", or what it adds, or that it could not be asked.
std::string database_sentence(DatabaseModels const &database);

/// "claude 34, kelly 33, yxaiapp 33".
std::string text_of(Answers const &answers);

} // namespace misroute
