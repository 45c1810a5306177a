// SPDX-License-Identifier: Apache-2.0
//
// Scripts that let a shell complete the words of a command line: commands, options, and values where they are known.
#pragma once

#include "cli/outline.hpp"

#include <string>

namespace misroute::cli {

std::string bash_completion(Outline const &outline);
std::string zsh_completion(Outline const &outline);
std::string fish_completion(Outline const &outline);

} // namespace misroute::cli
