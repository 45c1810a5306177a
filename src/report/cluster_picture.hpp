// SPDX-License-Identifier: Apache-2.0
//
// The way of a request through a cluster, drawn: hostname, Service, pods; another instance's pods stand out.
#pragma once

#include "misroute/model/cluster.hpp"
#include "report/text_canvas.hpp"

#include <string>

namespace misroute {

/// Draws each Service that LiteLLM runs behind, or that a hostname leads to, with the hostnames before it and the
/// workloads behind it.
void draw_cluster(TextCanvas &canvas, Cluster const &cluster);

} // namespace misroute
