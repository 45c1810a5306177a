// SPDX-License-Identifier: Apache-2.0
//
// misroute doctor: can this database be read, how much of its traffic can be attributed, and what would make it more.
#pragma once

#include "cli/context.hpp"

namespace misroute::cli {

inline constexpr std::string_view k_doctor_examples =
    R"(  misroute doctor --db postgresql://misroute@db.internal/litellm
  misroute doctor -c misroute.yaml --since 7d)";

Action add_doctor(CLI::App &app);

} // namespace misroute::cli
