// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.hpp"
#include "misroute/version.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <string_view>

namespace misroute::cli {

namespace {

constexpr std::string_view k_zsh_start = R"(
    if (( CURRENT == 2 )); then
        _describe -t commands command commands
        _arguments $general
        return
    fi
    local command=$words[2]
    shift words
    (( CURRENT-- ))
    case $command in
        help) _describe -t commands command commands ;;
)";

// The first is for a file in $fpath, the second for `source <(misroute completion zsh)`.
constexpr std::string_view k_zsh_end = R"(    esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _misroute "$@"
else
    compdef _misroute misroute
fi
)";

/// Inside of '…[…]…', where zsh reads brackets and colons.
std::string zsh_escaped(std::string_view text)
{
    std::string result;
    for (char const letter : text) {
        if (letter == '\'') {
            result += R"('\'')";
        } else {
            result += std::string_view{"[]:\\$`"}.find(letter) == std::string_view::npos ? "" : "\\";
            result += letter;
        }
    }
    return result;
}

/// ":FILE:_files" behind an option that takes a value.
std::string zsh_value(OutlinedOption const &option)
{
    if (option.value.empty()) {
        return {};
    }
    auto const action = option.file            ? "_files"
                        : option.words.empty() ? " "
                                               : fmt::format("({})", fmt::join(option.words, " "));
    return fmt::format(":{}:{}", zsh_escaped(option.value), action);
}

std::string zsh_specs(OutlinedGroup const &group, std::string_view indent)
{
    std::string specs;
    for (auto const &option : group.options) {
        if (option.positional) {
            specs += fmt::format("{}'{}{}'\n", indent, option.many ? "*" : "1", zsh_value(option));
        }
        for (auto const &name : option.names) {
            bool const glued = !option.value.empty() && name.starts_with("--"); // --format=json and --format json
            specs += fmt::format("{}'*{}{}[{}]{}'\n", indent, name, glued ? "=" : "", zsh_escaped(option.help),
                                 zsh_value(option));
        }
    }
    return specs;
}

} // namespace

std::string zsh_completion(Outline const &outline)
{
    auto script = fmt::format("#compdef misroute\n# zsh completion of misroute {}: misroute completion zsh\n\n"
                              "_misroute() {{\n    local -a commands=(\n        'help:Show the help of a command'\n",
                              k_version);
    for (auto const &command : outline.commands) {
        script += fmt::format("        '{}:{}'\n", command.name, zsh_escaped(command.help));
    }
    script += "    )\n    local -a general=(\n" + zsh_specs(outline.options, "        ") + "    ) options\n";
    script += k_zsh_start;
    for (auto const &command : outline.commands) {
        script += fmt::format("        {})\n            options=(\n", command.name);
        for (auto const &group : command.groups) {
            script += zsh_specs(group, "                ");
        }
        script += "            )\n            _arguments -s $options\n            ;;\n";
    }
    return script + std::string{k_zsh_end};
}

} // namespace misroute::cli
