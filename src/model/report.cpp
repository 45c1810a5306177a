// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/report.hpp"

#include <algorithm>

namespace misroute {

std::string_view to_string(Verdict verdict)
{
    constexpr std::array<std::string_view, 6> k_words{"clean",   "misrouted",  "mixed",
                                                      "unknown", "unassigned", "no-traffic"};
    return k_words.at(static_cast<std::size_t>(verdict));
}

std::string_view to_string(Pattern pattern)
{
    constexpr std::array<std::string_view, 6> k_words{"single", "round-robin", "random",
                                                      "sticky", "switched",    "undetermined"};
    return k_words.at(static_cast<std::size_t>(pattern));
}

void ClassCounts::add(RowClass row_class, ExclusionReason reason, std::int64_t requests)
{
    switch (row_class) {
    case RowClass::home:
        home += requests;
        break;
    case RowClass::foreign:
        foreign += requests;
        break;
    case RowClass::unknown:
        unknown += requests;
        break;
    case RowClass::unassigned:
        unassigned += requests;
        break;
    case RowClass::excluded:
        excluded += requests;
        by_reason.at(static_cast<std::size_t>(reason)) += requests;
        break;
    }
}

bool Report::examined() const
{
    if (!totals) {
        return cluster && !(cluster->services.empty() && cluster->workloads.empty());
    }
    bool const mixed = std::any_of(issuers.begin(), issuers.end(),
                                   [](IssuerReport const &issuer) { return issuer.verdict == Verdict::mixed; });
    return mixed || totals->home + totals->foreign > 0;
}

} // namespace misroute
