// SPDX-License-Identifier: Apache-2.0
#include "cli/outline.hpp"

#include "cli/arguments.hpp"
#include "cli/options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace misroute::cli {

namespace {

std::vector<std::string> names_of(CLI::Option const &option)
{
    std::vector<std::string> names;
    for (auto const &name : option.get_snames()) {
        names.push_back("-" + name);
    }
    for (auto const &name : option.get_lnames()) {
        names.push_back("--" + name);
    }
    return names;
}

OutlinedOption outlined_option(CLI::Option const &option)
{
    bool const positional = option.get_positional();
    auto const standard = option.get_default_str();
    return {.names = positional ? std::vector<std::string>{} : names_of(option),
            .value = positional                    ? option.get_name(true, false)
                     : option.get_type_size() == 0 ? std::string{}
                                                   : option.get_type_name(),
            .help = option.get_description() + (standard.empty() ? "" : fmt::format(" (default: {})", standard)),
            .words = words_of(option),
            .file = option.get_type_name() == "FILE" || option.get_type_name() == "PATH",
            .positional = positional,
            .required = option.get_required(),
            .many = option.get_expected_max() > 1};
}

/// The headings in the order in which they were declared, the first one even without an option; what is rarely needed
/// stands last.
std::vector<std::string> titles_of(CLI::App const &app)
{
    std::vector<std::string> titles{std::string{k_first_options}};
    for (auto const *option : app.get_options()) {
        bool const is_known = std::ranges::find(titles, title_of(*option)) != titles.end();
        if (!is_known && option != app.get_help_ptr()) {
            titles.push_back(title_of(*option));
        }
    }
    std::stable_partition(titles.begin(), titles.end(), [](auto const &title) { return title != k_rare_options; });
    return titles;
}

OutlinedGroup outlined_group(CLI::App const &app, std::string const &title)
{
    auto options = app.get_options([&](CLI::Option const *option) {
        return option == app.get_help_ptr() ? title == k_first_options : title_of(*option) == title;
    });
    std::stable_partition(options.begin(), options.end(),
                          [&](auto const *option) { return option != app.get_help_ptr(); });
    std::stable_partition(options.begin(), options.end(), [](auto const *option) { return option->get_positional(); });
    OutlinedGroup group{title, {}};
    for (auto const *option : options) {
        group.options.push_back(outlined_option(*option));
    }
    return group;
}

} // namespace

std::string usage_of(OutlinedCommand const &command)
{
    std::string usage = fmt::format("misroute {} [OPTIONS]", command.name);
    for (auto const &option : command.groups.front().options) {
        if (option.positional) {
            usage += option.required ? " " + option.value : fmt::format(" [{}]", option.value);
            usage += option.many ? "..." : "";
        }
    }
    return usage;
}

OutlinedCommand outlined_command(CLI::App const &app)
{
    OutlinedCommand command{app.get_name(), app.get_description(), app.get_footer(), {}};
    for (auto const &title : titles_of(app)) {
        command.groups.push_back(outlined_group(app, title));
    }
    return command;
}

Outline outline_of(CLI::App const &app)
{
    Outline outline{app.get_description(), outlined_group(app, std::string{k_first_options}), {}};
    for (auto const *command : app.get_subcommands({})) {
        outline.commands.push_back(outlined_command(*command));
    }
    return outline;
}

} // namespace misroute::cli
