// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.hpp"
#include "misroute/version.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <string_view>

namespace misroute::cli {

namespace {

/// fish knows two escapes inside of single quotes.
std::string fish_quoted(std::string_view text)
{
    std::string result{"'"};
    for (char const letter : text) {
        result += letter == '\'' || letter == '\\' ? "\\" : "";
        result += letter;
    }
    return result + "'";
}

/// What follows: a file, one of some words, a word that nobody knows; nothing behind a flag.
std::string fish_value(OutlinedOption const &option)
{
    if (option.value.empty()) {
        return {};
    }
    if (option.file) {
        return option.positional ? " --force-files" : " --require-parameter --force-files";
    }
    auto const words = option.words.empty()
                           ? std::string{}
                           : " --arguments " + fish_quoted(fmt::format("{}", fmt::join(option.words, " ")));
    return (option.positional ? "" : " --exclusive") + words;
}

std::string fish_line(std::string const &condition, OutlinedOption const &option)
{
    std::string names;
    for (auto const &name : option.names) {
        names += name.starts_with("--") ? " --long-option " + name.substr(2) : " --short-option " + name.substr(1);
    }
    auto const value = fish_value(option);
    if (option.positional && value.empty()) {
        return {};
    }
    return fmt::format("complete --command misroute --condition '{}'{}{} --description {}\n", condition, names, value,
                       fish_quoted(option.help));
}

} // namespace

std::string fish_completion(Outline const &outline)
{
    auto script = fmt::format("# fish completion of misroute {}: misroute completion fish\n\n"
                              "complete --command misroute --no-files\n",
                              k_version);
    script += "complete --command misroute --condition __fish_use_subcommand --arguments help --description "
              "'Show the help of a command'\n";
    for (auto const &option : outline.options.options) {
        script += fish_line("__fish_use_subcommand", option);
    }
    for (auto const &command : outline.commands) {
        script += fmt::format("complete --command misroute --condition '__fish_use_subcommand; or "
                              "__fish_seen_subcommand_from help' --arguments {} --description {}\n",
                              command.name, fish_quoted(command.help));
        for (auto const &group : command.groups) {
            for (auto const &option : group.options) {
                script += fish_line("__fish_seen_subcommand_from " + command.name, option);
            }
        }
    }
    return script;
}

} // namespace misroute::cli
