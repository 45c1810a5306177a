// SPDX-License-Identifier: Apache-2.0
//
// The report of `misroute k8s`: what the manifests alone prove.
#pragma once

#include "misroute/detect.hpp"

namespace misroute {

/// Runs the rules about clusters; window, source, totals and cost stay empty, because no row was read. Documents that
/// could not be read, and files that were left out, are notes.
Report examine_cluster(Cluster cluster, Expectations const &expected, Instant now);

} // namespace misroute
