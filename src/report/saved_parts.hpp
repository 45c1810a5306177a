// SPDX-License-Identifier: Apache-2.0
//
// The parts of a saved report that have a file of their own, and what reports and traces share.
#pragma once

#include "misroute/model/report.hpp"
#include "report/json_reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace misroute::saved {

Window window_of(JsonReader const &json);
std::optional<Location> location_of(JsonReader const &json);
Dispatch dispatch_of(JsonReader const &json);
Issuer issuer_of(JsonReader const &json);
RowClass class_of(JsonReader const &json);

IssuerReport issuer_report_of(JsonReader const &json);
Cluster cluster_of(JsonReader const &json);
CheckResult check_of(JsonReader const &json);
Cause cause_of(JsonReader const &json);

/// None for a rule that this version does not know.
std::optional<Finding> finding_of(JsonReader const &json);

} // namespace misroute::saved
