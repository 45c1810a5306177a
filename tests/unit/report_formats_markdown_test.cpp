// SPDX-License-Identifier: Apache-2.0
#include "report/formats.hpp"
#include "report/markdown_text.hpp"
#include "unit/samples.hpp"

#include <gmock/gmock.h>

namespace misroute {
namespace {

using markdown::cell_code;
using markdown::code;
using markdown::fenced;
using markdown::prose;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(MarkdownText, LeavesPlainWordsAndNumbersAlone)
{
    EXPECT_EQ(prose("5 of 8 requests entered at claude and were answered by kelly, yxaiapp"),
              "5 of 8 requests entered at claude and were answered by kelly, yxaiapp");
    EXPECT_EQ(prose("38,672 tokens (62 %); a round-robin, since 20:28"), "38,672 tokens (62 %); a round-robin, since "
                                                                         "`20:28`");
}

TEST(MarkdownText, PutsWhatMayComeAliveIntoCode)
{
    EXPECT_EQ(prose("ask @admins about #12"), "ask `@admins` about `#12`");
    EXPECT_EQ(prose("see https://evil.example/, now"), "see `https://evil.example/`, now");
    EXPECT_EQ(prose("<img src=x> [a](b) *b* _c_"), "`<img` `src=x>` `[a](b`) `*b*` `_c_`");
    EXPECT_EQ(prose("commit deadbeef1"), "commit `deadbeef1`");
    EXPECT_EQ(prose("commit deadbeef"), "commit `deadbeef`");
    EXPECT_EQ(prose(":smile: $1$"), "`:smile`: `$1$`");
}

TEST(MarkdownText, BeginsNoListOrHeading)
{
    EXPECT_EQ(prose("1. item"), "`1.` item");
    EXPECT_EQ(prose("- item"), "`-` item");
    EXPECT_EQ(prose("# title"), "`#` title");
    EXPECT_EQ(prose("--- rule"), "`---` rule");
}

TEST(MarkdownText, FencesACodeSpanLongerThanItsBackticks)
{
    EXPECT_EQ(code("a`b"), "``a`b``");
    EXPECT_EQ(code("``a"), "``` ``a ```");
    EXPECT_EQ(code(""), "(empty)");
    EXPECT_EQ(code("two\nlines"), "`two lines`");
}

TEST(MarkdownText, EscapesABarInACell)
{
    EXPECT_EQ(cell_code("a|b"), "`a\\|b`");
    EXPECT_EQ(cell_code("a\\|b"), "`a\\¦b`") << "readers of tables differ on a backslash before an escaped bar";
    EXPECT_EQ(code("a|b"), "`a|b`");
}

TEST(MarkdownText, FencesABlockLongerThanItsFences)
{
    EXPECT_EQ(fenced("a\n```\nb", 2), "  ````\n  a\n  ```\n  b\n  ````\n");
}

TEST(Markdown, IsCutBetweenSectionsWithASentence)
{
    auto report = samples::incident();
    auto const finding = report.findings.front();
    report.findings.assign(3000, finding);
    auto const text = render_markdown(report, {});
    EXPECT_LE(text.size(), 1'000'000U);
    EXPECT_GT(text.size(), 900'000U);
    EXPECT_THAT(text, HasSubstr("sections were cut here"));
    EXPECT_THAT(text, EndsWith("has everything.**\n"));
    EXPECT_THAT(render_markdown(samples::incident(), {}), Not(HasSubstr("cut here")));
}

TEST(Markdown, LeadsWithTheOutcome)
{
    EXPECT_THAT(render_markdown(samples::incident(), {.exit_code = 1}),
                StartsWith("## ❌ misroute scan: 5 of 8 requests were answered by another instance\n"));
    EXPECT_THAT(render_markdown(samples::clean(), {.unicode = false}),
                StartsWith("## OK: misroute scan: none of 1,175 requests was answered by another instance\n"));
    EXPECT_THAT(render_markdown(samples::empty(), {.unicode = false, .exit_code = 3}),
                StartsWith("## WARN: misroute scan: no request was seen in the window\n"));
    EXPECT_THAT(render_markdown(samples::manifests_clean(), {.unicode = false}),
                StartsWith("## OK: misroute `k8s`: 3 Services examined, each selects its own pods\n"));
}

} // namespace
} // namespace misroute
