// SPDX-License-Identifier: Apache-2.0
#include "source/slice_bytes.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace misroute {
namespace {

constexpr auto k_most = std::numeric_limits<std::int64_t>::max();
constexpr auto k_least = std::numeric_limits<std::int64_t>::min();

Instant at(std::int64_t milliseconds)
{
    return Instant{Milliseconds{milliseconds}};
}

CellKey key_of(std::string host, ExclusionReason reason = ExclusionReason::none)
{
    CellKey key;
    key.host = std::move(host);
    key.key = std::string(64, 'a');
    key.backend = {"openai", "kellycloudai.com", "kelly"};
    key.model = "openai/claude-opus-4-6";
    key.model_group = "claude-opus-4-6";
    key.reason = reason;
    return key;
}

Cells sample_cells()
{
    Cells cells;
    cells[key_of("claude.goodvision.tech")].add(at(0), {3, 42, -7, 1, 2, at(5), at(6)});
    cells[key_of("claude.goodvision.tech")].add(at(900'000), {1, k_most, k_least, 0, 0, at(900'001), at(900'001)});
    cells[key_of("", ExclusionReason::cache_hit)].add(at(-1), {1, 0, 0, 0, 0, at(-1), at(-1)});
    cells[key_of(std::string{"nul \0 and \xff", 11})].add(at(1), {1, 1, 1, 1, 1, at(1), at(1)});
    return cells;
}

std::string bytes_of(Cells const &cells)
{
    SliceWriter writer;
    for (auto const &[key, cell] : cells) {
        writer.add(key, cell);
    }
    return writer.bytes();
}

Cells taken(CachedCells &cached)
{
    Cells cells;
    cached.take([&](CellKey const &key, Cell &&cell) { cells[key] += cell; });
    return cells;
}

void expect_same(Cells const &cells, Cells const &truth)
{
    ASSERT_EQ(cells.size(), truth.size());
    for (auto const &[key, cell] : truth) {
        ASSERT_TRUE(cells.contains(key));
        EXPECT_EQ(cells.at(key).total, cell.total);
        EXPECT_EQ(cells.at(key).series, cell.series);
    }
}

TEST(SliceBytes, WhatIsWrittenIsReadBack)
{
    CachedCells cached;
    ASSERT_TRUE(cached.add(bytes_of(sample_cells())));
    EXPECT_EQ(cached.size(), 4U);
    expect_same(taken(cached), sample_cells());
    EXPECT_EQ(cached.size(), 0U);
    EXPECT_TRUE(taken(cached).empty());
}

TEST(SliceBytes, SlicesAddUpWhateverTheOrderOfTheirTexts)
{
    Cells first;
    first[key_of("a")].add(at(0), {1, 10, 100, 0, 0, at(1), at(1)});
    first[key_of("b")].add(at(0), {2, 20, 200, 0, 0, at(2), at(2)});
    Cells second;
    second[key_of("b")].add(at(60'000), {4, 40, 400, 0, 0, at(60'004), at(60'004)});
    second[key_of("c")].add(at(0), {8, 80, 800, 0, 0, at(8), at(8)});

    CachedCells cached;
    ASSERT_TRUE(cached.add(bytes_of(first)));
    ASSERT_TRUE(cached.add(bytes_of(second)));
    auto truth = first;
    for (auto const &[key, cell] : second) {
        truth[key] += cell;
    }
    expect_same(taken(cached), truth);
}

TEST(SliceBytes, AnEmptySliceIsOne)
{
    CachedCells cached;
    EXPECT_TRUE(cached.add(SliceWriter{}.bytes()));
    EXPECT_EQ(cached.size(), 0U);
}

TEST(SliceBytes, WhatWasCutOffAddsNothing)
{
    auto const whole = bytes_of(sample_cells());
    Cells one;
    one[key_of("a")].add(at(0), {1, 1, 1, 1, 1, at(1), at(1)});
    auto const texts = bytes_of({}).size(); // the number of texts alone
    for (std::size_t size = texts; size < whole.size(); ++size) {
        CachedCells cached;
        ASSERT_TRUE(cached.add(bytes_of(one)));
        if (!cached.add(std::string_view{whole}.substr(0, size))) {
            expect_same(taken(cached), one);
        }
    }
}

TEST(SliceBytes, NumbersOutOfRangeAskForNothing)
{
    CachedCells cached;
    EXPECT_FALSE(cached.add("\xfe\xff\xff\xff\xff\xff\xff\xff\x7f"));        // so many texts, and none of them there
    EXPECT_FALSE(cached.add("\xff\xff\xff\xff\xff\xff\xff\xff\x7f"));        // as many below zero
    EXPECT_FALSE(cached.add(std::string{"\0\4\4\4\4\4\4\4\4\4\4\0\0", 13})); // no text, and a cell that names the third
    EXPECT_FALSE(cached.add(""));
    EXPECT_EQ(cached.size(), 0U);
}

} // namespace
} // namespace misroute
