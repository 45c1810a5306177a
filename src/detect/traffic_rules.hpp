// SPDX-License-Identifier: Apache-2.0
//
// The rules that speak about rows. Each returns one finding an issuer or instance, without fingerprint.
#pragma once

#include "misroute/detect.hpp"

namespace misroute {

std::vector<Finding> provider_mismatch(Facts const &facts);
std::vector<Finding> upstream_mismatch(Facts const &facts);
std::vector<Finding> instance_mismatch(Facts const &facts);
std::vector<Finding> deployment_mismatch(Facts const &facts);
std::vector<Finding> indistinguishable_instances(Facts const &facts);
std::vector<Finding> mixed_backends(Facts const &facts);
std::vector<Finding> unpriced_traffic(Facts const &facts);
std::vector<Finding> models_in_database(Facts const &facts);
std::vector<Finding> no_traffic(Facts const &facts);
std::vector<Finding> unattributed_traffic(Facts const &facts);

} // namespace misroute
