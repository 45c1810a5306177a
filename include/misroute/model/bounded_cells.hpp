// SPDX-License-Identifier: Apache-2.0
//
// Cells that stay small whatever clients choose to call themselves and their models. What is configured always has a
// place of its own; of everything else there is room for the names whose hashes are smallest, and the rest is counted
// under k_overflow. Which names those are depends on the rows alone: not on slices, connections or the order of
// arrival, because room only ever shrinks, and a name that still has room at the end has had it all along.
#pragma once

#include "misroute/model/expectations.hpp"
#include "misroute/model/tally.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

namespace misroute {

/// How much may be kept. A cell weighs 24 and 1 for each 64 bytes of its names, a bucket of its series 1: at most about
/// a hundred bytes each, the copies that are judged included. Two thousand keys that ask three models over 60 buckets
/// of time weigh more than 600,000; names that are made up, each for one request, reach the number of issuers long
/// before.
struct CardinalityLimits
{
    std::size_t issuers = 4'000;         ///< unconfigured combinations of host, key, team and entity
    std::size_t issuer_weight = 750'000; ///< of the cells of these
    std::size_t model_weight = 65'000;   ///< of the cells of everybody else, in all their models and backends
};

/// What may not overflow. References must outlive their users.
struct Configured
{
    Expectations const &expectations;
    std::map<std::string, std::string> const &aliases; ///< api_key hash → alias, of configured keys
};

/// The key of a row whose issuer has no room: configured names stay, those that a pattern matches become the pattern,
/// all others k_overflow. Every verdict on it is the same as before.
CellKey overflow_issuer(CellKey key, Configured const &configured);

/// The same for the model, the deployment, and what of the backend nobody expects.
CellKey overflow_model(CellKey key, Configured const &configured);

class BoundedCells
{
public:
    BoundedCells(Configured const &configured, CardinalityLimits const &limits)
        : m_configured{configured},
          m_limits{limits}
    {
    }
    /// Overflows exactly what another tally did, so that the cells of both can stand side by side.
    BoundedCells(Configured const &configured, Overflow const &as);

    void add(CellKey const &key, Instant bucket, Sums const &sums);
    void add(CellKey const &key, Cell &&cell);
    void merge(BoundedCells &&other);

    Overflow const &overflow() const { return m_overflow; }
    /// Every cell, in no order.
    void visit(std::function<void(CellKey const &, Cell const &)> const &on_cell) const;
    /// All cells; nothing is left.
    Cells take();

private:
    struct Unit
    {
        Cells cells;
        std::size_t weight = 0;
    };
    using Units = std::map<std::uint64_t, Unit>; ///< by the hash of what is kept or overflows as a whole

    void add_cell(CellKey const &key, Cell &&cell);
    void add_placed(CellKey const &key, Cell &&cell);
    void trim();
    static Units narrow(Units &units, std::size_t &weight, std::uint64_t &below, std::uint64_t to);
    static std::size_t put(Unit &unit, CellKey const &key, Cell &&cell);

    Configured m_configured;
    CardinalityLimits m_limits;
    Overflow m_overflow;
    Units m_issuers; ///< of issuers that can overflow
    std::size_t m_issuer_weight = 0;
    Units m_models; ///< of all other issuers
    std::size_t m_model_weight = 0;
    Cells m_overflowed;                ///< of models without room
    std::set<std::uint64_t> m_settled; ///< issuers that overflowing would not change
};

} // namespace misroute
