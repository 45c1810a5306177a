// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.hpp"
#include "misroute/version.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <string_view>
#include <vector>

namespace misroute::cli {

namespace {

// bash splits a line at "=" too: --format=json is three words.
constexpr std::string_view k_bash_start = R"(
_misroute() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' at
    local words='' options='' files=''
    if [[ $current == '=' ]]; then
        current=''
    elif [[ $previous == '=' ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((at = 1; at < COMP_CWORD; ++at)); do
        [[ ${COMP_WORDS[at]} == -* ]] || { command=${COMP_WORDS[at]} && break; }
    done
    COMPREPLY=()
    case $command,$previous in
)";

constexpr std::string_view k_bash_end = R"(            esac
            [[ $current != -* ]] || { words=$options && files=''; }
            ;;
    esac
    [[ -z $files ]] || compopt -o default
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _misroute misroute
)";

/// One case for an option that takes a value: what may follow it.
std::string value_case(OutlinedCommand const &command, OutlinedOption const &option)
{
    std::vector<std::string> patterns;
    for (auto const &name : option.names) {
        patterns.push_back(command.name + "," + name);
    }
    auto const follows = option.file ? "files=yes" : fmt::format("words='{}'", fmt::join(option.words, " "));
    return fmt::format("        {}) {} ;;\n", fmt::join(patterns, " | "), follows);
}

std::string command_case(OutlinedCommand const &command)
{
    std::vector<std::string> names;
    std::vector<std::string> words;
    bool files = false;
    for (auto const &group : command.groups) {
        for (auto const &option : group.options) {
            names.insert(names.end(), option.names.begin(), option.names.end());
            if (option.positional) {
                words.insert(words.end(), option.words.begin(), option.words.end());
                files = files || option.file;
            }
        }
    }
    return fmt::format(
        "                {})\n                    words='{}' files='{}'\n                    options='{}'\n"
        "                    ;;\n",
        command.name, fmt::join(words, " "), files ? "yes" : "", fmt::join(names, " "));
}

std::vector<std::string> bash_commands(Outline const &outline)
{
    std::vector<std::string> words;
    for (auto const &command : outline.commands) {
        words.push_back(command.name);
    }
    return words;
}

} // namespace

std::string bash_completion(Outline const &outline)
{
    std::string script = fmt::format("# bash completion of misroute {}: misroute completion bash\n", k_version);
    script += k_bash_start;
    for (auto const &command : outline.commands) {
        for (auto const &group : command.groups) {
            for (auto const &option : group.options) {
                script += option.positional || option.value.empty() ? "" : value_case(command, option);
            }
        }
    }
    std::vector<std::string> names;
    for (auto const &option : outline.options.options) {
        names.insert(names.end(), option.names.begin(), option.names.end());
    }
    auto const commands = fmt::format("{}", fmt::join(bash_commands(outline), " "));
    script += "        *)\n            case $command in\n";
    script += fmt::format("                '') words='help {}' options='{}' ;;\n", commands, fmt::join(names, " "));
    script += fmt::format("                help) words='{}' ;;\n", commands);
    for (auto const &command : outline.commands) {
        script += command_case(command);
    }
    return script + std::string{k_bash_end};
}

} // namespace misroute::cli
