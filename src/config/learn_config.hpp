// SPDX-License-Identifier: Apache-2.0
//
// What traffic says about a fleet that nobody has described: who entered where, and who answered. Pure: a tally in, a
// text out. It shows what was, not what was meant, so it learns only from issuers of which every model was answered by
// one backend throughout: whoever learned from mixed traffic would declare the fault to be the intent.
#pragma once

#include "config/write_config.hpp"
#include "misroute/model/tally.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace misroute {

/// Fewer requests than this say nothing: even traffic that is dealt to three pods in turn may have hidden two of them.
inline constexpr std::int64_t k_fewest_requests = 3;

/// Why an issuer was not learned.
enum class Doubt
{
    none,
    mixed,    ///< one model of it was answered by several backends during overlapping times
    switched, ///< by one backend after the other
    too_few,
};

/// A host, or a key of rows that name none, with everything that answered it.
struct SeenIssuer
{
    Issuer issuer;
    std::map<Backend, Sums> backends;                               ///< known ones only
    std::map<std::string, std::map<std::string, Sums>> deployments; ///< by model group, then by model_id
    std::set<std::string> keys;                                     ///< aliases
    std::string doubtful_model;                                     ///< the model group that mixed or switched
    Doubt doubt = Doubt::none;
};

/// Issuers that one and the same backends answer, by deployments of which none contradicts another: one model served at
/// the same time by deployments that have none in common is the work of two model lists.
struct LearnedInstance
{
    std::string name; ///< the stamp of its deployments, else the first label of its host, else its key
    std::vector<SeenIssuer> issuers;
    std::set<Expectation> expect;
    std::set<std::string> keys; ///< aliases that were seen at no other issuer
    std::set<std::string>
        deployments; ///< ids that were seen at no other instance, but for those of the database's models
    Sums sums;
};

struct Learned
{
    std::vector<LearnedInstance> instances; ///< in the order of their names
    std::vector<SeenIssuer> doubtful;       ///< in the order of their names
    std::int64_t unnamed = 0;               ///< requests of issuers whose names no configuration can hold
};

Learned learn(Tally const &tally);

/// The configuration with what was learned, and as comments what was not, and why.
ProposedConfig config_from_traffic(Tally const &tally);

/// What a probe saw as a block of YAML: under each instance its `deployments`, or as a comment why there are none.
std::string probed_deployments(std::map<std::string, std::set<std::string>> const &deployments, Instant now);

} // namespace misroute
