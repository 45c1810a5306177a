// SPDX-License-Identifier: Apache-2.0
#include "cli/destinations.hpp"

#include <cstddef>

namespace misroute::cli {

namespace {

bool is_file(Written const &word)
{
    return word.option == "output";
}

/// -o A -f B -o C -f D: reading it from the left would give A away and B to C.
bool pairs_begin_with_files(std::vector<Written> const &written)
{
    bool alternate = written.size() % 2 == 0;
    for (std::size_t i = 0; i < written.size(); ++i) {
        alternate = alternate && is_file(written[i]) == (i % 2 == 0);
    }
    return alternate;
}

} // namespace

std::vector<Destination> paired(std::vector<Written> const &written)
{
    std::vector<Destination> result;
    bool const files_first = pairs_begin_with_files(written);
    bool file_waits = false; // the last one of `result` is a file without a format
    for (std::size_t i = 0; i < written.size(); ++i) {
        auto const &word = written[i];
        bool const file_follows = i + 1 < written.size() && is_file(written[i + 1]);
        if (is_file(word)) {
            result.push_back({{}, word.value});
            file_waits = true;
        } else if (file_waits && (files_first || !file_follows)) {
            result.back().format = word.value;
            file_waits = false;
        } else if (file_follows) {
            result.push_back({word.value, written[++i].value});
            file_waits = false;
        } else {
            result.push_back({word.value, {}});
            file_waits = false;
        }
    }
    return result;
}

} // namespace misroute::cli
