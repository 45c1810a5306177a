// SPDX-License-Identifier: Apache-2.0
#include "cli/check.hpp"
#include "cli/doctor.hpp"
#include "cli/explain.hpp"
#include "cli/init.hpp"
#include "cli/k8s.hpp"
#include "cli/probe.hpp"
#include "cli/scan.hpp"
#include "cli/trace.hpp"

#include <array>

namespace misroute::cli {

std::span<Command const> commands()
{
    static constexpr std::array k_commands{
        Command{"scan", "Every issuer in a window, and where its requests were answered", k_scan_examples, add_scan},
        Command{"trace", "One issuer's requests in order, each with its verdict", k_trace_examples, add_trace},
        Command{"check", "After a deploy: wait for enough traffic, then pass, fail or say \"cannot tell\"",
                k_check_examples, add_check},
        Command{"probe", "Before there is traffic: ask the hostnames which pods are behind them", k_probe_examples,
                add_probe},
        Command{"k8s", "Which Services select another instance's pods, from manifests or live objects", k_k8s_examples,
                add_k8s},
        Command{"init", "Write a commented configuration from manifests or observed traffic", k_init_examples,
                add_init},
        Command{"doctor", "Can this database be read, and how much of its traffic be attributed", k_doctor_examples,
                add_doctor},
        Command{"explain", "The page of a rule or a cause", k_explain_examples, add_explain},
    };
    return k_commands;
}

} // namespace misroute::cli
