// SPDX-License-Identifier: Apache-2.0
//
// misroute k8s: manifests or live objects in, Services that select another instance's pods out. Asks no cluster.
#include "cli/commands.hpp"
#include "cli/fleet.hpp"
#include "cli/log.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/zone.hpp"
#include "misroute/investigate.hpp"

#include <memory>

namespace misroute::cli {

namespace {

struct K8sFlags
{
    std::vector<std::string> paths;
    ManifestFlags manifests;
    std::string config;
    WindowFlags window; ///< only --now
    OutputFlags output;
};

ExitCode run_k8s(K8sFlags const &flags, Context const &context)
{
    start_log(flags.output.verbose, flags.output.quiet);
    check_formats(flags.output);
    auto manifests = flags.manifests;
    manifests.paths.insert(manifests.paths.begin(), flags.paths.begin(), flags.paths.end());
    if (manifests.paths.empty()) {
        throw Error{"no manifests given",
                    {},
                    "name files or folders, or pipe them in: kubectl kustomize deploy/ | "
                    "misroute k8s -"};
    }
    auto const zone = zone_of(flags.output.tz);
    auto const now = now_of(flags.window, zone);
    auto const config = find_config(flags.config, now);
    auto cluster = load_cluster(manifests_of(manifests, context.stop), config.expectations);
    auto const report = investigate_manifests(std::move(cluster), config, now);
    return deliver(report, flags.output, zone);
}

} // namespace

Action add_k8s(Arguments arguments)
{
    auto flags = std::make_shared<K8sFlags>();
    arguments.repeated("path", flags->paths, "Files, folders, or - for standard input").named("PATH");
    add_manifests(arguments, flags->manifests, "The same; may be repeated");
    arguments.option("-c,--config", flags->config, "Configuration file (default: misroute.yaml if there is one)")
        .named("FILE");
    arguments.option("--now", flags->window.now, "Take this as the present, for reproducible reports").named("TIME");
    add_options(arguments, flags->output);
    return
        [flags](Context const &context) { return reporting(flags->output, [&] { return run_k8s(*flags, context); }); };
}

} // namespace misroute::cli
