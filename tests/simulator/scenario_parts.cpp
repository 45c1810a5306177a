// SPDX-License-Identifier: Apache-2.0
#include "simulator/scenario_parts.hpp"

#include <algorithm>
#include <memory>

namespace misroute::simulator {

namespace {

/// One failure in a hundred: rows that tell nothing about routing stand between those that do.
constexpr double k_failures = 0.01;

} // namespace

Row failure_of(Request const &request, Random &random)
{
    auto row = row_of(request, Backend{}, random);
    row.key.reason = ExclusionReason::failure;
    row.key.model_id.clear();
    row.tokens = 0;
    row.spend_nano = 0;
    return row;
}

std::size_t home(Request const &request, Random & /*random*/)
{
    return request.entered;
}

Traffic empty_day(std::string cause, std::set<Pattern> patterns)
{
    Traffic traffic;
    traffic.expected = fleet();
    traffic.window = window_of_day();
    traffic.database.readable = true;
    traffic.truth.cause = std::move(cause);
    traffic.truth.patterns = std::move(patterns);
    return traffic;
}

Traffic dispatched(Random &random, Shape const &shape, Traffic traffic, Dispatcher const &dispatch)
{
    for (auto const &request : day(random, shape, traffic.truth)) {
        if (random.chance(k_failures)) {
            traffic.rows.push_back(failure_of(request, random));
            continue;
        }
        auto const answering = request.faulty ? dispatch(request, random) : request.entered;
        traffic.rows.push_back(row_of(request, backend_of(answering), random));
    }
    return traffic;
}

Traffic by_hosts(Traffic traffic)
{
    label_hosts(traffic);
    return traffic;
}

Dispatcher in_turn(Random &random, std::vector<std::size_t> pods, std::size_t workers)
{
    random.shuffle(pods);
    auto counters = std::make_shared<std::vector<std::size_t>>(workers * k_instances, 0);
    return [pods, workers, counters](Request const &request, Random &dice) {
        auto &counter = (*counters)[request.entered * workers + dice.below(workers)];
        return pods[counter++ % pods.size()];
    };
}

} // namespace misroute::simulator
