// SPDX-License-Identifier: Apache-2.0
#include "k8s/parse.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace misroute::k8s {

namespace {

struct Parsed
{
    std::vector<Value> values;
    std::vector<Problem> problems;
};

Parsed parse(std::string const &text)
{
    Parsed parsed;
    parsed.problems = parse_documents(text, [&parsed](Value &&value) { parsed.values.push_back(std::move(value)); });
    return parsed;
}

std::string repeated(std::string const &text, std::size_t times)
{
    std::string result;
    for (std::size_t time = 0; time < times; ++time) {
        result += text;
    }
    return result;
}

} // namespace

TEST(Parse, ReadsEveryDocumentOfAStreamWithItsLines)
{
    auto const parsed = parse("# head\nkind: A\n---\nkind: B\nspec:\n  n: 1\n---\n\n--- \nkind: C\n");
    ASSERT_EQ(parsed.values.size(), 3U);
    EXPECT_EQ(text_of(parsed.values[0]["kind"]), "A");
    EXPECT_EQ(parsed.values[0]["kind"].line, 2);
    EXPECT_EQ(parsed.values[1]["spec"]["n"].line, 6);
    EXPECT_EQ(parsed.values[2]["kind"].line, 10);
    EXPECT_TRUE(parsed.problems.empty());
}

TEST(Parse, HandsOnTheItemsOfAListWhereverItsKindStands)
{
    auto const json = parse(R"({"apiVersion": "v1",
 "items": [
  {"kind": "Service",
   "metadata": {"name": "a"}},
  {"kind": "Service", "metadata": {"name": "b"}}
 ],
 "kind": "List"})");
    ASSERT_EQ(json.values.size(), 3U); // two items and what is left of the list
    EXPECT_EQ(text_of(json.values[0]["metadata"]["name"]), "a");
    EXPECT_EQ(json.values[0].line, 3);
    EXPECT_EQ(json.values[0]["metadata"]["name"].line, 4);
    EXPECT_EQ(json.values[1].line, 5);
    EXPECT_TRUE(json.values[2]["items"].items.empty());

    auto const yaml = parse("kind: List\nitems:\n- kind: Service\n  metadata: {name: a}\n- kind: Service\n");
    ASSERT_EQ(yaml.values.size(), 3U);
    EXPECT_EQ(text_of(yaml.values[0]["metadata"]["name"]), "a");
}

TEST(Parse, ReadsJsonValuesOneAfterTheOtherAndFlowYaml)
{
    auto const two = parse("{\"kind\": \"A\"}\n{\"kind\": \"B\", \"n\": -7, \"x\": 1.50, \"t\": true, \"z\": null}\n");
    ASSERT_EQ(two.values.size(), 2U);
    EXPECT_EQ(text_of(two.values[1]["n"]), "-7");
    EXPECT_EQ(text_of(two.values[1]["x"]), "1.50");
    EXPECT_TRUE(is_true(two.values[1]["t"]));
    EXPECT_EQ(two.values[1]["z"].kind, Value::Kind::null);
    EXPECT_EQ(two.values[1]["kind"].line, 2);

    auto const flow = parse("{kind: A, spec: {n: 1}}\n");
    ASSERT_EQ(flow.values.size(), 1U);
    EXPECT_EQ(text_of(flow.values[0]["spec"]["n"]), "1");
    EXPECT_TRUE(flow.problems.empty());
}

TEST(Parse, KeepsScalarsAsTheyAreWritten)
{
    auto const parsed = parse("a: 007\nb: yes\nc: \"8\"\nd: 1e3\ne: ~\nf: |\n  two\n  lines\n");
    ASSERT_EQ(parsed.values.size(), 1U);
    EXPECT_EQ(text_of(parsed.values[0]["a"]), "007");
    EXPECT_EQ(text_of(parsed.values[0]["b"]), "yes");
    EXPECT_EQ(text_of(parsed.values[0]["c"]), "8");
    EXPECT_EQ(text_of(parsed.values[0]["d"]), "1e3");
    EXPECT_EQ(text_of(parsed.values[0]["e"]), "");
    EXPECT_EQ(text_of(parsed.values[0]["f"]), "two\nlines\n");
}

TEST(Parse, ABrokenDocumentDoesNotHideTheOthers)
{
    auto const parsed = parse("kind: A\n---\nkind: B\nspec:\n\tn: 1\n---\nkind: C\n---\n{\"kind\": \n---\nkind: D\n");
    ASSERT_EQ(parsed.values.size(), 3U);
    EXPECT_EQ(text_of(parsed.values[1]["kind"]), "C");
    EXPECT_EQ(text_of(parsed.values[2]["kind"]), "D");
    ASSERT_EQ(parsed.problems.size(), 2U);
    EXPECT_GE(parsed.problems[0].line, 4);
    EXPECT_LE(parsed.problems[0].line, 5);
    EXPECT_GE(parsed.problems[1].line, 9);
    EXPECT_LE(parsed.problems[1].line, 10);
}

TEST(Parse, NamesAHelmTemplateForWhatItIs)
{
    auto const parsed = parse("kind: Service\nmetadata:\n  name: {{ .Release.Name }}-x\n  labels: {{- toYaml . }}\n");
    EXPECT_TRUE(parsed.values.empty());
    ASSERT_EQ(parsed.problems.size(), 1U);
    EXPECT_NE(parsed.problems[0].why.find("helm template"), std::string::npos);
}

