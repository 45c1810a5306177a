// SPDX-License-Identifier: Apache-2.0
//
// Where rows come from, as far as an investigation can tell: the spend log, LiteLLM's daily roll-ups, the answers of a
// probe, a simulated fleet. Each says what it knows, and nothing is asked or concluded that takes more than that.
#pragma once

#include "misroute/model/issuer_filter.hpp"
#include "misroute/model/report.hpp"
#include "misroute/model/row.hpp"

#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace misroute {

/// Something that a source of rows may know. Rules and causes name what they cannot do without.
enum class Known
{
    rows,      ///< requests at all; manifests alone know of none
    order,     ///< single requests, one after the other
    course,    ///< they are spread over time, so that what was there before and what changed shows
    upstreams, ///< who answered, beyond the provider: upstream, deployment, stamp
    hosts,     ///< by which hostname each request entered
    markers,   ///< what LiteLLM notes about a row: fallbacks, internal calls, choices of a router
    fallbacks, ///< another deployment may have answered in place of the one that was asked
    database,  ///< which models and settings the database adds
};

/// A set of these.
class Knowledge
{
public:
    constexpr Knowledge(std::initializer_list<Known> known)
    {
        for (auto const one : known) {
            m_bits |= bit(one);
        }
    }
    static constexpr Knowledge everything()
    {
        return {Known::rows,  Known::order,   Known::course,    Known::upstreams,
                Known::hosts, Known::markers, Known::fallbacks, Known::database};
    }

    constexpr bool has(Known one) const { return (m_bits & bit(one)) != 0; }
    constexpr bool covers(Knowledge const &needs) const { return (needs.m_bits & ~m_bits) == 0; }

private:
    static constexpr unsigned bit(Known one) { return 1U << static_cast<unsigned>(one); }

    unsigned m_bits = 0;
};

/// Which issuers' dimension the tally carries beside host, key and team.
struct ByOption
{
    IssuerKind kind = IssuerKind::host;
    std::string tag; ///< for IssuerKind::tag: the tag's name
};

/// Which rows are worth reading metadata for: of one of these deployments and keys, in one of these buckets.
struct Candidates
{
    std::vector<std::string> model_ids;
    std::vector<std::string> keys; ///< empty: any
    std::set<Instant> buckets;
    int one_in = 1; ///< a power of two; of so many rows one, chosen by a hash of its request_id
};

/// A page of rows in order of time.
struct RowQuery
{
    IssuerFilter issuer;
    Window window;
    std::size_t limit = 1000;
    enum class From
    {
        oldest,
        newest,
    } from = From::oldest;
    bool markers = false;                                 ///< read what metadata says (slow: out of line)
    std::optional<std::pair<Instant, std::string>> after; ///< time and request_id of the row before the page
};

/// What the database itself adds to every pod that shares it. Values are encrypted and never read.
struct DatabaseModels
{
    bool readable = false;           ///< both tables could be asked
    std::int64_t models = 0;         ///< rows of LiteLLM_ProxyModelTable
    std::set<std::string> model_ids; ///< at most 10,000
    std::vector<std::string> config; ///< param_name of LiteLLM_Config rows that carry models or router settings
};

/// The instances whose requests a source would hold, by name; nothing: all of them.
using Asked = std::optional<std::set<std::string>>;

/// Only what knows() declares is ever asked for; what needs no declaration has no default.
class RowSource
{
public:
    RowSource() = default;
    RowSource(RowSource const &) = delete;
    RowSource &operator=(RowSource const &) = delete;
    virtual ~RowSource() = default;

    virtual Knowledge knows() const = 0;
    virtual Asked asked() const { return std::nullopt; }

    /// For the report; nothing where there is no database.
    virtual std::optional<SourceInfo> origin() const { return std::nullopt; }

    /// Counts the requests of a window. `by`: nothing for hosts where any request names one, else keys. What cannot be
    /// read becomes a gap.
    virtual Tally tally(Window const &window, std::optional<ByOption> const &by) = 0;

    /// Known::markers. Counts candidates again, with `reason` taken from what metadata says of them.
    virtual Tally tally_markers(Tally const & /*counted*/, ByOption const & /*by*/, Candidates const & /*which*/)
    {
        return {};
    }

    /// Known::order. At most `limit` rows, oldest first whichever end they were taken from.
    virtual std::vector<Row> rows(RowQuery const & /*query*/, ByOption const & /*by*/) { return {}; }

    /// Known::database.
    virtual DatabaseModels models() { return {}; }

    /// Stretches that were counted, and of which something that was asked for afterwards could not be read.
    virtual std::vector<Gap> missed() const { return {}; }

    /// What it was narrowed to and nobody knows ("--host nobody.example"): nothing was examined of that.
    virtual std::vector<std::string> unknown() const { return {}; }
};

} // namespace misroute
