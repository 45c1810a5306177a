// SPDX-License-Identifier: Apache-2.0
//
// misroute probe: asks the hostnames themselves which pods are behind them, when there is no traffic to look at yet.
#include "misroute/probe.hpp"

#include "cli/commands.hpp"
#include "cli/fleet.hpp"
#include "cli/log.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "cli/zone.hpp"
#include "config/learn_config.hpp"
#include "detect/check.hpp"
#include "detect/statistics.hpp"
#include "investigate/probed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>

namespace misroute::cli {

namespace {

constexpr int k_most_requests = 10'000;
constexpr std::size_t k_most_key_bytes = 4096;

struct ProbeFlags
{
    std::vector<std::string> urls;
    std::string config;
    ManifestFlags manifests;
    int requests = 0; ///< 0: as many as excluding the share takes
    std::string completion;
    std::string key_file;
    std::string timeout = "10s";
    std::string max_time = "2m";
    std::string ca_file;
    std::string deployments; ///< file to write them to, or empty
    std::vector<std::string> resolve;
    double exclude_share = 0; ///< 0: what the requests can exclude
    double confidence = 0.95;
    WindowFlags window; ///< only --now
    OutputFlags output;
};

std::string key_of(std::string const &file)
{
    std::string key;
    if (file.empty()) {
        char const *const value = std::getenv("MISROUTE_KEY"); // NOLINT(concurrency-mt-unsafe): no thread yet
        key = value == nullptr ? "" : value;
    } else {
        std::ifstream input{file};
        key.resize(k_most_key_bytes + 1); // /dev/zero has no end
        input.read(key.data(), static_cast<std::streamsize>(key.size()));
        key.resize(static_cast<std::size_t>(input.gcount()));
        if (key.empty()) {
            throw Error{fmt::format("cannot read a key from \"{}\"", file), {}, "its first line must be the key alone"};
        }
        key.resize(std::min(key.find('\n'), key.size()));
    }
    auto const last = key.find_last_not_of(" \t\r\n");
    key.resize(last == std::string::npos ? 0 : last + 1);
    bool const sendable = std::ranges::all_of(key, [](unsigned char letter) { return letter > ' ' && letter < 0x7F; });
    if (!sendable || key.size() > k_most_key_bytes) {
        throw Error{"the key holds blanks or other characters that no key has",
                    {},
                    "put a virtual key alone in MISROUTE_KEY, or in the first line of --key-file"};
    }
    return key;
}

/// What was named, else every hostname of the configuration that is no pattern.
std::vector<std::string> urls_of(ProbeFlags const &flags, Expectations const &expected)
{
    std::vector<std::string> urls;
    for (auto const &given : flags.urls) {
        urls.push_back(probe_url(given));
    }
    for (auto const &instance : flags.urls.empty() ? expected.instances : std::vector<Instance>{}) {
        for (auto const &host : instance.hosts) {
            if (host.find('*') == std::string::npos) {
                urls.push_back(probe_url(host));
            }
        }
    }
    if (urls.empty()) {
        throw Error{"nothing to probe: no URL is given, and no configuration names a hostname",
                    {},
                    "misroute probe https://claude.goodvision.tech, or name a configuration with -c"};
    }
    return urls;
}

struct Plan
{
    int requests = 0;
    double exclude_share = 0;
};

/// Either number follows from the other; without both, 10 % are to be excluded as in check.
Plan plan_of(ProbeFlags const &flags)
{
    auto const alpha = 1 - flags.confidence;
    if (flags.requests > 0) {
        return {flags.requests,
                flags.exclude_share > 0 ? flags.exclude_share : share_excluded_by(flags.requests, alpha)};
    }
    auto const share = flags.exclude_share > 0 ? flags.exclude_share : CheckPlan{}.exclude_share;
    auto const needed = std::min<std::int64_t>(clean_requests_needed(share, alpha), k_most_requests);
    return {static_cast<int>(needed), share};
}

/// What is left of `most` is shared among the URLs whose turn has not come, so that one that stalls costs its own part.
std::vector<ProbedUrl> probe_all(std::vector<std::string> const &urls, ProbeOptions options, Milliseconds most)
{
    auto const end = std::chrono::steady_clock::now() + most;
    std::vector<ProbedUrl> probed;
    for (auto const &url : urls) {
        auto const now = std::chrono::steady_clock::now();
        auto const turn = now + (end - now) / static_cast<std::int64_t>(urls.size() - probed.size());
        options.left = [turn] { return std::chrono::floor<Milliseconds>(turn - std::chrono::steady_clock::now()); };
        probed.push_back(probe(url, options));
        auto const &last = probed.back();
        if (!last.given_up.empty()) {
            warn(fmt::format("{}: {}; {}", last.url, last.given_up, last.next));
        }
    }
    if (std::ranges::none_of(probed, [](ProbedUrl const &one) { return one.given_up.empty(); })) {
        auto const &first = probed.front();
        throw Error{fmt::format("cannot probe {}: {}", first.url, first.given_up), {}, first.next};
    }
    return probed;
}

ExitCode run_probe(ProbeFlags const &flags, Context const &context)
{
    start_log(flags.output.verbose, flags.output.quiet);
    check_formats(flags.output);
    auto const zone = zone_of(flags.output.tz);
    auto const now = now_of(flags.window, zone);
    auto const fleet = read_fleet(flags.config, flags.manifests, now, context.stop);
    if (!flags.deployments.empty() && !flags.completion.empty()) {
        throw Error{"--deployments does not go with --completion, whose answers name one deployment each",
                    {},
                    "leave --completion out: then the pods list all of theirs"};
    }
    auto const urls = urls_of(flags, fleet.config.expectations);
    auto const plan = plan_of(flags);
    auto const began = std::chrono::steady_clock::now();
    auto const clock = [&] { return now + std::chrono::floor<Milliseconds>(std::chrono::steady_clock::now() - began); };
    auto const probed = probe_all(urls,
                                  {plan.requests,
                                   flags.completion,
                                   key_of(flags.key_file),
                                   duration_of(flags.timeout, "--timeout"),
                                   flags.ca_file,
                                   flags.resolve,
                                   fleet.config.entry.instance_tag,
                                   clock,
                                   {},
                                   context.stop},
                                  duration_of(flags.max_time, "--max-time"));

    if (!flags.deployments.empty()) {
        write_file(flags.deployments, probed_deployments(deployments_of(probed, fleet.config.expectations), now));
    }
    auto report = investigate_probe(
        probed, fleet,
        {{now, clock() + Milliseconds{1}}, !flags.completion.empty(), plan.exclude_share, flags.confidence});
    report.notes.insert(report.notes.end(), fleet.notes.begin(), fleet.notes.end());
    return deliver(report, flags.output, zone);
}

void add_requests(Arguments arguments, ProbeFlags &flags)
{
    auto group = arguments.group("Probe");
    group.option("--requests", flags.requests, "Requests to each URL (default: as many as --exclude-share takes)")
        .between(1, k_most_requests);
    group.option("--completion", flags.completion, "Also ask for one token of MODEL each time; that costs money")
        .named("MODEL");
    group
        .option("--exclude-share", flags.exclude_share,
                "Pass when a wrong share of this size is excluded (default: 0.1, or what --requests can exclude)")
        .within(0.0001, 0.9999);
    group.option("--confidence", flags.confidence, "With this confidence").within(0.5, 0.9999).with_default();
    group
        .option("--deployments", flags.deployments,
                "Write the deployments that each instance's pods list, as a block for misroute.yaml")
        .named("FILE");
    group.option("--now", flags.window.now, "Let the clock start at this time, for reproducible reports").named("TIME");
}

void add_connection(Arguments arguments, ProbeFlags &flags)
{
    auto group = arguments.group("Connection");
    group
        .option("--key-file", flags.key_file,
                "File with a virtual key in its first line (default: the key in MISROUTE_KEY)")
        .named("FILE");
    group.option("--timeout", flags.timeout, "Longest a request may take").named("DURATION").with_default();
    group.option("--max-time", flags.max_time, "Longest all of them may take, shared among the URLs")
        .named("DURATION")
        .with_default();
    group.option("--cacert", flags.ca_file, "Certificates to trust instead of the system's").named("FILE");
    group.repeated("--resolve", flags.resolve, "Use this address for HOST at PORT; may be repeated")
        .named("HOST:PORT:ADDRESS");
}

} // namespace

Action add_probe(Arguments arguments)
{
    auto flags = std::make_shared<ProbeFlags>();
    arguments.repeated("url", flags->urls, "Where requests enter (default: https:// and every configured hostname)")
        .named("URL");
    arguments.option("-c,--config", flags->config, "Configuration file (default: misroute.yaml if there is one)")
        .named("FILE");
    add_requests(arguments, *flags);
    add_connection(arguments, *flags);
    add_manifests(arguments, flags->manifests, std::string{k_fleet_help});
    add_options(arguments, flags->output);
    return [flags](Context const &context) {
        return reporting(flags->output, [&] { return run_probe(*flags, context); });
    };
}

} // namespace misroute::cli
