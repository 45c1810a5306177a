// SPDX-License-Identifier: Apache-2.0
//
// What model_id tells, and what it does not: a hash of an entry of a model list, keys included (docs/litellm-rows.md).
#include "simulator/scenario_parts.hpp"

#include <algorithm>
#include <array>

namespace misroute::simulator {

namespace {

Backend const &shared_resource()
{
    static Backend const backend{"azure", "grove.openai.azure.com", {}};
    return backend;
}

/// claude and kelly serve one Azure resource, yxaiapp its own upstream.
Traffic on_one_resource(std::string cause, std::set<Pattern> patterns)
{
    auto traffic = empty_day(std::move(cause), std::move(patterns));
    for (auto const instance : {k_claude, k_kelly}) {
        traffic.expected.instances[instance].expect = {{shared_resource().provider, shared_resource().upstream}};
    }
    return traffic;
}

void label_all(Traffic &traffic, Verdict verdict)
{
    for (std::size_t instance = 0; instance < k_instances; ++instance) {
        traffic.truth.verdicts[{IssuerKind::host, host_of(instance)}] = verdict;
    }
}

void answer(Row &row, Backend const &backend, std::string model_id)
{
    row.key.backend = backend;
    row.key.model = backend.provider + "/claude-opus-4-6";
    row.key.model_id = std::move(model_id);
    row.spend_nano = row.tokens * 5'000;
}

bool answered_by(Row const &row, std::size_t instance)
{
    return row.key.backend == backend_of(instance);
}

/// Three entries of claude's, in three regions of one vendor.
std::array<Backend, 3> const &regions()
{
    static std::array<Backend, 3> const backends{Backend{"bedrock", "bedrock-runtime.eu-west-1.amazonaws.com", {}},
                                                 Backend{"bedrock", "bedrock-runtime.eu-west-3.amazonaws.com", {}},
                                                 Backend{"bedrock", "bedrock-runtime.us-east-1.amazonaws.com", {}}};
    return backends;
}

Traffic balanced(Random &random)
{
    auto traffic = dispatched(random, {}, empty_day({}, {}), home);
    for (auto &row : traffic.rows) {
        if (answered_by(row, k_claude)) {
            auto const &region = regions().at(random.below(regions().size()));
            answer(row, region, "entry-of-claude-at-" + region.upstream);
        }
    }
    return traffic;
}

} // namespace

// A key each, so an id each; a wrong selector deals the requests of both to both. Only ids tell.
Traffic one_upstream(Random &random)
{
    auto traffic = on_one_resource("service-selects-other-instances", {Pattern::round_robin});
    traffic.truth.begun = some_time(random);
    auto const both = in_turn(random, {k_claude, k_kelly});
    auto const dispatch = [both](Request const &request, Random &dice) {
        return request.entered == k_yxaiapp ? request.entered : both(request, dice);
    };
    traffic = dispatched(random, {}, std::move(traffic), dispatch);
    for (auto &row : traffic.rows) {
        for (auto const instance : {k_claude, k_kelly}) {
            if (answered_by(row, instance)) {
                answer(row, shared_resource(), "entry-of-" + name_of(instance));
                break;
            }
        }
    }
    label_all(traffic, Verdict::misrouted);
    traffic.truth.verdicts[{IssuerKind::host, host_of(k_yxaiapp)}] = Verdict::clean;
    return traffic;
}

// One key in both, so one id, and another key later: first at claude, hours after at kelly.
Traffic copied_entries(Random &random)
{
    auto traffic = dispatched(random, {}, on_one_resource({}, {}), home);
    auto const first = some_time(random);
    for (auto &row : traffic.rows) {
        for (auto const instance : {k_claude, k_kelly}) {
            if (answered_by(row, instance)) {
                auto const changed = first + std::chrono::hours{instance == k_claude ? 0 : 5};
                answer(row, shared_resource(), row.time < changed ? "entry-of-both" : "entry-of-both-with-another-key");
                break;
            }
        }
    }
    label_all(traffic, Verdict::clean);
    return traffic;
}

Traffic rotated_key(Random &random)
{
    auto traffic = dispatched(random, {}, empty_day({}, {}), home);
    auto const noon = some_time(random);
    for (auto &row : traffic.rows) {
        if (answered_by(row, k_claude) && row.time >= noon) {
            row.key.model_id = "entry-of-claude-with-another-key";
        }
    }
    return by_hosts(std::move(traffic));
}

// A third of claude's requests is answered by kelly's upstream, through an entry of claude's own, and says so.
Traffic router_inside(Random &random)
{
    auto traffic = dispatched(random, {}, empty_day({}, {}), home);
    for (auto &row : traffic.rows) {
        if (answered_by(row, k_claude) && random.chance(1.0 / 3)) {
            answer(row, backend_of(k_kelly), "entry-of-claude-for-kellys-upstream");
            row.key.reason = ExclusionReason::auto_router;
            row.markers.reason = ExclusionReason::auto_router;
        }
    }
    return by_hosts(std::move(traffic));
}

Traffic balanced_inside(Random &random)
{
    auto traffic = balanced(random);
    traffic.expected.instances[k_claude].expect.clear();
    for (auto const &region : regions()) {
        traffic.expected.instances[k_claude].expect.push_back({region.provider, region.upstream});
    }
    label_all(traffic, Verdict::clean);
    return traffic;
}

// Steady over all clients and since ever: no Kubernetes cause may be ranked.
Traffic balanced_unconfigured(Random &random)
{
    auto traffic = balanced(random);
    traffic.expected = {};
    label_all(traffic, Verdict::unassigned);
    traffic.truth.verdicts[{IssuerKind::host, host_of(k_claude)}] = Verdict::mixed;
    return traffic;
}

} // namespace misroute::simulator
