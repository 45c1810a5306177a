// SPDX-License-Identifier: Apache-2.0
//
// The renderers behind the table of trace formats, and what they share.
#pragma once

#include "report/trace_report.hpp"

namespace misroute {

std::unique_ptr<TraceRenderer> make_trace_table(RenderOptions const &options);
std::unique_ptr<TraceRenderer> make_trace_json(RenderOptions const &options);
std::unique_ptr<TraceRenderer> make_trace_csv(RenderOptions const &options);

/// The reason of an excluded row or the rule of a foreign one; empty for the others.
std::string_view reason_of(JudgedRow const &request);

} // namespace misroute
