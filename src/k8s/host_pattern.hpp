// SPDX-License-Identifier: Apache-2.0
//
// Hostnames that stand for several: wildcards, and the regular expressions of Traefik that say no more than those.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace misroute::k8s {

/// Whether "*.example.com" stands for the hostname, with any number of labels before the dot; never for itself.
bool matches_wildcard(std::string_view wildcard, std::string_view host);

/// The hostname, or the wildcard, that a regular expression stands for: "^a\.example\.com$", "[a-z]+\.example\.com",
/// "{any:.+}.example.com". Nothing where it says more than that.
std::optional<std::string> host_of_pattern(std::string_view pattern);

} // namespace misroute::k8s
