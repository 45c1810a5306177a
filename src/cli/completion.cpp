// SPDX-License-Identifier: Apache-2.0
//
// misroute completion: the script that a shell sources.
#include "cli/completion.hpp"

#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::cli {

namespace {

struct Shell
{
    std::string_view name;
    std::string (*script)(Outline const &);
};

constexpr std::array k_shells{
    Shell{"bash", bash_completion},
    Shell{"zsh", zsh_completion},
    Shell{"fish", fish_completion},
};

ExitCode run_completion(std::string const &name)
{
    for (auto const &shell : k_shells) {
        if (shell.name == name) {
            write_stdout(shell.script(outline()));
        }
    }
    return ExitCode::clean;
}

} // namespace

Action add_completion(Arguments arguments)
{
    std::vector<std::string> names;
    names.reserve(k_shells.size());
    for (auto const &shell : k_shells) {
        names.emplace_back(shell.name);
    }
    auto name = std::make_shared<std::string>();
    arguments.option("shell", *name, "Which shell").named("SHELL").one_of(names).required();
    return [name](Context const &) { return run_completion(*name); };
}

} // namespace misroute::cli
