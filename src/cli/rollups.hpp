// SPDX-License-Identifier: Apache-2.0
//
// The same line from counts to a report, on LiteLLM's daily roll-ups: milliseconds for a year, and there is still an
// answer when the log was purged.
#pragma once

#include "cli/investigate.hpp"

#include <string>
#include <vector>

namespace misroute::cli {

/// The report that roll-ups allow; its notes say what they cannot know, and which days deserve a scan of the log.
Report investigate_rollups(Source &source, Config const &config, Inquiry const &inquiry, Cluster const *cluster);

/// What the roll-ups know of the days of the window that the log does not hold any more; empty when it holds all, or
/// when they know nothing.
std::vector<std::string> notes_of_purged_days(Source &source, Config const &config, Inquiry const &inquiry);

} // namespace misroute::cli
