// SPDX-License-Identifier: Apache-2.0
#include "source/slice_cells.hpp"

#include "source/slice_bytes.hpp"

namespace misroute {

namespace {

constexpr std::size_t k_few_groups = 1'000; // half a megabyte of ordinary names

} // namespace

void SliceCells::add(Group &&group)
{
    m_few.push_back(std::move(group));
    if (m_few.size() == k_few_groups) {
        if (!m_many) {
            m_many.emplace(m_make_bounded());
        }
        count_few(*m_many);
    }
}

std::optional<std::string> SliceCells::bytes() const
{
    if (m_many && m_many->overflow().any()) {
        return std::nullopt;
    }
    SliceWriter writer;
    for (auto const &group : m_few) {
        Cell cell;
        cell.add(group.bucket, group.sums);
        writer.add(group.key, cell);
    }
    if (m_many) {
        m_many->visit([&](CellKey const &key, Cell const &cell) { writer.add(key, cell); });
    }
    return writer.bytes();
}

void SliceCells::move_to(BoundedCells &all)
{
    count_few(all);
    if (m_many) {
        all.merge(std::move(*m_many));
        m_many.reset();
    }
}

void SliceCells::count_few(BoundedCells &cells)
{
    for (auto const &group : m_few) {
        cells.add(group.key, group.bucket, group.sums);
    }
    m_few.clear();
}

} // namespace misroute