TEST(Parse, OfARepeatedKeyTheLastCounts)
{
    auto const parsed = parse("kind: A\nspec:\n  replicas: 1\n  x: y\n  replicas: 2\n");
    ASSERT_EQ(parsed.values.size(), 1U);
    EXPECT_EQ(text_of(parsed.values[0]["spec"]["replicas"]), "2");
    EXPECT_EQ(parsed.values[0]["spec"].members.size(), 2U);
    ASSERT_EQ(parsed.problems.size(), 1U);
    EXPECT_EQ(parsed.problems[0].line, 5);
    EXPECT_NE(parsed.problems[0].why.find("\"replicas\" stands twice"), std::string::npos);
}

TEST(Parse, FollowsAnchorsAndMergeKeys)
{
    auto const parsed = parse("labels: &l {app: litellm, tier: web}\n"
                              "selector: *l\n"
                              "merged:\n  <<: *l\n  tier: api\n"
                              "several:\n  <<: [{a: 1}, {a: 2, b: 3}]\n");
    ASSERT_EQ(parsed.values.size(), 1U);
    EXPECT_EQ(text_of(parsed.values[0]["selector"]["app"]), "litellm");
    EXPECT_EQ(text_of(parsed.values[0]["merged"]["app"]), "litellm");
    EXPECT_EQ(text_of(parsed.values[0]["merged"]["tier"]), "api");
    EXPECT_EQ(text_of(parsed.values[0]["several"]["a"]), "1");
    EXPECT_EQ(text_of(parsed.values[0]["several"]["b"]), "3");
    EXPECT_TRUE(parsed.problems.empty());
}

TEST(Parse, EndsAYamlBombBeforeItGoesOff)
{
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int level = 1; level < 12; ++level) {
        auto const below = "*a" + std::to_string(level - 1);
        bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + repeated(below + ", ", 9) +
                below + "]\n";
    }
    auto const parsed = parse(bomb + "---\nkind: A\n");
    ASSERT_EQ(parsed.values.size(), 1U);
    EXPECT_EQ(text_of(parsed.values[0]["kind"]), "A");
    ASSERT_EQ(parsed.problems.size(), 1U);
    EXPECT_NE(parsed.problems[0].why.find("aliases"), std::string::npos);
}

TEST(Parse, EndsABombOfLongTextsToo)
{
    auto const parsed = parse("a: &a " + std::string(1'000'000, 'x') + "\nb: [" + repeated("*a, ", 5000) + "*a]\n");
    EXPECT_TRUE(parsed.values.empty());
    EXPECT_EQ(parsed.problems.size(), 1U);
}

TEST(Parse, EndsADocumentThatBeginsWithWhatCanBeginNothing)
{
    for (auto const *text : {", a: b\n", "}}\n", "a: b\n}\n", ", port: {number: 4}\n}}\nx\n"}) {
        auto const parsed = parse(std::string{text} + "---\nkind: A\n");
        ASSERT_FALSE(parsed.values.empty()) << text;
        EXPECT_EQ(text_of(parsed.values.back()["kind"]), "A") << text;
        EXPECT_EQ(parsed.problems.size(), 1U) << text;
    }
}

TEST(Parse, RefusesAnAliasInsideItself)
{
    auto const parsed = parse("a: &a [1, *a]\n");
    EXPECT_TRUE(parsed.values.empty());
    EXPECT_EQ(parsed.problems.size(), 1U);
}

TEST(Parse, StopsAtDeepNestingInEveryNotation)
{
    constexpr std::size_t k_deep = 200'000;
    for (auto const &text : {repeated("[", k_deep), repeated("{a: ", k_deep), repeated("{\"a\":", k_deep),
                             repeated("- ", k_deep), repeated("? ", k_deep), repeated("[{\"a\":", k_deep)}) {
        auto const parsed = parse(text + "\n---\nkind: A\n");
        ASSERT_EQ(parsed.values.size(), 1U) << text.substr(0, 8);
        EXPECT_EQ(parsed.problems.size(), 1U) << text.substr(0, 8);
    }
}

TEST(Parse, RefusesControlBytesAndSurvivesEveryOtherByte)
{
    EXPECT_EQ(parse(std::string{"kind: A\nx: \x04\n"}).problems.size(), 1U);
    EXPECT_EQ(parse(std::string("kind: A\0\n", 9)).problems.size(), 1U);
    std::string all;
    for (int byte = 0x20; byte < 0x100; ++byte) {
        all += static_cast<char>(byte);
    }
    auto const parsed = parse("a: '" + repeated("\xFF\xFE", 3) + "'\n---\n" + all + "\n---\nkind: A\n");
    EXPECT_EQ(text_of(parsed.values.back()["kind"]), "A");
}

TEST(Parse, IgnoresByteOrderMarksDirectivesAndEmptyDocuments)
{
    auto const parsed = parse("\xEF\xBB\xBF%YAML 1.2\n---\nkind: A\n...\n---\n# nothing\n---\n");
    ASSERT_EQ(parsed.values.size(), 1U);
    EXPECT_EQ(text_of(parsed.values[0]["kind"]), "A");
    EXPECT_TRUE(parsed.problems.empty());
    EXPECT_TRUE(parse("").values.empty());
}

TEST(Parse, SaysWhenItStopsCountingProblems)
{
    auto const parsed = parse(repeated("a: [\n---\n", 500) + "kind: A\n");
    EXPECT_EQ(parsed.problems.size(), k_most_problems + 1);
    EXPECT_NE(parsed.problems.back().why.find("not read"), std::string::npos);
}

TEST(Parse, RefusesAnObjectOfTooManyValues)
{
    auto const parsed = parse("{\"kind\": \"A\", \"x\": [" + repeated("1,", k_most_values) + "1]}");
    EXPECT_TRUE(parsed.values.empty());
    EXPECT_EQ(parsed.problems.size(), 1U);
}

} // namespace misroute::k8s
