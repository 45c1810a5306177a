// SPDX-License-Identifier: Apache-2.0
//
// The count of one slice as bytes, for the cache. The format is private to one version of misroute on one machine: what
// does not read back to the last byte is not what was written.
#pragma once

#include "misroute/model/tally.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace misroute {

/// Gathers the cells of one slice.
class SliceWriter
{
public:
    void add(CellKey const &key, Cell const &cell);
    std::string const &bytes() const { return m_bytes; }

private:
    std::string m_bytes;
};

using OnCell = std::function<void(CellKey const &, Cell const &)>;

/// Hands out every cell. False, possibly after some, when the bytes are not those of slices one after the other.
bool read_slice(std::string_view bytes, OnCell const &on_cell);

} // namespace misroute
