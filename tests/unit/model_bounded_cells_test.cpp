// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/bounded_cells.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace misroute {
namespace {

struct Counted
{
    CellKey key;
    Instant bucket;
};

CellKey cell(std::string host, std::string model)
{
    CellKey key;
    key.host = std::move(host);
    key.model_group = model;
    key.model = std::move(model);
    key.model_id = "m" + key.model;
    return key;
}

/// 3000 hosts of 5 models, one configured host of 400 models, and two hosts that a pattern matches.
std::vector<Counted> hostile_rows()
{
    std::vector<Counted> rows;
    for (int i = 0; i < 3000; ++i) {
        rows.push_back({cell(fmt::format("h{}.example", i), fmt::format("m{}", i % 5)), Instant{Milliseconds{i % 7}}});
        rows.push_back({cell("claude.goodvision.tech", fmt::format("x{}", i % 400)), Instant{Milliseconds{i % 11}}});
    }
    rows.push_back({cell("a.llm.test", "m1"), Instant{}});
    rows.push_back({cell("b.llm.test", "m1"), Instant{}});
    return rows;
}

Expectations expected()
{
    return {{{.name = "claude", .hosts = {"claude.goodvision.tech"}, .expect = {{"anthropic", ""}}},
             {.name = "kelly", .hosts = {"*.llm.test"}, .expect = {{"openai", ""}}}}};
}

struct Result
{
    Cells cells;
    Overflow overflow;

    std::int64_t requests(std::string const &host) const
    {
        std::int64_t sum = 0;
        for (auto const &[key, cell] : cells) {
            sum += host.empty() || key.host == host ? cell.total.requests : 0;
        }
        return sum;
    }
};

/// Counts the rows in `parts` collections that are merged, as slices are.
Result count(std::vector<Counted> const &rows, CardinalityLimits const &limits, std::size_t parts)
{
    auto const expectations = expected();
    std::map<std::string, std::string> const aliases;
    Configured const configured{expectations, aliases};
    BoundedCells all{configured, limits};
    for (std::size_t part = 0; part < parts; ++part) {
        BoundedCells cells{configured, limits};
        for (std::size_t row = part; row < rows.size(); row += parts) {
            cells.add(rows[row].key, rows[row].bucket, {.requests = 1});
        }
        all.merge(std::move(cells));
    }
    auto const overflow = all.overflow();
    return {all.take(), overflow};
}

TEST(BoundedCells, KeepsEverythingWhileThereIsRoom)
{
    auto const result = count(hostile_rows(), {10'000, 1'000'000, 1'000'000}, 3);
    EXPECT_FALSE(result.overflow.any());
    EXPECT_EQ(result.cells.size(), 3000U + 400U + 2U);
    EXPECT_EQ(result.requests(""), 6002);
}

TEST(BoundedCells, LosesNoRequestAndKeepsWhatIsConfigured)
{
    auto const result = count(hostile_rows(), {50, 100'000, 1'000'000}, 1);
    EXPECT_EQ(result.requests(""), 6002);
    EXPECT_EQ(result.requests("claude.goodvision.tech"), 3000);
    // 3002 names without a place of their own, 50 of which there is room for.
    EXPECT_EQ(result.overflow.issuer_requests, 2952);
    EXPECT_EQ(result.overflow.model_requests, 0);
    EXPECT_GE(result.requests(std::string{k_overflow}), 2950);
}

TEST(BoundedCells, HostsThatAPatternMatchesOverflowIntoThePattern)
{
    auto const result = count(hostile_rows(), {0, 0, 1'000'000}, 1);
    EXPECT_EQ(result.requests("*.llm.test"), 2);
    EXPECT_EQ(result.requests(std::string{k_overflow}), 3000);
}

TEST(BoundedCells, ModelsOfAConfiguredIssuerOverflow)
{
    auto const result = count(hostile_rows(), {50, 100'000, 500}, 1);
    EXPECT_EQ(result.requests(""), 6002);
    EXPECT_EQ(result.requests("claude.goodvision.tech"), 3000);
    EXPECT_GT(result.overflow.model_requests, 0);
    EXPECT_LT(result.cells.size(), 200U);
}

TEST(BoundedCells, WhatAVerdictStandsOnDoesNotOverflow)
{
    auto expectations = expected();
    expectations.instances[0].expect = {{"bedrock", "bedrock-runtime.*.amazonaws.com"}, {"hosted_vllm", "10.4.0.9"}};
    expectations.instances[1].deployments = {"0e4a7f62"};
    std::map<std::string, std::string> const aliases;
    Configured const configured{expectations, aliases};
    auto key = cell("claude.goodvision.tech", "some-model");
    key.model_id = "0e4a7f621b2756c6";
    for (std::string const kept : {"bedrock-runtime.us-east-1.amazonaws.com", "10.4.0.9:8000", "10.4.0.9"}) {
        key.backend = {"bedrock", kept, {}};
        auto const overflowed = overflow_model(key, configured);
        EXPECT_EQ(overflowed.backend.upstream, kept);
        EXPECT_EQ(overflowed.model_id, key.model_id) << "kelly's, as the configuration says";
        EXPECT_EQ(overflowed.model, k_overflow);
    }
    key.backend = {"bedrock", "relay.maplegate.io", {}};
    key.model_id = "nobody-knows-whose";
    EXPECT_EQ(overflow_model(key, configured).backend.upstream, k_overflow);
    EXPECT_EQ(overflow_model(key, configured).model_id, k_overflow);
}

TEST(BoundedCells, WhatIsKeptDependsOnTheRowsAlone)
{
    auto rows = hostile_rows();
    CardinalityLimits const limits{50, 400, 500};
    auto const reference = count(rows, limits, 1);
    std::minstd_rand random{42}; // NOLINT(cert-msc51-cpp): the same order in every run
    for (std::size_t const parts : {2U, 7U, 96U}) {
        std::shuffle(rows.begin(), rows.end(), random);
        auto const result = count(rows, limits, parts);
        EXPECT_EQ(result.overflow.issuer_requests, reference.overflow.issuer_requests);
        EXPECT_EQ(result.overflow.model_requests, reference.overflow.model_requests);
        ASSERT_EQ(result.cells.size(), reference.cells.size());
        for (auto const &[key, cell] : reference.cells) {
            ASSERT_TRUE(result.cells.contains(key)) << key.host << ' ' << key.model;
            EXPECT_EQ(result.cells.at(key).series, cell.series);
        }
    }
}

} // namespace
} // namespace misroute
