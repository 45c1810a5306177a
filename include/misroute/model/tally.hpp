// SPDX-License-Identifier: Apache-2.0
//
// What a window of spend logs adds up to: requests counted by who asked, who answered and what kind of row it was.
// One tally serves every `--by`; it is small whatever the number of rows.
#pragma once

#include "misroute/model/backend.hpp"
#include "misroute/model/series.hpp"
#include "misroute/model/time.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace misroute {

/// The group key. Strings are as read from rows (hostile), already normalised by model/litellm.hpp.
struct CellKey
{
    std::string host; ///< hostname of entry, lower case without port; empty when the row names none
    std::string key;  ///< api_key: a 64-digit hash, or one of LiteLLM's literals; raw keys are hashed on reading
    std::string team;
    std::string entity; ///< user, end user, address or tag value when `--by` asks for one, else empty
    Backend backend;
    std::string model;
    std::string model_group; ///< the name the client asked for
    std::string model_id;    ///< the deployment
    ExclusionReason reason = ExclusionReason::none;

    auto operator<=>(CellKey const &) const = default;
};

/// The issuer's name in a dimension other than keys; empty where the row has none, and its key is the issuer.
std::string entity_of(CellKey const &cell, IssuerKind by);

struct Cell
{
    Sums total;
    Series series;

    void add(Instant bucket, Sums const &sums);
    Cell &operator+=(Cell const &other);
};

using Cells = std::map<CellKey, Cell>;

/// What stands for the names that a tally had no room for. Hostile clients may choose it too: it only ever merges.
inline constexpr std::string_view k_overflow = "(others)";

/// Which names a tally had room for, by a hash of the name: all below a threshold, and what was configured. The
/// thresholds depend on the rows alone, never on the order they came in.
struct Overflow
{
    static constexpr std::uint64_t k_none = ~std::uint64_t{0};
    std::uint64_t issuers_below = k_none;
    std::uint64_t models_below = k_none;
    std::int64_t issuer_requests = 0; ///< counted under k_overflow because their issuer had no room
    std::int64_t model_requests = 0;  ///< likewise their model or deployment

    bool any() const { return issuers_below != k_none || models_below != k_none; }
};

/// A stretch of the window that could not be read.
struct Gap
{
    Window window;
    std::string reason;
};

struct Tally
{
    Window window;
    Milliseconds bucket{}; ///< width of the buckets of every series
    Cells cells;
    Overflow overflow;
    std::vector<Gap> gaps;                      ///< in order of time
    std::map<std::string, std::string> aliases; ///< api_key hash → key alias, where there is one

    /// The name of a key in reports: alias, literal, or the first 12 hex digits of its hash.
    std::string key_name(std::string const &key) const;
    std::int64_t scanned() const;
};

/// Width of the time buckets of a window: the smallest round duration that gives at most 96.
Milliseconds bucket_width(Window const &window);

/// Start of the bucket that `at` lies in: a multiple of `width` since 1970.
Instant bucket_of(Instant at, Milliseconds width);

/// Of each entrance (hostname, or key where rows name no host) and model_id the upstream that its rows show, where all
/// that show one show the same. By entrance, since entries of two instances that take their key or credential from
/// elsewhere have one id and may lead to two upstreams (docs/litellm-rows.md, "What `model_id` says").
using KnownUpstreams = std::map<std::pair<std::string, std::string>, std::string>;

KnownUpstreams known_upstreams(Tally const &tally);

/// Fills blank upstreams with those known of the same entrance and model_id.
void fill_upstreams(Tally &tally, KnownUpstreams const &known);

inline void learn_upstreams(Tally &tally)
{
    fill_upstreams(tally, known_upstreams(tally));
}

} // namespace misroute
