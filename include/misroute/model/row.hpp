// SPDX-License-Identifier: Apache-2.0
//
// One row of "LiteLLM_SpendLogs", as `trace`, evidence and the order of requests need it. Never a prompt.
#pragma once

#include "misroute/model/tally.hpp"

#include <cstdint>
#include <string>

namespace misroute {

/// What LiteLLM wrote into `metadata` about how the row came to be (docs/litellm-rows.md). `written` says whether the
/// version writes such markers at all: without it, their absence proves nothing.
struct Markers
{
    bool written = false;
    ExclusionReason reason = ExclusionReason::none; ///< fallback, internal_call, auto_router or none
};

struct Row
{
    Instant time{};
    std::string request_id;
    CellKey key; ///< the cell it was counted in
    std::int64_t tokens = 0;
    std::int64_t spend_nano = 0; ///< US dollars × 10⁹
    Markers markers;
};

} // namespace misroute
