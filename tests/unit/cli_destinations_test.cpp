// SPDX-License-Identifier: Apache-2.0
#include "cli/destinations.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

namespace misroute::cli {

void PrintTo(Destination const &to, std::ostream *out)
{
    *out << to.format << " -> " << (to.file.empty() ? "stdout" : to.file);
}

namespace {

/// "f:json o:a.json": what stands on the command line, in short.
std::vector<Written> words(std::vector<std::string> const &line)
{
    std::vector<Written> result;
    for (auto const &word : line) {
        result.push_back({word.starts_with("f:") ? "format" : "output", word.substr(2)});
    }
    return result;
}

using Pairs = std::vector<Destination>;

TEST(Destinations, EveryOrderOfTwoAndThreePairsKeepsEachTogether)
{
    for (std::size_t const count : {2U, 3U}) {
        std::vector<std::string> names{"json", "junit", "prometheus"};
        names.resize(count);
        do {
            Pairs expected;
            std::vector<std::string> format_first;
            std::vector<std::string> file_first;
            for (auto const &name : names) {
                expected.push_back({name, name + ".out"});
                format_first.insert(format_first.end(), {"f:" + name, "o:" + name + ".out"});
                file_first.insert(file_first.end(), {"o:" + name + ".out", "f:" + name});
            }
            EXPECT_EQ(paired(words(format_first)), expected);
            EXPECT_EQ(paired(words(file_first)), expected);
            // One more format behind or before them goes to stdout and nowhere else.
            format_first.emplace_back("f:table");
            expected.push_back({"table", ""});
            EXPECT_EQ(paired(words(format_first)), expected);
            std::rotate(format_first.rbegin(), format_first.rbegin() + 1, format_first.rend());
            std::rotate(expected.rbegin(), expected.rbegin() + 1, expected.rend());
            EXPECT_EQ(paired(words(format_first)), expected);
        } while (std::next_permutation(names.begin(), names.end()));
    }
}

TEST(Destinations, AFileWithoutAFormatIsReadByItsEnding)
{
    EXPECT_EQ(paired({}), Pairs{});
    EXPECT_EQ(paired(words({"o:a.json"})), (Pairs{{"", "a.json"}}));
    EXPECT_EQ(paired(words({"o:a.json", "o:b.csv"})), (Pairs{{"", "a.json"}, {"", "b.csv"}}));
    EXPECT_EQ(paired(words({"f:json"})), (Pairs{{"json", ""}}));
    EXPECT_EQ(paired(words({"f:prometheus", "o:x.prom", "f:table"})), (Pairs{{"prometheus", "x.prom"}, {"table", ""}}));
    EXPECT_EQ(paired(words({"o:x", "f:prometheus", "f:table"})), (Pairs{{"prometheus", "x"}, {"table", ""}}));
    EXPECT_EQ(paired(words({"f:table", "f:json", "o:x"})), (Pairs{{"table", ""}, {"json", "x"}}));
    EXPECT_EQ(paired(words({"o:a.json", "f:csv", "o:b"})), (Pairs{{"", "a.json"}, {"csv", "b"}}));
    EXPECT_EQ(paired(words({"f:csv", "o:a", "o:b.json"})), (Pairs{{"csv", "a"}, {"", "b.json"}}));
}

} // namespace
} // namespace misroute::cli
