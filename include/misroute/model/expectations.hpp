// SPDX-License-Identifier: Apache-2.0
//
// The intent: which instances there are, who belongs to them, and which backend each of them serves. Made from
// misroute.yaml or from manifests; the only place where names of issuers are matched.
#pragma once

#include "misroute/model/backend.hpp"
#include "misroute/model/finding.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// A backend that an instance serves. An empty part admits anything.
struct Expectation
{
    std::string provider; ///< normalised like Backend::provider
    std::string upstream; ///< normalised like Backend::upstream; `*` globs; without a port any port

    /// "anthropic at api.anthropic.com".
    std::string text() const;
    auto operator<=>(Expectation const &) const = default;
};

/// One LiteLLM installation with its own configuration.
struct Instance
{
    std::string name;
    std::vector<std::string> hosts; ///< exact names or `*` globs, lower case
    std::vector<std::string> keys;  ///< aliases, `*` globs, or hash prefixes of at least 8 hex digits
    std::vector<std::string> teams; ///< team ids or `*` globs
    std::vector<Expectation> expect;
    std::string workload;             ///< "namespace/name" of the Deployment, or empty
    std::optional<Location> location; ///< where the configuration names it
    /// The model_id of entries of its model list: whole, or the first 8 or more digits of one that LiteLLM made (a
    /// hash, a UUID).
    std::vector<std::string> deployments{};
    bool open = false; ///< it serves more than could be read: what no instance owns may be its own
};

/// Everything configured about the fleet. Indices into `instances` are the identity of an instance everywhere else.
struct Expectations
{
    std::vector<Instance> instances;
    std::string instance_tag = "instance"; ///< name of the tag that deployments are stamped with

    bool empty() const { return instances.empty(); }

    /// The instance a hostname belongs to; an exact entry beats a glob, an earlier glob a later one.
    std::optional<std::size_t> by_host(std::string_view host) const;

    /// All instances a key stands under: exact entries when there are any, else those whose globs match.
    std::vector<std::size_t> by_key(std::string_view hash, std::string_view alias) const;
    std::vector<std::size_t> by_team(std::string_view team) const;

    /// All instances whose configuration lists a deployment, those that give its whole id before those that give its
    /// first digits; several where an entry was copied to the letter.
    std::vector<std::size_t> by_deployment(std::string_view model_id) const;

    /// The instance of that name.
    std::optional<std::size_t> by_name(std::string_view name) const;
};

/// Whether a backend is what is expected. The same vendor at the expected upstream is, whatever LiteLLM calls it.
bool admits(Expectation const &expect, Backend const &backend);

/// Whether some backend may be what both expect.
bool overlap(Expectation const &left, Expectation const &right);

/// Whether `backend` is what `instance` serves. A part that either side does not know is not held against it,
/// unless nothing known is left to compare. The stamp is not looked at.
bool serves(Instance const &instance, Backend const &backend);

/// `*` matches any run of characters; everything else is literal.
bool glob_match(std::string_view pattern, std::string_view text);

/// The word of `known` nearest to `word`: at most a third of its letters, but one at least, added, dropped, replaced
/// or swapped with their neighbours. Empty when none is near. For "did you mean".
std::string nearest(std::string_view word, std::vector<std::string> const &known);

} // namespace misroute
