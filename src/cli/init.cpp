// SPDX-License-Identifier: Apache-2.0
//
// misroute init: a commented misroute.yaml from manifests, or from what clean traffic shows, so that nobody has to
// write the first one by hand.
#include "cli/commands.hpp"
#include "cli/fleet.hpp"
#include "cli/log.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/zone.hpp"
#include "config/learn_config.hpp"
#include "config/write_config.hpp"
#include "misroute/k8s.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

namespace misroute::cli {

namespace {

struct InitFlags
{
    ManifestFlags manifests;
    SourceFlags source;
    WindowFlags window{"7d", {}, {}};
    std::string tz;
    std::string file;
    bool force = false;
};

ProposedConfig from_manifests(InitFlags const &flags, Context const &context)
{
    auto const cluster = load_cluster(manifests_of(flags.manifests, context.stop), {});
    for (auto const &problem : cluster.problems) {
        warn(problem);
    }
    for (auto const &reason : cluster.unexamined) {
        warn(reason);
    }
    for (auto const &workload : cluster.workloads) {
        for (auto const &part : workload.instance.empty() ? std::vector<std::string>{} : workload.unread) {
            warn(fmt::format("{} {}: what it serves is not all known: {}", workload.kind, workload.name.text(), part));
        }
    }
    return config_from_cluster(cluster);
}

/// Only a configuration that is named counts: `misroute init > misroute.yaml` has just emptied the one in the folder.
ProposedConfig from_traffic(InitFlags const &flags, Context const &context)
{
    auto const zone = zone_of(flags.tz);
    auto const now = now_of(flags.window, zone);
    auto const config = flags.source.config.empty() ? Config{} : find_config(flags.source.config, now);
    Source source{source_options(flags.source, {}, config, "init", context)};
    auto const tally = source.tally(window_of(flags.window, now, zone), {});
    for (auto const &gap : tally.gaps) {
        warn(fmt::format("{} to {} could not be read: {}", to_rfc3339(gap.window.since), to_rfc3339(gap.window.until),
                         gap.reason));
    }
    auto proposal = config_from_traffic(tally);
    proposal.instances = tally.gaps.empty() ? proposal.instances : 0; // what was not read may be mixed
    return proposal;
}

ExitCode run_init(InitFlags const &flags, Context const &context)
{
    if (!flags.file.empty() && !flags.force && std::filesystem::exists(flags.file)) {
        throw Error{fmt::format("\"{}\" exists already", flags.file), {}, "choose another file, or add --force"};
    }
    auto const proposal = flags.manifests.paths.empty() ? from_traffic(flags, context) : from_manifests(flags, context);
    if (flags.file.empty()) {
        write_stdout(proposal.text);
    } else {
        write_file(flags.file, proposal.text);
    }
    return proposal.instances > 0 ? ExitCode::clean : ExitCode::inconclusive;
}

} // namespace

Action add_init(Arguments arguments)
{
    auto flags = std::make_shared<InitFlags>();
    add_manifests(arguments, flags->manifests,
                  "Files, folders, or - for standard input; may be repeated. No database is read then");
    add_options(arguments, flags->source);
    add_options(arguments, flags->window);
    add_zone(arguments, flags->tz);
    arguments.option("-o,--output", flags->file, "Write to a file instead of stdout").named("FILE");
    arguments.flag("--force", flags->force, "Replace the file when it exists");
    return [flags](Context const &context) { return run_init(*flags, context); };
}

} // namespace misroute::cli
