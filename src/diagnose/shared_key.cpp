// SPDX-License-Identifier: Apache-2.0
#include "diagnose/advice.hpp"
#include "diagnose/weigh.hpp"
#include "diagnose/weights.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

/// By host a key is clean when each of its hosts has (nearly) one owner.
constexpr double k_pure = 0.95;

bool is_mixed(Answers const &answers)
{
    return answers.total() > 1 && answers.dominant().second < k_pure;
}

void weigh_hosts(Scale &scale, Flagged const &flagged)
{
    auto const mixed = std::ranges::count_if(flagged.by_host, [](auto const &entry) { return is_mixed(entry.second); });
    if (mixed > 0) {
        scale.contradict(weights::k_against_mixed_hosts,
                         fmt::format("{} is mixed by hostname of entry too", flagged.name()));
    } else if (flagged.by_host.size() > 1) {
        scale.support(weights::k_clean_by_host,
                      fmt::format("{} enters by {} hostnames, and each of them has one and the same answer",
                                  flagged.name(), flagged.by_host.size()));
    }
}

bool mixed_neighbour(Symptoms const &symptoms, Flagged const &flagged)
{
    return std::ranges::any_of(symptoms.flagged, [&](Flagged const &other) {
        return &other != &flagged && other.configured() && is_mixed(other.answers) &&
               other.view->report.instance == flagged.view->report.instance;
    });
}

void weigh_neighbours(Scale &scale, Facts const &facts, Symptoms const &symptoms, Flagged const &flagged)
{
    auto const neighbours = clean_neighbours(facts, flagged);
    if (!neighbours.empty()) {
        scale.support(weights::k_clean_neighbours,
                      fmt::format("{} of the same instance sent enough requests meanwhile, and is clean",
                                  neighbours.front()->report.issuer.text()));
    }
    if (mixed_neighbour(symptoms, flagged)) {
        scale.contradict(weights::k_against_mixed_neighbours, "other keys of the instance are mixed in the same way");
    }
}

} // namespace

Cause weigh_shared_key(Facts const &facts, Symptoms const &symptoms)
{
    // Only the key view can confuse one key's several instances with one instance's several backends.
    if (facts.examination.by != IssuerKind::key) {
        return {};
    }
    Scale best;
    Flagged const *shown = nullptr;
    for (auto const &flagged : symptoms.flagged) {
        Scale scale;
        if (is_mixed(flagged.answers)) {
            weigh_hosts(scale, flagged);
            weigh_neighbours(scale, facts, symptoms, flagged);
        }
        if (!shown || scale.score() > best.score()) {
            best = scale;
            shown = &flagged;
        }
    }
    auto cause = best.cause("key-used-on-several-instances");
    auto const issuer = shown ? shown->name() : std::string{"key:NAME"};
    cause.next = {{.command = "misroute scan --by host    # is every hostname clean?"},
                  advice::trace(symptoms),
                  {.text = "ask the owner of the key which base URLs its clients use"}};
    cause.steps = {
        {.text = fmt::format("list {} under every instance it is used on (`keys` in misroute.yaml): then what any of "
                             "them serves is home",
                             issuer)},
        {.text = "or let rows name the host they entered by, and nobody has to guess, on every instance:",
         .patch = "litellm_settings:\n  extra_spend_tag_headers: [\"host\"]"},
        {.text = "or give each instance a key of its own"},
        advice::proof(symptoms)};
    return cause;
}

} // namespace misroute
