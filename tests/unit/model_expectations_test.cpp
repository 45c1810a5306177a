// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/expectations.hpp"

#include <gtest/gtest.h>

namespace misroute {
namespace {

TEST(Globs, HaveOneSpecialCharacter)
{
    struct
    {
        char const *pattern, *text;
        bool matches;
    } const k_cases[] = {
        {"*.goodvision.tech", "claude.goodvision.tech", true},
        {"*.goodvision.tech", "a.b.goodvision.tech", true}, // a star crosses dots
        {"*.goodvision.tech", "goodvision.tech", false},
        {"claude.*", "claude.goodvision.tech", true},
        {"a*b*c", "a1b2c", true},
        {"a*b*c", "abc", true}, // nothing is a run of characters too
        {"a*b*c", "acb", false},
        {"*ab", "aab", true}, // the star has to give one back
        {"*a", "aaab", false},
        {"**", "x", true},
        {"*", "", true},
        {"", "", true},
        {"", "x", false},
        {"a.c", "abc", false}, // everything else is literal
        {"?", "x", false},
        {"[ab]", "a", false},
    };
    for (auto const &row : k_cases) {
        EXPECT_EQ(glob_match(row.pattern, row.text), row.matches) << row.pattern << ' ' << row.text;
    }
}

TEST(Nearest, ForgivesOneSlipInThreeLetters)
{
    std::vector<std::string> const options{"slice", "slices", "since", "until", "settle-time"};
    EXPECT_EQ(nearest("since", options), "since");
    EXPECT_EQ(nearest("sinse", options), "since");           // replaced
    EXPECT_EQ(nearest("sice", options), "slice");            // dropped; the first of equals
    EXPECT_EQ(nearest("sicne", options), "since");           // swapped: one slip, where "slice" is two away
    EXPECT_EQ(nearest("setle-tme", options), "settle-time"); // two of nine
    EXPECT_EQ(nearest("unknown", options), "");
    EXPECT_EQ(nearest("hots", {"key", "host"}), "host"); // four letters, one slip
    EXPECT_EQ(nearest("htso", {"key", "host"}), "");     // two
    EXPECT_EQ(nearest("since", std::vector<std::string>{}), "");
}

/// The instances, by their letters, that own this id.
std::string owners(std::string const &model_id)
{
    static Expectations const fleet{{
        {.name = "a", .deployments = {"azure-gpt-5", "0e4a7f62", "1"}},
        {.name = "b", .deployments = {"azure-gpt-5-eu", "0e4a7f621b2756c6", "0e4a7f"}},
        {.name = "c", .deployments = {std::string(64, 'd')}},
    }};
    std::string names;
    for (auto const index : fleet.by_deployment(model_id)) {
        names += fleet.instances[index].name;
    }
    return names;
}

TEST(Deployments, AreNamedWholeOrByTheFirstDigitsOfAnIdThatLiteLlmMade)
{
    EXPECT_EQ(owners("azure-gpt-5"), "a");
    EXPECT_EQ(owners("azure-gpt-5-eu"), "b") << "a name that somebody chose is no beginning of another";
    EXPECT_EQ(owners("azure-gpt-5-us"), "");
    EXPECT_EQ(owners("1"), "a");
    EXPECT_EQ(owners("12"), "");
    EXPECT_EQ(owners("0e4a7f62" + std::string(56, '0')), "a");
    EXPECT_EQ(owners("0e4a7f621b2756c6" + std::string(48, '0')), "ab") << "both give its first digits";
    EXPECT_EQ(owners("0e4a7f621b2756c6"), "b") << "its whole id outranks its first digits";
    EXPECT_EQ(owners("0e4a7f99" + std::string(56, '0')), "") << "six digits are too few to be a beginning";
    EXPECT_EQ(owners(std::string(64, 'd')), "c");
    EXPECT_EQ(owners(""), "");
}

Expectations const k_fleet{{
    {.name = "pattern", .hosts = {"*.goodvision.tech"}, .keys = {"app-*"}, .teams = {"t*"}},
    {.name = "claude", .hosts = {"claude.goodvision.tech"}, .keys = {"jms-test", "0123abcd"}, .teams = {"t1"}},
    {.name = "later", .hosts = {"*.tech"}, .keys = {"app-one", "jms-test"}},
}};

TEST(Expectations, AnExactHostBeatsAPatternAndAnEarlierPatternALater)
{
    EXPECT_EQ(k_fleet.by_host("claude.goodvision.tech"), 1U);
    EXPECT_EQ(k_fleet.by_host("llm.goodvision.tech"), 0U);
    EXPECT_EQ(k_fleet.by_host("else.tech"), 2U);
    EXPECT_EQ(k_fleet.by_host("else.example"), std::nullopt);
    EXPECT_EQ(k_fleet.by_host(""), std::nullopt); // also where a pattern would match anything
}

TEST(Expectations, AKeyBelongsToAllInstancesThatNameIt)
{
    using Indices = std::vector<std::size_t>;
    std::string const hash = "0123abcd" + std::string(56, 'f');
    EXPECT_EQ(k_fleet.by_key("", "jms-test"), (Indices{1, 2}));
    EXPECT_EQ(k_fleet.by_key("", "app-one"), (Indices{2})); // exactly, so the pattern of the first does not count
    EXPECT_EQ(k_fleet.by_key("", "app-two"), (Indices{0}));
    EXPECT_EQ(k_fleet.by_key(hash, ""), (Indices{1})); // eight digits of a hash name the key
    EXPECT_EQ(k_fleet.by_key(std::string(64, 'f'), "else"), Indices{});
    EXPECT_EQ(k_fleet.by_key("", ""), Indices{});
    EXPECT_EQ(k_fleet.by_team("t1"), (Indices{1}));
    EXPECT_EQ(k_fleet.by_team("t2"), (Indices{0}));
    EXPECT_EQ(k_fleet.by_team(""), Indices{});
}

TEST(Expectations, WhatEitherSideDoesNotKnowIsNotHeldAgainstIt)
{
    Instance const instance{.name = "kelly", .expect = {{"openai", "kellycloudai.com"}, {"gemini", ""}}};
    EXPECT_TRUE(serves(instance, {"openai", "kellycloudai.com", ""}));
    EXPECT_FALSE(serves(instance, {"openai", "yxaiapp.com", ""}));
    EXPECT_FALSE(serves(instance, {"anthropic", "kellycloudai.com", ""}));
    EXPECT_TRUE(serves(instance, {"openai", "", ""}));
    EXPECT_TRUE(serves(instance, {"", "kellycloudai.com", ""}));
    EXPECT_TRUE(serves(instance, {"gemini", "anywhere.example", ""}));
    EXPECT_FALSE(serves(instance, {"", "anywhere.example", ""})); // nothing known is left to compare with gemini
    EXPECT_FALSE(serves(instance, {"", "", ""}));
    EXPECT_FALSE(serves(Instance{}, {"openai", "kellycloudai.com", ""}));
}

} // namespace
} // namespace misroute
