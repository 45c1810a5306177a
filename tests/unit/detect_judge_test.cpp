// SPDX-License-Identifier: Apache-2.0
#include "misroute/detect.hpp"

#include <gtest/gtest.h>

namespace misroute {
namespace {

/// claude serves anthropic, kelly and yxaiapp one upstream of openai each; the key "shared" stands under the first two.
Expectations fleet()
{
    return {{{.name = "claude",
              .hosts = {"claude.example"},
              .keys = {"shared"},
              .expect = {{"anthropic", "api.anthropic.com"}}},
             {.name = "kelly",
              .hosts = {"kelly.example"},
              .keys = {"shared"},
              .teams = {"t1"},
              .expect = {{"openai", "kellycloudai.com"}}},
             {.name = "yxaiapp", .hosts = {"yxaiapp.example"}, .expect = {{"openai", "yxaiapp.com"}}}}};
}

struct Case
{
    char const *name;
    CellKey cell;
    char const *key_name;
    RowClass row_class;
    char const *owner;
    char const *instance;
    std::optional<Rule> rule;
};

class Judging : public testing::TestWithParam<Case>
{
};

TEST_P(Judging, FollowsTheOrderOfDecision)
{
    auto const &wanted = GetParam();
    auto const judged = judge(fleet(), wanted.cell, wanted.key_name);
    EXPECT_EQ(to_string(judged.row_class), to_string(wanted.row_class));
    EXPECT_EQ(judged.owner.text(), wanted.owner);
    EXPECT_EQ(judged.instance.text(), wanted.instance);
    EXPECT_EQ(judged.rule, wanted.rule);
}

Backend const k_claude{"anthropic", "api.anthropic.com", {}};
Backend const k_kelly{"openai", "kellycloudai.com", {}};

INSTANTIATE_TEST_SUITE_P(
    Judge, Judging,
    testing::Values(
        Case{
            "own_backend", {.host = "claude.example", .backend = k_claude}, "", RowClass::home, "claude", "claude", {}},
        Case{"another_provider",
             {.host = "claude.example", .backend = k_kelly},
             "",
             RowClass::foreign,
             "kelly",
             "claude",
             Rule::provider_mismatch},
        Case{"same_provider_elsewhere",
             {.host = "yxaiapp.example", .backend = k_kelly},
             "",
             RowClass::foreign,
             "kelly",
             "yxaiapp",
             Rule::upstream_mismatch},
        Case{"nobodys_backend",
             {.host = "yxaiapp.example", .backend = {"openai", "elsewhere.example", {}}},
             "",
             RowClass::foreign,
             "",
             "yxaiapp",
             Rule::upstream_mismatch},
        Case{"provider_of_two_instances",
             {.host = "claude.example", .backend = {"openai", {}, {}}},
             "",
             RowClass::foreign,
             "kelly|yxaiapp",
             "claude",
             Rule::provider_mismatch},
        Case{"another_stamp_beats_an_equal_backend",
             {.host = "claude.example", .backend = {"anthropic", "api.anthropic.com", "kelly"}},
             "",
             RowClass::foreign,
             "kelly",
             "claude",
             Rule::instance_mismatch},
        Case{"own_stamp_alone",
             {.host = "claude.example", .backend = {{}, {}, "claude"}},
             "",
             RowClass::home,
             "claude",
             "claude",
             {}},
        Case{"another_stamp_alone",
             {.host = "claude.example", .backend = {{}, {}, "kelly"}},
             "",
             RowClass::foreign,
             "kelly",
             "claude",
             Rule::instance_mismatch},
        Case{"blank_backend", {.host = "claude.example"}, "", RowClass::unknown, "", "claude", {}},
        Case{"exclusion_comes_first",
             {.host = "claude.example", .backend = k_kelly, .reason = ExclusionReason::failure},
             "",
             RowClass::excluded,
             "kelly", // no verdict, but whose backend it was is not forgotten
             "claude",
             {}},
        Case{
            "nobodys_issuer", {.host = "other.example", .backend = k_kelly}, "", RowClass::unassigned, "kelly", "", {}},
        Case{"host_beats_key",
             {.host = "kelly.example", .key = "k", .backend = k_claude},
             "shared",
             RowClass::foreign,
             "claude",
             "kelly",
             Rule::provider_mismatch},
        Case{"key_of_two_at_home_in_the_second",
             {.key = "k", .backend = k_kelly},
             "shared",
             RowClass::home,
             "kelly",
             "claude|kelly",
             {}},
        Case{"key_beats_team",
             {.key = "k", .team = "t1", .backend = k_claude},
             "shared",
             RowClass::home,
             "claude",
             "claude|kelly",
             {}},
        Case{"team_where_nothing_else_is_known",
             {.team = "t1", .backend = k_claude},
             "",
             RowClass::foreign,
             "claude",
             "kelly",
             Rule::provider_mismatch}),
    [](testing::TestParamInfo<Case> const &test) { return std::string{test.param.name}; });

TEST(Judge, MetadataExcludesWhatWouldBeForeignAndNothingElse)
{
    Row row;
    row.key = {.host = "claude.example", .backend = k_kelly};
    row.markers.reason = ExclusionReason::fallback;
    EXPECT_EQ(judge(fleet(), Tally{}, row).judged.row_class, RowClass::excluded);
    row.key.backend = k_claude;
    EXPECT_EQ(judge(fleet(), Tally{}, row).judged.row_class, RowClass::home);
}

TEST(Judge, AnInstanceMayHaveABarInItsName)
{
    Expectations const expected{
        {{.name = "a|b", .hosts = {"ab.example"}, .expect = {{"anthropic", {}}}}, {.name = "a"}, {.name = "b"}}};
    Tally tally;
    tally.cells[{.host = "ab.example", .backend = {"openai", {}, {}}}].total.requests = 3;
    auto const examination = examine(tally, expected, IssuerKind::host);
    ASSERT_EQ(examination.instances.size(), 3U);
    EXPECT_EQ(examination.instances[0].counts.foreign, 0) << examination.instances[0].name;
    EXPECT_EQ(examination.instances[1].counts.foreign, 3) << examination.instances[1].name;
    EXPECT_EQ(examination.instances[1].verdict, Verdict::misrouted);
}

} // namespace
} // namespace misroute
