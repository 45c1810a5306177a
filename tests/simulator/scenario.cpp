// SPDX-License-Identifier: Apache-2.0
#include "simulator/scenario.hpp"

#include "simulator/fleet.hpp"
#include "simulator/scenario_parts.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace misroute::simulator {

namespace {

Traffic over_selection(Random &random, std::set<Pattern> patterns, Dispatcher const &dispatch, Shape const &shape = {})
{
    auto traffic = empty_day("service-selects-other-instances", std::move(patterns));
    traffic.truth.begun = some_time(random);
    return dispatched(random, shape, std::move(traffic), dispatch);
}

Traffic round_robin(Random &random)
{
    auto const dispatch = in_turn(random, {k_claude, k_kelly, k_yxaiapp});
    return by_hosts(over_selection(random, {Pattern::round_robin}, dispatch));
}

Traffic unequal_replicas(Random &random)
{
    auto const dispatch = in_turn(random, {k_claude, k_claude, k_kelly, k_yxaiapp});
    return by_hosts(over_selection(random, {Pattern::round_robin}, dispatch));
}

// Two cycles mixed look like anything between a cycle and chance; "random" is admissible when it is not called certain.
Traffic two_workers(Random &random)
{
    auto const dispatch = in_turn(random, {k_claude, k_kelly, k_yxaiapp}, 2);
    return by_hosts(over_selection(random, {Pattern::round_robin, Pattern::random}, dispatch));
}

Traffic random_pods(Random &random)
{
    auto const dispatch = [](Request const &, Random &dice) { return dice.below(k_instances); };
    return by_hosts(over_selection(random, {Pattern::random}, dispatch));
}

Traffic keep_alive(Random &random)
{
    auto const current = std::make_shared<std::vector<std::size_t>>(k_instances, 0);
    auto const dispatch = [current](Request const &request, Random &dice) {
        auto &pod = (*current)[request.entered];
        if (dice.chance(0.1)) {
            pod = dice.below(k_instances);
        }
        return pod;
    };
    return by_hosts(over_selection(random, {Pattern::sticky}, dispatch));
}

// Session affinity: a client stays with its pod. Seen by key, since a hostname mixes its clients.
Traffic client_affinity(Random &random)
{
    constexpr std::size_t k_clients = 12;
    std::vector<std::size_t> pods;
    for (std::size_t i = 0; i < k_instances * k_clients; ++i) {
        pods.push_back(random.below(k_instances));
    }
    auto const dispatch = [pods](Request const &request, Random &) {
        return pods[request.entered * k_clients + request.client];
    };
    auto traffic = over_selection(random, {Pattern::switched, Pattern::single}, dispatch,
                                  {.requests = 1200, .clients = k_clients});
    traffic.by = IssuerKind::key;
    label_keys(traffic);
    return traffic;
}

Traffic starts_and_ends(Random &random)
{
    auto traffic = empty_day("service-selects-other-instances", {Pattern::round_robin});
    traffic.truth.begun = some_time(random);
    traffic.truth.ended = *traffic.truth.begun + std::chrono::hours{7};
    auto const dispatch = in_turn(random, {k_claude, k_kelly, k_yxaiapp});
    return by_hosts(dispatched(random, {}, std::move(traffic), dispatch));
}

// Without expectations nothing is foreign, so nothing begins, and the clean morning belongs to the pattern.
Traffic unconfigured(Random &random)
{
    auto traffic = round_robin(random);
    traffic.expected = {};
    traffic.truth.begun.reset();
    traffic.truth.patterns.clear();
    for (auto &[issuer, verdict] : traffic.truth.verdicts) {
        verdict = Verdict::mixed;
    }
    return traffic;
}

Traffic swapped_route(Random &random)
{
    auto traffic = empty_day("route-points-elsewhere", {Pattern::switched, Pattern::single});
    traffic.truth.begun = some_time(random);
    auto const dispatch = [](Request const &request, Random &) {
        return request.entered == k_claude ? k_kelly : request.entered;
    };
    return by_hosts(dispatched(random, {}, std::move(traffic), dispatch));
}

/// A backend that nobody is configured to serve.
Backend new_backend()
{
    return {"openrouter", "openrouter.ai", {}};
}

Traffic reconfiguration(Random &random)
{
    auto traffic = empty_day("instance-reconfigured", {Pattern::switched, Pattern::single});
    traffic.truth.begun = some_time(random);
    traffic = dispatched(random, {}, std::move(traffic), home);
    for (auto &row : traffic.rows) {
        if (row.key.host == host_of(k_claude) && row.time >= *traffic.truth.begun && !row.key.backend.blank()) {
            row.key.backend = new_backend();
            row.key.model = "openrouter/claude-opus-4-6";
            row.key.model_id = "id-of-openrouter.ai";
        }
    }
    return by_hosts(std::move(traffic));
}

// claude's upstream has a few bad spells a day; LiteLLM answers from kelly's upstream meanwhile.
Traffic fallback(Random &random, std::string cause, ExclusionReason marker, double failure_rows)
{
    auto traffic = empty_day(std::move(cause), {});
    std::vector<Instant> spells;
    for (int i = 0; i < 6; ++i) {
        spells.push_back(any_time(random));
    }
    auto const is_bad = [&](Request const &request) {
        return request.entered == k_claude && std::ranges::any_of(spells, [&](Instant spell) {
                   return spell <= request.time && request.time < spell + std::chrono::minutes{10};
               });
    };
    for (auto const &request : day(random, {.requests = 600}, traffic.truth)) {
        if (!is_bad(request)) {
            traffic.rows.push_back(row_of(request, backend_of(request.entered), random));
            continue;
        }
        if (random.chance(failure_rows)) { // the first attempt leaves a row in some versions only
            auto failure = failure_of(request, random);
            failure.time -= std::chrono::milliseconds{200};
            traffic.rows.push_back(failure);
        }
        auto row = row_of(request, backend_of(k_kelly), random);
        row.key.model_id = "claude's-entry-for-" + row.key.backend.upstream; // its own entry, not kelly's
        row.key.reason = marker;
        row.markers.reason = marker;
        traffic.rows.push_back(row);
    }
    std::ranges::stable_sort(traffic.rows, {}, &Row::time);
    return by_hosts(std::move(traffic));
}

Traffic marked_fallback(Random &random)
{
    return fallback(random, {}, ExclusionReason::fallback, 0.7);
}

Traffic unmarked_fallback(Random &random)
{
    auto traffic = fallback(random, "fallback-between-providers", ExclusionReason::none, 0.7);
    traffic.markers_written = false;
    return traffic;
}

// Nothing in the rows tells of it but that it is rare and goes to one upstream.
Traffic silent_fallback(Random &random)
{
    auto traffic = fallback(random, "fallback-between-providers", ExclusionReason::none, 0);
    traffic.markers_written = false;
    return traffic;
}

// Somebody adds a deployment in the admin page: every pod balances between it and its own.
Traffic models_in_database(Random &random)
{
    auto traffic = empty_day("models-in-database", {Pattern::random});
    traffic.truth.begun = some_time(random);
    traffic.database.models = 1;
    traffic.database.model_ids = {"added-in-the-admin-page"};
    traffic = dispatched(random, {}, std::move(traffic), home);
    for (auto &row : traffic.rows) {
        if (row.time >= *traffic.truth.begun && !row.key.backend.blank() && random.chance(0.5)) {
            row.key.backend = new_backend();
            row.key.model_id = *traffic.database.model_ids.begin();
        }
    }
    return by_hosts(std::move(traffic));
}

// A client uses its key of claude at all three hostnames. Rows name no hosts; keys say who entered where.
Traffic shared_key(Random &random)
{
    constexpr std::size_t k_clients = 4;
    auto traffic = empty_day("key-used-on-several-instances", {});
    traffic.by = IssuerKind::key;
    traffic.truth.begun = some_time(random);
    for (std::size_t i = 0; i < k_instances; ++i) {
        traffic.expected.instances[i].hosts.clear();
        for (std::size_t client = 0; client < k_clients; ++client) {
            traffic.expected.instances[i].keys.push_back(key_of(i, client));
        }
    }
    auto const dispatch = [](Request const &request, Random &dice) {
        bool const shares = request.entered == k_claude && request.client == 0;
        return shares ? dice.below(k_instances) : request.entered;
    };
    traffic = dispatched(random, {.clients = k_clients}, std::move(traffic), dispatch);
    for (auto &row : traffic.rows) {
        row.key.host.clear();
    }
    label_keys(traffic);
    return traffic;
}

Traffic nothing_wrong(Random &random)
{
    return by_hosts(dispatched(random, {}, empty_day({}, {}), home));
}

constexpr std::array k_scenarios{
    Scenario{"round-robin", "three pods in turn, each hostname has its own counter", round_robin},
    Scenario{"unequal-replicas", "two pods of claude, one of each other, in turn", unequal_replicas},
    Scenario{"two-workers", "two ingress workers, each with its own turn", two_workers},
    Scenario{"random", "a pod at random, as kube-proxy does it", random_pods},
    Scenario{"keep-alive", "a connection stays with its pod for about ten requests", keep_alive},
    Scenario{"client-affinity", "each of 12 clients a hostname stays with one pod; by key", client_affinity,
             Figures::onset},
    Scenario{"starts-and-ends", "in turn, repaired after seven hours", starts_and_ends},
    Scenario{"unconfigured", "in turn, and nothing is configured", unconfigured, Figures::none},
    Scenario{"swapped-route", "claude's hostname leads to kelly", swapped_route},
    Scenario{"reconfiguration", "claude gets an upstream nobody has", reconfiguration},
    Scenario{"marked-fallback", "bad spells; fallbacks are marked in the rows", marked_fallback, Figures::none},
    Scenario{"unmarked-fallback", "bad spells; a version without markers", unmarked_fallback, Figures::none},
    Scenario{"silent-fallback", "the same, and no failure leaves a row", silent_fallback, Figures::none},
    Scenario{"models-in-database", "every pod balances with a deployment from the database", models_in_database},
    Scenario{"shared-key", "one key at three hostnames; by key, rows name no host", shared_key, Figures::onset},
    Scenario{"one-upstream", "two of three on one upstream with a key each, in turn", one_upstream},
    Scenario{"copied-entries", "the same with copied entries, rotated one after the other; no fault", copied_entries,
             Figures::none},
    Scenario{"rotated-key", "claude gets another key at noon; no fault", rotated_key, Figures::none},
    Scenario{"router-inside", "a router of claude's own chooses kelly's upstream; no fault", router_inside,
             Figures::none},
    Scenario{"balanced-inside", "claude balances three regions of its own; no fault", balanced_inside, Figures::none},
    Scenario{"balanced-unconfigured", "the same, and nothing is configured", balanced_unconfigured, Figures::none},
    Scenario{"nothing-wrong", "no fault", nothing_wrong, Figures::none},
};

} // namespace

std::span<Scenario const> scenarios()
{
    return k_scenarios;
}

Scenario const &scenario(std::string_view name)
{
    auto const *const found = std::ranges::find(k_scenarios, name, &Scenario::name);
    if (found == k_scenarios.end()) {
        throw std::out_of_range{"no such scenario: " + std::string{name}};
    }
    return *found;
}

} // namespace misroute::simulator
