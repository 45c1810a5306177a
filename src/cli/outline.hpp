// SPDX-License-Identifier: Apache-2.0
//
// What the command line takes, as plain data: the tables behind --help, the completion of shells and the manual pages.
#pragma once

#include <string>
#include <vector>

namespace CLI { // NOLINT(readability-identifier-naming): CLI11's
class App;
}

namespace misroute::cli {

struct OutlinedOption
{
    std::vector<std::string> names; ///< with their dashes, the short one first; none for a positional
    std::string value;              ///< what help calls the value, "FILE"; empty for a flag
    std::string help;               ///< with the default
    std::vector<std::string> words; ///< what may stand for the value, as far as that is known
    bool file = false;              ///< the value is a file or a folder
    bool positional = false;
    bool required = false;
    bool many = false; ///< a positional that takes every word that is left
};

struct OutlinedGroup
{
    std::string title;
    std::vector<OutlinedOption> options; ///< positionals first, --help last
};

struct OutlinedCommand
{
    std::string name;
    std::string help;
    std::string examples;              ///< one a line, indented by two blanks
    std::vector<OutlinedGroup> groups; ///< in the order of the help; the first is "Options"
};

struct Outline
{
    std::string help;
    OutlinedGroup options; ///< of misroute itself
    std::vector<OutlinedCommand> commands;
};

/// "misroute scan [OPTIONS]".
std::string usage_of(OutlinedCommand const &command);

OutlinedCommand outlined_command(CLI::App const &app);
Outline outline_of(CLI::App const &app);

} // namespace misroute::cli
