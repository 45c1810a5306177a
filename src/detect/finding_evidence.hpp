// SPDX-License-Identifier: Apache-2.0
//
// What findings about rows show: a few example requests, and the backends that were seen.
#pragma once

#include "misroute/detect.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace misroute {

/// The first few of an issuer's rows that were read as evidence and are wanted.
std::vector<Evidence> evidence(Facts const &facts, Issuer const &issuer,
                               std::function<bool(JudgedRow const &)> const &wanted);

/// "openai at kellycloudai.com, yxaiapp.com; azure": upstreams grouped by provider.
std::string backends_text(std::set<Backend> const &backends);

} // namespace misroute
