// SPDX-License-Identifier: Apache-2.0
//
// Several backends that answer one issuer in turns are not a wrong route by themselves: LiteLLM balances over the
// entries of one model list too. What tells the two apart is who else meets them.
#pragma once

#include "misroute/detect.hpp"

namespace misroute {

/// Whether an issuer's answers look like load balancing inside its own instance: no backend of them is another
/// instance's, nobody who entered elsewhere meets one of its deployments, although enough others were there to meet
/// them, and the shares are as steady over time as chance allows (G-test of the two halves of its time, p > 0.01). A
/// Service over the pods of several instances gives all their hostnames the same mixture.
bool balanced_inside(Facts const &facts, IssuerView const &issuer);

} // namespace misroute
