// SPDX-License-Identifier: Apache-2.0
//
// Runs one program to its end, without a shell: what it prints is bounded, and so is its time. It gets nothing on
// standard input, an environment of its own, and is ended when misroute is asked to stop.
#pragma once

#include "misroute/model/time.hpp"

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

namespace misroute::k8s {

struct ProgramLimits
{
    Milliseconds time{};
    std::size_t output = 0; ///< bytes of standard output
};

struct ProgramResult
{
    std::string output;
    std::string errors;  ///< the first part of standard error
    std::string failure; ///< why it gave no result; empty when it ended with 0
};

/// `command` is the path of the program and its arguments, `environment` all of its variables ("NAME=value"). Never
/// throws for what the program does.
ProgramResult run_program(std::vector<std::string> const &command, std::vector<std::string> const &environment,
                          ProgramLimits const &limits, std::stop_token const &stop);

} // namespace misroute::k8s
