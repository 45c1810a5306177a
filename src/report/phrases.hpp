// SPDX-License-Identifier: Apache-2.0
//
// Numbers, times and conclusions in words, for the terminal formats. The phrases may contain → – · ×, which TextCanvas
// spells out where a terminal has none of them.
#pragma once

#include "misroute/model/report.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace misroute::phrase {

/// "62 %", "0.4 %", "99.97 %": never 0 or 100 for a share that is not.
std::string percent(double share);

/// "62 % [31–86 %]".
std::string share(Share const &share);

/// "$0.21", "$1,234.50", "less than $0.01".
std::string usd(double amount);

/// "$0.076", "<$0.001"; "-" for nothing, as LiteLLM's own pages show it.
std::string cost(std::int64_t nano);

/// "24 h", "3 d 4 h", "1 min 30 s", "250 ms": the two largest units that are not zero.
std::string duration(Milliseconds length);

/// "2026-11-22 20:28", with seconds only when there are any.
std::string time(Instant at, Zone const &zone = {});

/// "20:28:21" when the window lies within one day, else "2026-11-22 20:28:21".
std::string time_within(Instant at, Window const &window, Zone const &zone = {});

/// "2026-11-22 14:00 → 2026-11-23 14:00 UTC"; the day of the end is left out when it is the same.
std::string window(Window const &window, Zone const &zone = {});

/// "claude.goodvision.tech", "key jms-test".
std::string issuer(Issuer const &issuer);

/// "since 20:28:21, ongoing", "from … to …, in 2 episodes".
std::string onset(Onset const &onset, Window const &window, Zone const &zone = {});

/// "compatible with a round-robin over 3 pods"; without the order of the requests.
std::string dispatch(Dispatch const &dispatch);

/// "26 scanned = 20 home + 5 foreign + 1 excluded (1 cache-hit)"; classes without a row are left out.
std::string classes(ClassCounts const &counts);

/// "a Service selects the pods of several instances": the title in the table of causes, else the name.
std::string cause(std::string_view name);

} // namespace misroute::phrase
