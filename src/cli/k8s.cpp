// SPDX-License-Identifier: Apache-2.0
#include "cli/k8s.hpp"

#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "misroute/investigate.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>
#include <unistd.h>

namespace misroute::cli {

namespace {

struct K8sFlags
{
    std::vector<std::string> paths;
    std::vector<std::string> manifests;
    std::string config;
    WindowFlags window; ///< only --now
    OutputFlags output;
};

ExitCode run_k8s(K8sFlags const &flags)
{
    start_log(flags.output.verbose, flags.output.quiet);
    check_formats(flags.output);
    auto paths = flags.paths;
    paths.insert(paths.end(), flags.manifests.begin(), flags.manifests.end());
    if (paths.empty()) {
        throw Error{"no manifests given",
                    {},
                    "name files or folders, or pipe them in: kubectl kustomize deploy/ | "
                    "misroute k8s -"};
    }
    auto const now = now_of(flags.window);
    auto const config = find_config(flags.config, now);
    auto cluster = load_cluster(read_manifests(paths, standard_input(paths)), config.expectations);
    auto const report = investigate_manifests(std::move(cluster), config, now);
    return deliver(report, flags.output);
}

} // namespace

std::string standard_input(std::vector<std::string> const &paths)
{
    if (std::find(paths.begin(), paths.end(), "-") == paths.end()) {
        return {};
    }
    if (isatty(STDIN_FILENO) != 0) {
        throw Error{
            "standard input is a terminal", {}, "pipe manifests in: kubectl kustomize deploy/ | misroute k8s -"};
    }
    return {std::istreambuf_iterator<char>{std::cin}, std::istreambuf_iterator<char>{}};
}

Action add_k8s(CLI::App &app)
{
    auto flags = std::make_shared<K8sFlags>();
    app.add_option("path", flags->paths, "Files, folders, or - for standard input")->type_name("PATH");
    add_manifests(app, flags->manifests, "The same; may be repeated");
    app.add_option("-c,--config", flags->config, "Configuration file (default: misroute.yaml if there is one)")
        ->type_name("FILE");
    app.add_option("--now", flags->window.now, "Take this as the present, for reproducible reports")->type_name("TIME");
    add_options(app, flags->output);
    return [flags](Context const &) { return reporting(flags->output, [&] { return run_k8s(*flags); }); };
}

} // namespace misroute::cli
