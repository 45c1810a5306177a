// SPDX-License-Identifier: Apache-2.0
//
// misroute config: what is wrong with a configuration, all of it at once and without a database, and the JSON Schema
// that editors complete and check one with.
#include "misroute/config.hpp"

#include "cli/commands.hpp"
#include "cli/config_schema.hpp"
#include "cli/log.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>

namespace misroute::cli {

namespace {

struct ConfigFlags
{
    std::string action;
    std::string file;
    std::string config;
    WindowFlags window; ///< only --now
};

std::string summary_of(Config const &config)
{
    std::int64_t hosts = 0;
    std::int64_t keys = 0;
    for (auto const &instance : config.expectations.instances) {
        hosts += static_cast<std::int64_t>(instance.hosts.size());
        keys += static_cast<std::int64_t>(instance.keys.size());
    }
    auto const instances = static_cast<std::int64_t>(config.expectations.instances.size());
    return fmt::format("{}: {}, {}, {}: sound\n", text::printable(config.file), text::counted(instances, "instance"),
                       text::counted(hosts, "host"), text::counted(keys, "key"));
}

ExitCode check_config(std::string const &file, Instant now)
{
    auto examined = examine_config(read_config(file), file, rule_names(), now);
    for (auto const &warning : examined.config.warnings) {
        warn(warning);
    }
    if (examined.complaints.empty()) {
        try {
            expect_instances(file, examined.config);
        } catch (Error const &error) {
            examined.complaints.push_back(error);
        }
    }
    for (auto const &complaint : examined.complaints) {
        show_error(complaint);
    }
    if (!examined.complaints.empty()) {
        return ExitCode::failure;
    }
    write_stdout(summary_of(examined.config));
    return ExitCode::clean;
}

ExitCode run_config(ConfigFlags const &flags)
{
    start_log(0, false);
    if (flags.action == "schema") {
        write_stdout(std::string{schemas::config});
        return ExitCode::clean;
    }
    if (flags.action != "check") {
        auto const near = nearest(flags.action, {"check", "schema"});
        throw Error{fmt::format("config cannot \"{}\"", flags.action),
                    {},
                    near.empty() ? "use check or schema" : fmt::format("did you mean \"misroute config {}\"?", near)};
    }
    auto const file = config_file(flags.file.empty() ? flags.config : flags.file);
    if (file.empty()) {
        throw Error{"there is no configuration to check",
                    {},
                    "name the file: misroute config check misroute.yaml; misroute init writes one"};
    }
    return check_config(file, now_of(flags.window, {}));
}

} // namespace

Action add_config(Arguments arguments)
{
    auto flags = std::make_shared<ConfigFlags>();
    arguments.option("action", flags->action, "check: all that is wrong, without a database; schema: a JSON Schema")
        .named("check|schema")
        .required();
    arguments.option("file", flags->file, "The configuration to check").named("FILE");
    arguments.option("-c,--config", flags->config, "Likewise (default: misroute.yaml if there is one)").named("FILE");
    arguments.option("--now", flags->window.now, "Take this as the present, for entries that expire").named("TIME");
    return [flags](Context const &) { return run_config(*flags); };
}

} // namespace misroute::cli
