// SPDX-License-Identifier: Apache-2.0
//
// Which deployments are known to be whose, from configuration and traffic.
#pragma once

#include "misroute/model/deployments.hpp"
#include "misroute/model/expectations.hpp"
#include "misroute/model/tally.hpp"

#include <string>
#include <vector>

namespace misroute {

/// The instances a cell may have entered at: by host, else by key, else by team. `key_name` is the alias or name of
/// its key.
std::vector<std::size_t> entered_at(Expectations const &expected, CellKey const &cell, std::string const &key_name);

/// What configuration and traffic say of the deployments of a window. An id is learned from a clean time when the
/// requests before its first answer elsewhere exclude, at 99 %, the share it has there since, and when the two
/// instances had no deployment of these models in common: entries that were copied are rotated one after the other.
DeploymentOwners known_deployments(Tally const &tally, Expectations const &expected);

} // namespace misroute
