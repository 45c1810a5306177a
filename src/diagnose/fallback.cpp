// SPDX-License-Identifier: Apache-2.0
#include "diagnose/advice.hpp"
#include "diagnose/weigh.hpp"
#include "diagnose/weights.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

/// More than this of all answers is no longer an exception but the rule.
constexpr double k_exception_share = 0.2;

void weigh_failures(Scale &scale, Symptoms const &symptoms)
{
    if (!follows_failures(symptoms)) {
        return;
    }
    std::int64_t after = 0;
    std::int64_t rows = 0;
    for (auto const &flagged : symptoms.flagged) {
        after += flagged.foreign_after_failure;
        rows += flagged.foreign_rows;
    }
    scale.support(
        weights::k_after_failures,
        fmt::format("{} of {} foreign answers stand right after a failure; home answers do not", after, rows));
}

} // namespace

Cause weigh_fallback(Facts const &facts, Symptoms const &symptoms)
{
    auto const share = foreign_share(symptoms);
    auto const thin = share < k_exception_share;
    Scale scale;
    weigh_failures(scale, symptoms);
    if (thin && symptoms.foreign > 0) {
        scale.support(weights::k_thin, fmt::format("only {:.1f} % of the answers are foreign", 100 * share));
    }
    if (!symptoms.markers_written) {
        scale.support(weights::k_no_markers,
                      "this LiteLLM version writes no fallback marker (attempted_fallbacks) into "
                      "its rows: a fallback cannot be told from a misroute by one row");
    } else {
        scale.contradict(weights::k_against_unmarked,
                         "these rows carry no fallback marker, although this LiteLLM version writes one");
    }
    if (symptoms.marked_fallbacks > 0) {
        scale.support(
            weights::k_other_fallbacks,
            fmt::format("{} other rows of the window are marked as fallbacks, and are left out of every verdict",
                        symptoms.marked_fallbacks));
    }
    if (!thin && !follows_failures(symptoms)) {
        scale.contradict(
            weights::k_against_thick,
            fmt::format("{:.0f} % of the answers are foreign, and no failures stand before them", 100 * share));
    }
    if (cyclic(symptoms)) {
        scale.contradict(weights::k_against_cycle, "the order of backends repeats; failures have no rhythm");
    }
    auto cause = scale.cause("fallback-between-providers");
    cause.next = {{.command = "grep -nE 'fallbacks|default_fallbacks' CONFIG    # the instance's config.yaml"},
                  {.command = advice::kubectl(facts) + fmt::format("logs deployment/{} | grep -i fallback",
                                                                   advice::deployment(facts, symptoms))},
                  advice::trace(symptoms, "failures right before the foreign answers?")};
    cause.steps = {
        {.text = "when the fallback is wanted: add its target to the `expect` of the instance in misroute.yaml"},
        {.text = "when it is not: remove it from router_settings.fallbacks (or litellm_settings.default_fallbacks)"},
        {.text = "upgrade LiteLLM to a release that writes attempted_fallbacks: then misroute leaves fallbacks out of "
                 "every verdict by itself"},
        advice::proof(symptoms)};
    return cause;
}

} // namespace misroute
