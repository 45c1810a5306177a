// SPDX-License-Identifier: Apache-2.0
//
// The report for a terminal: the verdict first, then the proof, then the cause, then what to do.
#pragma once

#include "misroute/report.hpp"

namespace misroute {

std::string render_table(Report const &report, RenderOptions const &options);

} // namespace misroute
