// SPDX-License-Identifier: Apache-2.0
#include "cli/context.hpp"
#include "cli/options.hpp"
#include "cli/signals.hpp"
#include "cli/terminal.hpp"
#include "misroute/version.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <malloc.h>
#include <memory>
#include <string>

namespace misroute::cli {

namespace {

/// Bytes. glibc lets its own threshold grow with the blocks that are freed, and so keeps 2 to 3 MB of a report's
/// memory.
constexpr int k_kept_by_malloc = 64 * 1024;

constexpr std::string_view k_exit_codes = R"(Exit codes:
  0  examined, and nothing at or above --fail-on
  1  findings
  2  usage, configuration, connection, query, parse or write error
  3  inconclusive: nothing examined, too little, or incomplete
Every option has an environment variable: --fail-on is MISROUTE_FAIL_ON.)";

/// The action of the command that was chosen.
Action declare(CLI::App &app, std::shared_ptr<Action> const &chosen)
{
    for (auto const &command : commands()) {
        auto *sub = app.add_subcommand(std::string{command.name}, std::string{command.help});
        sub->footer(fmt::format("Examples:\n{}\n\n{}", command.examples, k_exit_codes));
        sub->callback([chosen, action = command.add(*sub)] { *chosen = action; });
    }
    add_environment(app);
    return [chosen](Context const &context) { return (*chosen)(context); };
}

ExitCode usage_error(CLI::App const &app, CLI::ParseError const &error)
{
    if (error.get_exit_code() == 0) { // --help and --version
        app.exit(error);
        return ExitCode::clean;
    }
    auto const subcommands = app.get_subcommands();
    auto const command = subcommands.empty() ? std::string{} : " " + subcommands.front()->get_name();
    show_error(Error{error.what(), {}, fmt::format("\"misroute{} --help\" shows what is possible", command)});
    return ExitCode::failure;
}

ExitCode run(int argc, char **argv, Signals const &signals)
{
    CLI::App app{"Finds LiteLLM requests that entered at one instance and were answered by another.", "misroute"};
    app.set_version_flag("--version", std::string{k_version_text});
    app.require_subcommand(1);
    app.set_help_all_flag("--help-all", "Help of all commands");
    auto const action = declare(app, std::make_shared<Action>());
    try {
        app.parse(argc, argv);
        return action(Context{signals.stop()});
    } catch (CLI::ParseError const &error) {
        return usage_error(app, error);
    }
}

} // namespace

} // namespace misroute::cli

int main(int argc, char **argv)
{
    using namespace misroute;
#ifdef M_TRIM_THRESHOLD
    mallopt(M_TRIM_THRESHOLD, cli::k_kept_by_malloc);
#endif
    cli::start_log(0, false);
    cli::Signals const signals;
    auto code = ExitCode::failure;
    try {
        code = cli::run(argc, argv, signals);
    } catch (Error const &error) {
        if (!signals.received()) {
            cli::show_error(error);
        }
    } catch (std::exception const &error) {
        cli::show_error(
            Error{error.what(), {}, "this is a fault of misroute; please report it with the command you ran"});
    }
    return static_cast<int>(signals.received().value_or(code));
}
