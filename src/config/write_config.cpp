// SPDX-License-Identifier: Apache-2.0
#include "config/write_config.hpp"

#include "config/yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace misroute {

namespace {

using yaml_text::quoted;
using yaml_text::scalar;

/// What the cluster says of one instance.
struct Found
{
    std::set<std::string> hosts;
    std::set<std::string> shared_hosts;    ///< that lead to other instances too, by path or header
    std::set<std::string> undecided_hosts; ///< that lead the same requests to other instances
    std::set<Expectation> expect;
    std::vector<ObjectName> workloads;
    Location location;            ///< of the first of them
    std::set<std::string> unread; ///< what it serves beside `expect`, in words

    /// What it serves is known at least in part.
    bool usable() const { return !expect.empty() || !unread.empty(); }
};

constexpr char const *k_from_manifests =
    R"(# Written by "misroute init" from manifests. Read it once: it says what each instance is meant to serve, and every
# request that another one answers is reported. All keys: misroute explain configuration
)";

constexpr char const *k_common = R"(
# database:
#   url: postgresql://misroute@db.internal/litellm   # no password here: ~/.pgpass or PGPASSFILE

# A row names its hostname when LiteLLM is configured with
#   litellm_settings:
#     extra_spend_tag_headers: ["host"]
entry:
  host_tags: [host, x-forwarded-host]
  instance_tag: instance

)";

std::map<std::string, Found> instances_of(Cluster const &cluster)
{
    std::map<std::string, Found> instances;
    for (auto const &workload : cluster.workloads) {
        if (!workload.instance.empty()) {
            auto &found = instances[workload.instance];
            if (found.workloads.empty()) {
                found.location = workload.location;
            }
            found.workloads.push_back(workload.name);
            found.expect.insert(workload.serves.begin(), workload.serves.end());
            found.unread.insert(workload.unread.begin(), workload.unread.end());
        }
    }
    std::map<std::string, std::set<std::string>> owners;
    for (auto const &route : cluster.routes) {
        if (instances.contains(route.instance) && route.host != "*") {
            owners[route.host].insert(route.instance);
        }
    }
    for (auto const &[host, names] : owners) {
        for (auto const &name : names) {
            // A row names the hostname and no path, so a hostname of two instances says nothing about either.
            (names.size() == 1 ? instances[name].hosts : instances[name].shared_hosts).insert(host);
        }
    }
    for (auto const &shared : cluster.shared_hosts) {
        for (auto const &name : shared.instances) {
            if (auto const found = instances.find(name); found != instances.end()) {
                found->second.shared_hosts.erase(shared.host);
                found->second.undecided_hosts.insert(shared.host);
            }
        }
    }
    return instances;
}

std::string written_expectation(Expectation const &expectation)
{
    std::string text = "      - ";
    text += expectation.provider.empty() ? "" : fmt::format("provider: {}\n", scalar(expectation.provider));
    if (!expectation.upstream.empty()) {
        text += fmt::format("{}upstream: {}\n", expectation.provider.empty() ? "" : "        ",
                            scalar(expectation.upstream));
    } else {
        text += "        # upstream: not in the manifests (api_base comes from the environment, or is the provider's "
                "own)\n";
    }
    return text;
}

std::string instance_text(std::string const &name, Found const &found)
{
    auto text = fmt::format("  {}:\n", scalar(name));
    if (found.hosts.empty()) {
        text += found.shared_hosts.empty() && found.undecided_hosts.empty()
                    ? "    # hosts: no Ingress or HTTPRoute in the input leads here\n"
                    : "";
    } else {
        text += yaml_text::list("hosts", {found.hosts.begin(), found.hosts.end()});
    }
    for (auto const &host : found.shared_hosts) {
        text +=
            fmt::format("    # {} leads to several instances, by path or header: rows do not say which; list keys or "
                        "teams\n",
                        quoted(host));
    }
    for (auto const &host : found.undecided_hosts) {
        text +=
            fmt::format("    # {} leads the same requests to several instances: decide whose it is, and list it under "
                        "that one alone\n",
                        quoted(host));
    }
    text += "    # keys: [an-alias]   # virtual keys that belong to this instance, where rows name no host\n";
    text += found.unread.empty()
                ? ""
                : "    open: true   # backends that no instance owns are unknown for it, not foreign\n";
    for (auto const &part : found.unread) {
        text += fmt::format("    # not read: {}\n", quoted(part));
    }
    text += found.expect.empty() ? "" : "    expect:\n";
    for (auto const &expectation : found.expect) {
        text += written_expectation(expectation);
    }
    text += fmt::format("    workload: {}\n", scalar(found.workloads.front().text()));
    for (std::size_t index = 1; index < found.workloads.size(); ++index) {
        text += fmt::format("    # another of its workloads: {}\n", quoted(found.workloads[index].text()));
    }
    return text;
}

std::string unknown_text(std::string const &name, Found const &found)
{
    return fmt::format("  # {}: its LiteLLM configuration is not in the input, so what it serves is not known.\n"
                       "  #   Add the ConfigMap to the input, or write hosts and expect by hand. Workload: {}\n",
                       quoted(name), quoted(found.workloads.front().text()));
}

} // namespace

std::string config_head(std::string const &origin)
{
    return origin + k_common;
}

ProposedConfig config_from_cluster(Cluster const &cluster)
{
    ProposedConfig proposal;
    std::string known;
    std::string unknown;
    for (auto const &[name, found] : instances_of(cluster)) {
        if (!found.usable()) {
            unknown += unknown_text(name, found);
        } else {
            known += instance_text(name, found);
            ++proposal.instances;
        }
    }
    proposal.text = config_head(k_from_manifests);
    if (proposal.instances == 0) {
        proposal.text += "# No LiteLLM instance with a readable configuration was found in the input.\n# instances:\n";
    } else {
        proposal.text += "instances:\n";
    }
    proposal.text += known + unknown;
    return proposal;
}

Expectations expectations_from_cluster(Cluster const &cluster)
{
    Expectations expected;
    for (auto const &[name, found] : instances_of(cluster)) {
        if (!found.usable()) {
            continue;
        }
        Instance instance;
        instance.name = name;
        instance.hosts.assign(found.hosts.begin(), found.hosts.end());
        instance.expect.assign(found.expect.begin(), found.expect.end());
        instance.open = !found.unread.empty();
        instance.workload = found.workloads.front().text();
        instance.location = found.location;
        expected.instances.push_back(std::move(instance));
    }
    return expected;
}

void fill_workloads(Expectations &expected, Cluster const &cluster)
{
    for (auto &instance : expected.instances) {
        auto const its = [&](Workload const &workload) { return workload.instance == instance.name; };
        auto const found = std::find_if(cluster.workloads.begin(), cluster.workloads.end(), its);
        if (instance.workload.empty() && found != cluster.workloads.end()) {
            instance.workload = found->name.text();
        }
    }
}

} // namespace misroute
