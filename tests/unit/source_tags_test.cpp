// SPDX-License-Identifier: Apache-2.0
#include "source/tags.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace misroute {
namespace {

using Tags = std::vector<std::string>;

struct Read
{
    char const *name;
    std::string json;
    Tags tags;
};

class TagsOfARow : public testing::TestWithParam<Read>
{
};

TEST_P(TagsOfARow, AreItsStrings)
{
    EXPECT_EQ(parse_tags(GetParam().json), GetParam().tags);
}

INSTANTIATE_TEST_SUITE_P(
    Json, TagsOfARow,
    testing::Values(
        Read{"nothing", "", {}}, Read{"null", "null", {}}, Read{"an_object", R"({"host": "a"})", {}},
        Read{"a_string", R"("host: a")", {}}, Read{"an_empty_array", "[]", {}},
        Read{"several_in_their_order", R"(["host: a", "env: prod", "host: b"])", {"host: a", "env: prod", "host: b"}},
        Read{"only_strings", R"([1, null, "a", ["b"], {"c": "d"}, true])", {"a"}},
        Read{"escapes", R"(["a\"b", "c\\", "\u00e4", "d\ne"])", {"a\"b", "c\\", "\xc3\xa4", "d\ne"}},
        Read{"no_json", "host: a", {}}, Read{"cut_off_at_the_end", R"(["a", "b)", {}},
        Read{"cut_off_at_the_beginning", R"(first", "b", "host: c"])", {"b", "host: c"}},
        Read{"cut_off_before_the_last", R"(irst", "host: c"])", {"host: c"}},
        Read{"cut_off_inside_of_the_last", R"(st: c"])", {}},
        Read{"cut_off_in_one_that_holds_the_separator", R"(a\", \"b", "host: c"])", {"host: c"}},
        Read{"cut_off_in_a_tag_that_looks_like_several", R"(x\", \"host: forged", "host: c"])", {"host: c"}}),
    [](testing::TestParamInfo<Read> const &test) { return std::string{test.param.name}; });

// PostgreSQL's manual, 9.16.2 "The SQL/JSON Path Language". The tests of the database run them.
TEST(TagPath, SelectsTheNamesAndQuotesThem)
{
    EXPECT_EQ(tag_path({"host"}), R"($[*] ? (@ starts with "host:"))");
    EXPECT_EQ(tag_path({"host", "x-forwarded-host"}),
              R"($[*] ? (@ starts with "host:" || @ starts with "x-forwarded-host:"))");
    EXPECT_EQ(tag_path({R"(a" || true || "\)"}), R"($[*] ? (@ starts with "a\" || true || \"\\:"))");
    EXPECT_EQ(tag_path({"\xc3\xa4"}), "$[*] ? (@ starts with \"\xc3\xa4:\")");
}

TEST(MentionPath, TakesTheTextLiterally)
{
    EXPECT_EQ(mention_path({"host"}, "a.example"),
              R"($[*] ? ((@ starts with "host:" && @ like_regex "a\\.example" flag "i")))");
    EXPECT_EQ(
        mention_path({"host"}, R"(\^$.|?*+()[]{})"),
        R"($[*] ? ((@ starts with "host:" && @ like_regex "\\\\\\^\\$\\.\\|\\?\\*\\+\\(\\)\\[\\]\\{\\}" flag "i")))");
}

TEST(ValuePath, LooksBehindTheBlanks)
{
    EXPECT_EQ(value_path({"x.y"}, "[^,]"), R"($[*] ? (@ like_regex "^x\\.y:[ \\t]*[^,]"))");
}

} // namespace
} // namespace misroute
