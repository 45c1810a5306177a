// SPDX-License-Identifier: Apache-2.0
//
// The count of one slice as bytes, for the cache: its texts, each once, and then its cells, which name texts by their
// numbers. The format is private to one version of the cache file: what does not read back to the last byte is not what
// was written.
#pragma once

#include "misroute/model/tally.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace misroute {

/// Gathers the cells of one slice.
class SliceWriter
{
public:
    void add(CellKey const &key, Cell const &cell);
    std::string bytes() const;

private:
    std::unordered_map<std::string, std::int64_t> m_numbers; ///< of texts
    std::string m_texts;
    std::string m_cells;
};

/// Adds up slices that were cached. A report of a month has the same few cells in every slice: texts are looked up once
/// a slice, cells by numbers.
class CachedCells
{
public:
    using OnCell = std::function<void(CellKey const &, Cell &&)>;

    /// False, with nothing added, when the bytes are not those of one slice.
    bool add(std::string_view bytes);

    /// How many sums are held, one for each cell and bucket: about a hundred bytes each.
    std::size_t size() const { return m_size; }

    /// Hands out every cell once, in no order; nothing is left.
    void take(OnCell const &on_cell);

private:
    using Name = std::array<std::uint32_t, 11>; ///< numbers of the ten texts of a CellKey, and its reason
    struct HashOfName
    {
        std::size_t operator()(Name const &name) const;
    };
    std::uint32_t number_of(std::string_view text);

    std::deque<std::string> m_texts;
    std::unordered_map<std::string_view, std::uint32_t> m_numbers; ///< views of m_texts
    std::unordered_map<Name, Cell, HashOfName> m_cells;
    std::size_t m_size = 0;
};

} // namespace misroute
