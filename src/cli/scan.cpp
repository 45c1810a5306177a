// SPDX-License-Identifier: Apache-2.0
#include "cli/scan.hpp"

#include "cli/investigate.hpp"
#include "cli/k8s.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "misroute/k8s.hpp"

#include <memory>
#include <optional>

namespace misroute::cli {

namespace {

struct ScanFlags
{
    SourceFlags source;
    WindowFlags window;
    OutputFlags output;
    std::string by;
    std::vector<std::string> manifests;
};

ExitCode run_scan(ScanFlags const &flags, Context const &context)
{
    start_log(flags.output.verbose, flags.output.quiet);
    check_formats(flags.output);
    auto const now = now_of(flags.window);
    Inquiry const inquiry{window_of(flags.window, now), by_of(flags.by), now, "scan"};
    auto const config = find_config(flags.source.config, now);
    std::optional<Cluster> cluster;
    if (!flags.manifests.empty()) {
        cluster = load_cluster(read_manifests(flags.manifests, standard_input(flags.manifests)), config.expectations);
    }
    Source source{source_options(flags.source, flags.output, config, "scan", context)};
    return deliver(investigate(source, config, inquiry, cluster ? &*cluster : nullptr), flags.output);
}

} // namespace

Action add_scan(CLI::App &app)
{
    auto flags = std::make_shared<ScanFlags>();
    add_options(app, flags->source);
    add_options(app, flags->window);
    app.add_option("--by", flags->by,
                   "Group by host, key, team, user, end-user, ip or tag:NAME "
                   "(default: host when any row names one, else key)")
        ->type_name("WHAT");
    app.add_option("--manifests", flags->manifests,
                   "Manifests or live objects to prove the cause with; may be repeated")
        ->type_name("PATH")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    add_options(app, flags->output);
    return [flags](Context const &context) { return run_scan(*flags, context); };
}

} // namespace misroute::cli
