// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"

#include <array>

namespace misroute::cli {

// NOLINTNEXTLINE(readability-function-size): a table
std::span<Command const> commands()
{
    static constexpr std::array k_commands{
        Command{"scan", "Every issuer in a window, and where its requests were answered",
                R"(  misroute scan --db postgresql://misroute@db.internal/litellm
  misroute scan -c misroute.yaml --since 7d --fail-on warning
  misroute scan --source daily --since 365d
  kubectl kustomize deploy/ | misroute scan --manifests -
  misroute scan --since 2026-11-22T20:00:00Z --until 2026-11-22T21:00:00Z --by key --format json -o report.json)",
                add_scan},
        Command{"trace", "One issuer's requests in order, each with its verdict",
                R"(  misroute trace host:claude.goodvision.tech
  misroute trace claude.goodvision.tech --around 2026-11-22T20:28:54Z
  misroute trace claude --format markdown
  misroute trace key:jms-test --since 7d --limit 0 --format csv -o jms-test.csv)",
                add_trace},
        Command{"check", "After a deploy: wait for enough traffic, then pass, fail or say \"cannot tell\"",
                R"(  misroute check --since 2026-11-22T20:00:00Z --wait 5m
  misroute check --since 1m --instance claude --exclude-share 0.33 --fail-fast
  misroute check --since 1m --wait 5m || { test $? -eq 3 && misroute probe; }
  kubectl -n litellm get deploy -o json | misroute check --since-rollout - --format junit -o junit.xml)",
                add_check},
        Command{"probe", "Before there is traffic: ask the hostnames which pods are behind them",
                R"(  MISROUTE_KEY=sk-… misroute probe
  misroute probe https://claude.goodvision.tech --requests 20 --key-file /run/secrets/litellm-key
  misroute probe http://claude.goodvision.tech:8080 --resolve claude.goodvision.tech:8080:10.0.0.7
  misroute probe --completion claude-opus-4-6 --format junit -o junit.xml)",
                add_probe},
        Command{"k8s", "Which Services select another instance's pods, from manifests or live objects",
                R"(  kubectl kustomize deploy/ | misroute k8s -
  misroute k8s rendered.yaml deploy/ --fail-on warning
  kubectl get deploy,sts,rs,job,pod,svc,endpointslices,ing,cm -n litellm -o json | misroute k8s -c misroute.yaml -)",
                add_k8s},
        Command{"incidents", "The history: what went astray since when, what it cost and why, a line each",
                R"(  misroute incidents --since 90d
  misroute incidents --since 2026-11-01 --format csv -o november.csv)",
                add_incidents},
        Command{"render", "A saved JSON report again, in any format; reports of several days side by side",
                R"(  misroute render report.json
  misroute render report.json --format html -o report.html
  misroute render 2026-11-*.json -o november.html
  misroute render trace.json --format csv)",
                add_render},
        Command{"init", "Write a commented configuration from manifests or observed traffic",
                R"(  kubectl kustomize deploy/ | misroute init --manifests - > misroute.yaml
  misroute init --manifests rendered.yaml -o misroute.yaml
  misroute init --db "$DATABASE_URL" --since 7d -o misroute.yaml)",
                add_init},
        Command{"doctor", "Can this database be read, and how much of its traffic be attributed",
                R"(  misroute doctor --db postgresql://misroute@db.internal/litellm
  misroute doctor -c misroute.yaml --since 7d)",
                add_doctor},
        Command{"config", "What is wrong with a configuration, without a database; its JSON Schema",
                R"(  misroute config check
  misroute config check deploy/misroute.yaml
  misroute config schema > misroute.schema.json)",
                add_config},
        Command{"grants", "The SQL that lets a role read what misroute reads, and nothing else",
                R"(  misroute grants --role misroute | psql -d litellm
  misroute grants --role auditor --schema llm > grants.sql)",
                add_grants},
        Command{"explain", "The page of a rule, of a cause, or of the configuration", R"(  misroute explain
  misroute explain provider-mismatch
  misroute explain service-selects-other-instances)",
                add_explain},
        Command{"completion", "The script that lets bash, zsh or fish complete commands, options and values",
                R"(  source <(misroute completion bash)
  misroute completion zsh > ~/.zfunc/_misroute
  misroute completion fish > ~/.config/fish/completions/misroute.fish)",
                add_completion},
        Command{"man", "The manual page of misroute or of a command", R"(  misroute man scan | man -l -
  misroute man > misroute.1)",
                add_man},
    };
    return k_commands;
}

} // namespace misroute::cli
