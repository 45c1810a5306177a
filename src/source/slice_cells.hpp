// SPDX-License-Identifier: Apache-2.0
//
// What is counted in one slice, apart from the others until the slice is whole.
#pragma once

#include "misroute/model/bounded_cells.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace misroute {

/// Most slices have few groups, which are only listed; where there are many they overflow as they come, so that a
/// slice cannot take more room than the window may.
class SliceCells
{
public:
    struct Group
    {
        CellKey key;
        Instant bucket;
        Sums sums;
    };

    /// `make_bounded` makes an empty collection; it must outlive the object.
    explicit SliceCells(std::function<BoundedCells()> const &make_bounded) : m_make_bounded{make_bounded} {}

    void add(Group &&group);

    /// For the cache (slice_bytes.hpp); nothing when something overflowed, which this configuration did and another may
    /// not.
    std::optional<std::string> bytes() const;

    /// Adds everything to `all`; nothing is left.
    void move_to(BoundedCells &all);

private:
    void count_few(BoundedCells &cells);

    std::function<BoundedCells()> const &m_make_bounded;
    std::vector<Group> m_few;
    std::optional<BoundedCells> m_many;
};

} // namespace misroute
