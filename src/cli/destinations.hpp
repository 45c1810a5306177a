// SPDX-License-Identifier: Apache-2.0
//
// Which --format goes to which --output. Pure, so that every order can be tested.
#pragma once

#include "cli/arguments.hpp"

#include <string>
#include <vector>

namespace misroute::cli {

struct Destination
{
    std::string format; ///< as written; empty: what the file's ending says
    std::string file;   ///< empty: stdout
    bool operator==(Destination const &) const = default;
};

/// A --format names the -o right behind it, else the -o right before it, else stdout: `-f prometheus -o x.prom -f
/// table` is a file and a table on stdout. Where all are pairs that begin with -o, each --format names the -o before
/// it. Nothing given is nothing returned.
std::vector<Destination> paired(std::vector<Written> const &written);

} // namespace misroute::cli
