// SPDX-License-Identifier: Apache-2.0
//
// The eight rows of the founding incident as traffic, and the cluster behind them.
#pragma once

#include "simulator/fleet.hpp"
#include "simulator/traffic.hpp"

#include <array>
#include <string_view>

namespace misroute::test {

/// The times, tokens and prices of the incident; who answered is read from `order`, a letter a row: claude, kelly,
/// yxaiapp.
inline simulator::Traffic incident(std::string_view order = "CKYCKYCK")
{
    using namespace std::chrono_literals;
    struct Line
    {
        std::chrono::seconds time;
        std::int64_t tokens;
        std::int64_t spend_nano;
    };
    constexpr std::array k_lines{Line{15s, 2527, 16'000'000},  Line{21s, 9243, 0},  Line{29s, 130, 0},
                                 Line{40s, 12355, 65'000'000}, Line{46s, 13498, 0}, Line{54s, 168, 0},
                                 Line{63s, 14333, 76'000'000}, Line{72s, 15633, 0}};
    auto const day = simulator::window_of_day();
    simulator::Traffic traffic;
    traffic.expected = simulator::fleet();
    traffic.window = day;
    traffic.database.readable = true;
    simulator::Random random{1};
    for (std::size_t i = 0; i < k_lines.size(); ++i) {
        auto const answering = order[i] == 'C'   ? simulator::k_claude
                               : order[i] == 'K' ? simulator::k_kelly
                                                 : simulator::k_yxaiapp;
        auto row = simulator::row_of({day.since + 20h + 28min + k_lines[i].time, simulator::k_claude, 0, true},
                                     simulator::backend_of(answering), random);
        row.tokens = k_lines[i].tokens;
        row.spend_nano = k_lines[i].spend_nano;
        traffic.rows.push_back(row);
    }
    return traffic;
}

/// Three Services of one selector, each with `claude_replicas` + 1 + 1 pods behind it.
inline Cluster shared_selector(int claude_replicas = 1)
{
    Cluster cluster;
    for (std::size_t i = 0; i < simulator::k_instances; ++i) {
        auto const &name = simulator::name_of(i);
        Workload workload;
        workload.kind = "Deployment";
        workload.name = {"litellm", name + "-litellm"};
        workload.replicas = i == simulator::k_claude ? claude_replicas : 1;
        workload.instance = name;
        cluster.workloads.push_back(workload);
        Service service;
        service.name = workload.name;
        service.selector = {{"app", "litellm"}};
        service.instance = name;
        service.workloads = {0, 1, 2};
        cluster.services.push_back(service);
        cluster.routes.push_back({.host = simulator::host_of(i),
                                  .path = {},
                                  .kind = "Ingress",
                                  .name = workload.name,
                                  .service = i,
                                  .instance = name,
                                  .subset = {},
                                  .location = {}});
    }
    return cluster;
}

/// The same fleet after the repair: every Service selects its own pods.
inline Cluster own_selectors()
{
    auto cluster = shared_selector();
    for (std::size_t i = 0; i < simulator::k_instances; ++i) {
        cluster.services[i].workloads = {i};
    }
    return cluster;
}

} // namespace misroute::test
