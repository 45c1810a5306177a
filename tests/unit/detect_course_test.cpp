// SPDX-License-Identifier: Apache-2.0
#include "detect/course.hpp"
#include "samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace misroute {
namespace {

using namespace std::chrono_literals;

constexpr Instant k_start = samples::k_day;

IssuerCell cell_of(std::string const &owner, RowClass row_class)
{
    IssuerCell cell;
    cell.key.backend.provider = "of-" + owner;
    cell.key.model = owner;
    cell.judged.row_class = row_class;
    cell.judged.owner = owner;
    return cell;
}

/// A tally and the view of its only issuer.
struct Counted
{
    Tally tally;
    IssuerView view;

    explicit Counted(Milliseconds length)
    {
        tally.window = {k_start, k_start + length};
        tally.bucket = bucket_width(tally.window);
    }

    void add(IssuerCell cell, Instant bucket, std::int64_t requests)
    {
        Sums const sums{.requests = requests, .unpriced_requests = requests, .unpriced_tokens = 10 * requests};
        tally.cells[cell.key].add(bucket, sums);
        cell.sums = sums;
        view.cells.push_back(std::move(cell));
    }
};

JudgedRow row_of(int second, bool home)
{
    JudgedRow row;
    row.row.time = k_start + std::chrono::seconds{second};
    row.judged.row_class = home ? RowClass::home : RowClass::foreign;
    row.judged.owner = home ? "a" : "b";
    return row;
}

TEST(Course, AddsTheClassesOfABucketAndNamesWhoAnswered)
{
    Counted counted{24h};
    counted.add(cell_of("claude", RowClass::home), k_start + 15min, 3);
    counted.add(cell_of("kelly", RowClass::foreign), k_start + 15min, 2);
    counted.add(cell_of("claude2", RowClass::excluded), k_start + 15min, 7);
    auto const course = course_of(counted.tally, counted.view);
    ASSERT_EQ(course.size(), 1U);
    EXPECT_EQ(course[0].stretch, (Window{k_start + 15min, k_start + 30min}));
    EXPECT_EQ(course[0].home, 3);
    EXPECT_EQ(course[0].foreign, 2);
    EXPECT_EQ(course[0].unpriced_tokens, 20) << "of foreign rows alone";
    EXPECT_EQ(course[0].by_owner, (std::map<std::string, std::int64_t>{{"claude", 3}, {"kelly", 2}}));
}

TEST(Course, CountsRareNamesTogether)
{
    Counted counted{24h};
    for (int owner = 0; owner < 40; ++owner) {
        counted.add(cell_of(fmt::format("owner{:02}", owner), RowClass::foreign), k_start, 40 - owner);
    }
    auto const course = course_of(counted.tally, counted.view);
    ASSERT_EQ(course.size(), 1U);
    EXPECT_EQ(course[0].by_owner.size(), k_most_owners + 1);
    EXPECT_EQ(course[0].by_owner.at("owner00"), 40);
    EXPECT_EQ(course[0].by_owner.at(std::string{k_overflow}), 406) << "28 + 27 + … + 1";
}

TEST(Course, IsBoundedHoweverLongTheWindow)
{
    Counted counted{24h * 365 * 30};
    auto const cell = cell_of("claude", RowClass::home);
    for (int day = 0; day < 365 * 30; ++day) {
        counted.tally.cells[cell.key].add(k_start + 24h * day, {.requests = 1});
    }
    counted.view.cells = {cell};
    auto const course = course_of(counted.tally, counted.view);
    EXPECT_LE(course.size(), 97U);
    std::int64_t home = 0;
    for (auto const &point : course) {
        home += point.home;
    }
    EXPECT_EQ(home, 365 * 30);
}

TEST(Course, KeepsTheIncidentAndItsNeighbours)
{
    std::vector<JudgedRow> rows;
    for (int second = 0; second < 200; ++second) {
        rows.push_back(row_of(second, second < 100 || second % 2 == 0));
    }
    auto const answers = newest_answers(rows);
    ASSERT_EQ(answers.size(), 103U) << "99 from the first foreign one at 101, and 4 before it";
    EXPECT_EQ(answers.front().time, k_start + 97s);
    EXPECT_EQ(answers.back().time, k_start + 199s);
    EXPECT_EQ(answers.back().answered_by, "b");
}

TEST(Course, KeepsAtMostFourHundredRequestsTheNewestOnes)
{
    std::vector<JudgedRow> rows;
    for (int second = 0; second < 1000; ++second) {
        rows.push_back(row_of(second, second % 2 == 0));
    }
    auto const answers = newest_answers(rows);
    ASSERT_EQ(answers.size(), k_most_answered);
    EXPECT_EQ(answers.back().time, k_start + 999s);
}

} // namespace
} // namespace misroute
