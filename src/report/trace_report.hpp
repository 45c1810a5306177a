// SPDX-License-Identifier: Apache-2.0
//
// One issuer's requests in order, rendered while they are read: a window may hold millions, so a renderer is given one
// request at a time and keeps a bounded amount of each. The parts it returns, joined, are the document.
#pragma once

#include "detect/traced.hpp"
#include "misroute/report.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace misroute {

/// Called in this order: begin once, row for every request, oldest first, end once.
class TraceRenderer
{
public:
    TraceRenderer() = default;
    TraceRenderer(TraceRenderer const &) = delete;
    TraceRenderer &operator=(TraceRenderer const &) = delete;
    virtual ~TraceRenderer() = default;

    virtual std::string begin(TraceHeader const &header) = 0;
    virtual std::string row(TraceRow const &row) = 0;
    virtual std::string end(TraceSummary const &summary) = 0;
};

/// A row of the table of formats that `misroute trace` can write.
struct TraceFormat
{
    std::string_view name;
    std::string_view extension; ///< file ending that implies the format, with its dot
    std::string_view help;
    std::unique_ptr<TraceRenderer> (*make)(RenderOptions const &);
};

std::span<TraceFormat const> trace_formats();

/// The format of that name, or nullptr.
TraceFormat const *find_trace_format(std::string_view name);

} // namespace misroute
