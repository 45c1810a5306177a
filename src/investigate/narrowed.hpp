// SPDX-License-Identifier: Apache-2.0
//
// A part of a source of rows: what is not asked for is as if it had never been there, so that counts add up and no
// instance that was left out is called silent.
#pragma once

#include "misroute/model/expectations.hpp"
#include "misroute/model/row_source.hpp"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace misroute {

/// What is asked for; of each kind names or `*` globs, one of which has to match. An empty list admits everything.
struct Narrowing
{
    std::vector<std::string> instances; ///< that the request entered at
    std::vector<std::string> hosts;
    std::vector<std::string> keys;   ///< aliases, or 8 or more digits of a hash
    std::vector<std::string> models; ///< as the client asked for them, or as the deployment names them

    bool empty() const { return instances.empty() && hosts.empty() && keys.empty() && models.empty(); }
};

/// Keeps `expected`, which has to live as long.
class NarrowedRows final : public RowSource
{
public:
    NarrowedRows(std::shared_ptr<RowSource> source, Narrowing narrowing, Expectations const &expected);

    Knowledge knows() const override { return m_source->knows(); }
    /// Of the configured instances those that were named, and those that a request of the part entered at.
    Asked asked() const override { return m_asked; }
    std::optional<SourceInfo> origin() const override { return m_source->origin(); }
    Tally tally(Window const &window, std::optional<ByOption> const &by) override;
    Tally tally_markers(Tally const &counted, ByOption const &by, Candidates const &which) override;
    std::vector<Row> rows(RowQuery const &query, ByOption const &by) override;
    DatabaseModels models() override { return m_source->models(); }
    std::vector<Gap> missed() const override { return m_source->missed(); }

    /// What was asked for and is known neither to the configuration nor, of all that was counted, to the traffic:
    /// "--host nobody.example". None where not every name could be kept.
    std::vector<std::string> unknown() const override;

private:
    void look_for_names(Tally const &counted);
    bool admits(CellKey const &key) const;
    Tally narrowed(Tally tally) const;

    std::shared_ptr<RowSource> m_source;
    Narrowing m_narrowing;
    Expectations const &m_expected;
    Expectations m_names; ///< the hosts and keys asked for, as if they were those of one instance
    Tally m_aliases;      ///< without cells: only what key_name() needs
    std::set<std::string> m_asked;
    std::set<std::pair<std::string, std::string>> m_missing; ///< an option, and its value
    bool m_all_kept = true;
};

/// The patterns that no configured instance matches.
std::vector<std::string> instances_of_nobody(std::vector<std::string> const &patterns, Expectations const &expected);

} // namespace misroute
