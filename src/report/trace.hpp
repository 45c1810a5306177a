// SPDX-License-Identifier: Apache-2.0
//
// The renderers behind the table of trace formats, and what they share.
#pragma once

#include "report/trace_report.hpp"

namespace misroute {

std::unique_ptr<TraceRenderer> make_trace_table(RenderOptions const &options);
std::unique_ptr<TraceRenderer> make_trace_json(RenderOptions const &options);
std::unique_ptr<TraceRenderer> make_trace_csv(RenderOptions const &options);
std::unique_ptr<TraceRenderer> make_trace_markdown(RenderOptions const &options);

/// The reason of an excluded row or the rule of a foreign one; empty for the others.
std::string_view reason_of(JudgedRow const &request);

/// "claude.goodvision.tech", "key jms-test", "instance claude".
std::string subject_of(TraceHeader const &header);

/// As much of a model_id as tells deployments apart: 12 digits, or all of what is no hash. Empty where there is none.
std::string deployment_of(JudgedRow const &request);

} // namespace misroute
