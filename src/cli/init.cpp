// SPDX-License-Identifier: Apache-2.0
#include "cli/init.hpp"

#include "cli/k8s.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "config/write_config.hpp"
#include "misroute/k8s.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <memory>

namespace misroute::cli {

namespace {

struct InitFlags
{
    std::vector<std::string> manifests;
    std::string file;
    bool force = false;
};

ExitCode run_init(InitFlags const &flags)
{
    if (!flags.file.empty() && !flags.force && std::filesystem::exists(flags.file)) {
        throw Error{fmt::format("\"{}\" exists already", flags.file), {}, "choose another file, or add --force"};
    }
    auto const cluster = load_cluster(read_manifests(flags.manifests, standard_input(flags.manifests)), {});
    for (auto const &problem : cluster.problems) {
        spdlog::warn("{}", safe(problem));
    }
    auto const proposal = config_from_cluster(cluster);
    if (flags.file.empty()) {
        write_stdout(proposal.text);
    } else {
        write_file(flags.file, proposal.text);
    }
    return proposal.instances > 0 ? ExitCode::clean : ExitCode::inconclusive;
}

} // namespace

Action add_init(CLI::App &app)
{
    auto flags = std::make_shared<InitFlags>();
    app.add_option("--manifests", flags->manifests, "Files, folders, or - for standard input; may be repeated")
        ->type_name("PATH")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->required();
    app.add_option("-o,--output", flags->file, "Write to a file instead of stdout")->type_name("FILE");
    app.add_flag("--force", flags->force, "Replace the file when it exists");
    return [flags](Context const &) { return run_init(*flags); };
}

} // namespace misroute::cli
