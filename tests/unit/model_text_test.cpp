// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/text.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace misroute::text {
namespace {

using namespace std::string_literals;

std::string const k_fffd = "\xef\xbf\xbd";

TEST(Text, ReplacesBytesThatAreNotUtf8)
{
    EXPECT_EQ(valid_utf8("plain \xc3\xbc \xf0\x9f\x9a\x80"), "plain \xc3\xbc \xf0\x9f\x9a\x80");
    EXPECT_EQ(valid_utf8("a\xff"
                         "b"),
              "a" + k_fffd + "b");
    EXPECT_EQ(valid_utf8("\xc0\xaf"), k_fffd + k_fffd);                           // overlong '/'
    EXPECT_EQ(valid_utf8("\xed\xa0\x80"), k_fffd + k_fffd + k_fffd);              // a surrogate
    EXPECT_EQ(valid_utf8("x\xe2\x82"), "x" + k_fffd + k_fffd);                    // cut off
    EXPECT_EQ(valid_utf8("\xf4\x90\x80\x80"), k_fffd + k_fffd + k_fffd + k_fffd); // beyond U+10FFFF
}

TEST(Text, DecodesWhatUtf8Allows)
{
    EXPECT_EQ(first_code_point("a\xc3\xa9").bytes, 1U);
    EXPECT_EQ(first_code_point("\xc3\xa9").value, U'\u00e9');
    EXPECT_EQ(first_code_point("\xf0\x9f\x98\x80!").bytes, 4U);
    for (std::string const bad : {"\xc0\x80", "\xed\xa0\x80", "\xa9", "\xc3"}) { // overlong, surrogate, stray, cut off
        EXPECT_EQ(first_code_point(bad).value, U'\ufffd');
        EXPECT_EQ(first_code_point(bad).bytes, 1U);
    }
}

TEST(Text, BeginningsEndBetweenCharacters)
{
    EXPECT_EQ(beginning("a\xc3\xa9", 2), "a");
    EXPECT_EQ(beginning("a\xc3\xa9", 3), "a\xc3\xa9");
    EXPECT_EQ(beginning("abc", 9), "abc");
    EXPECT_EQ(beginning("\xa9\xa9\xa9", 2), "\xa9\xa9") << "bytes that are not UTF-8 stand for themselves";
    EXPECT_EQ(beginning("", 2), "");
}

TEST(Text, LeavesNothingThatATerminalObeys)
{
    EXPECT_EQ(printable("a\x1b[2Jb"), "a" + k_fffd + "[2Jb");
    EXPECT_EQ(printable("a\0b"s), "a" + k_fffd + "b");
    EXPECT_EQ(printable("a\x7f\xc2\x9b"), "a" + k_fffd + k_fffd); // DEL and the C1 form of ESC [
    EXPECT_EQ(printable("a\r\nb\tc"), "a  b c");
    for (auto const &[bidi, shown] : std::map<std::string, std::string>{
             {"\u061c", "\\u061c"}, {"\u200e", "\\u200e"}, {"\u202e", "\\u202e"}, {"\u2066", "\\u2066"}}) {
        EXPECT_EQ(printable("a" + bidi + "b"), "a" + shown + "b");
    }
    EXPECT_EQ(printable("a\u2028b\u00a0c"), "a b c");
}

TEST(Text, ShowsWhatCannotBeSeen)
{
    for (auto const &[letter, shown] :
         std::map<std::string, std::string>{{"\u200c", "\\u200c"}, // ZWNJ
                                            {"\u200d", "\\u200d"}, // ZWJ outside of emoji
                                            {"\u034f", "\\u034f"}, // combining grapheme joiner
                                            {"\ufe0f", "\\ufe0f"}, // a variation selector
                                            {"\u3164", "\\u3164"}, // Hangul filler
                                            {"\u200b", "\\u200b"},
                                            {"\ufeff", "\\ufeff"},
                                            {"\u00ad", "\\u00ad"},
                                            {"\U000e0041", "\\U000e0041"}}) {
        EXPECT_EQ(printable("claude" + letter + ".example"), "claude" + shown + ".example");
        EXPECT_EQ(printable("a" + letter, Charset::ascii), "a" + shown);
    }
}

TEST(Text, MakesNoCommandOfACiSystem)
{
    EXPECT_EQ(printable("##[error]x ##vso[task.setvariable a]b ###[x]"),
              "# #[error]x # #vso[task.setvariable a]b ## #[x]");
    EXPECT_EQ(printable("::error::x ::add-mask::y ::set-output name=a::b"),
              ": :error::x : :add-mask::y : :set-output name=a::b");
    EXPECT_EQ(printable("\t::stop-commands::x"), " : :stop-commands::x");
    for (auto const *text : {"::1", "::ffff:10.0.0.1", "fe80::1", "a::error::b", "issue #12", "## heading"}) {
        EXPECT_EQ(printable(text), text);
    }
    for (std::size_t columns = 2; columns < 40; ++columns) {
        for (auto const &line : wrapped(printable("host:aaaa::error::bbbb and ::warning::cc"), columns)) {
            EXPECT_FALSE(line.starts_with("::")) << columns << ": " << line;
        }
    }
}

TEST(Text, KeepsScriptsAndEmojiButNoTowersOfMarks)
{
    EXPECT_EQ(printable("模型 🚀 👩\u200d💻 e\u0301"), "模型 🚀 👩\u200d💻 e\u0301");
    std::string tower = "e";
    for (int i = 0; i < 100; ++i) {
        tower += "\u0301";
    }
    EXPECT_EQ(printable(tower), "e\u0301\u0301\u0301\u0301");
}

TEST(Text, SpellsOutOurOwnSignsInAscii)
{
    EXPECT_EQ(printable("a \u2192 b \u00b7 31\u201386 \u2026", Charset::ascii), "a -> b - 31-86 ...");
    EXPECT_EQ(printable("模\xff\x1b", Charset::ascii), "???");
}

TEST(Text, MasksKeysWhereverTheyStand)
{
    EXPECT_EQ(masked("sk-1234"), "sk-***");
    EXPECT_EQ(masked("SK-AbC and Sk-x."), "SK-*** and Sk-***");
    EXPECT_EQ(masked("Bearer sk-proj-a_b-c.d\"}"), "Bearer sk-***\"}");
    EXPECT_EQ(masked("url?key=sk-1234&x=sk-5"), "url?key=sk-***&x=sk-***");
    EXPECT_EQ(masked("host%3Ask-1234"), "host%3Ask-***");
    EXPECT_EQ(masked("line\\nsk-1234"), "line\\nsk-***");
    EXPECT_EQ(masked("Sk-\xc3\xbcnsafe-key"), "Sk-***");
    EXPECT_EQ(masked("Bearersk-1234567890abcdefghij"), "Bearersk-***");
    EXPECT_EQ(masked(masked("(sk-1234)")), "(sk-***)");
}

TEST(Text, MasksAKeyThatStandsBehindAnother)
{
    EXPECT_EQ(masked("Bearer abcdefgh12345678/Bearer abcdefgh12345678"), "Bearer ***Bearer ***");
    EXPECT_EQ(masked("sk-1234567890/Bearer:abcdefgh12345678 x"), "sk-***Bearer:*** x");
    EXPECT_EQ(masked("sk-1234567890/Bearer of news"), "sk-*** of news");
    auto const once = masked("%6Fsk%2D1234567890abcdef$Bearer abcdefgh12345678");
    EXPECT_EQ(once, "%6Fsk%2D***Bearer ***");
    EXPECT_EQ(masked(once), once);
}

TEST(Text, MasksEveryKnownShape)
{
    std::string const body = "AbCdEf0123456789GhIjKlMnOpQrStUv";
    for (std::string const begin : {"sk-", "sk_live_", "AIza", "gsk_", "xai-", "ghp_", "github_pat_", "glpat-", "hf_",
                                    "pplx-", "nvapi-", "AKIA", "xoxb-", "eyJ", "Bearer "}) {
        EXPECT_EQ(masked("key=" + begin + body + "&x"), "key=" + begin + "***&x");
        EXPECT_EQ(masked("glued" + begin + body), "glued" + begin + "***");
        EXPECT_EQ(masked(masked(begin + body)), begin + "***");
    }
    std::string const letters = "QnElNpTxAwZrAhSjXcJnTgSiGvLsWiAaKp"; // Hugging Face's, of which many have no digit
    EXPECT_EQ(masked("tokenhf_" + letters), "tokenhf_***");
    EXPECT_EQ(masked("1hf_" + letters + ".example.com"), "1hf_***");
    EXPECT_EQ(masked("sk%2D" + body + " gsk%5f" + body + " xai%252D" + body), "sk%2D*** gsk%5f*** xai%252D***");
    EXPECT_EQ(masked("%73k-" + body), "%73k-***");
    EXPECT_EQ(masked("akia0123456789abcdef.example.com"), "akia***"); // hostnames are stored in lower case
    EXPECT_EQ(masked("Bearer sk-1234"), "Bearer sk-***");
}

TEST(Text, LeavesWordsThatMerelyContainTheLetters)
{
    for (auto const *word :
         {"pplx-70b-online", "xai-grok-4-fast", "hf_hub_download_of_models", "the bearer of news", "",
          "asia-northeast3", "eyjafjallajokull.example.com", "100%", "%2", "%25", "task-runner", "risk-based-routing",
          "disk-cleanup-deployment-5d4f8b9c7-x2lq4", "sk", "sk-", "ask- me", "task-internationalization"}) {
        EXPECT_EQ(masked(word), word);
    }
}

TEST(Text, AKeyIsNotHiddenFromTheMaskByControlCharacters)
{
    EXPECT_EQ(printable("sk-12\x01"
                        "34"),
              "sk-***");
    EXPECT_EQ(printable("\x1bsk-1234"), k_fffd + "sk-***");
}

TEST(Text, MasksAMegabyteWithoutLookingAtEveryByteTwice)
{
    std::string text;
    while (text.size() < 1'000'000) {
        text += "ask-";
    }
    EXPECT_EQ(masked(text), text);
}

TEST(Text, CountsColumnsNotBytes)
{
    EXPECT_EQ(width("abc"), 3U);
    EXPECT_EQ(width("模型"), 4U);
    EXPECT_EQ(width("ｆ"), 2U);
    EXPECT_EQ(width("e\u0301"), 1U);
    EXPECT_EQ(width("🚀"), 2U);
    EXPECT_EQ(width("\u2500\u2588\u00b7\u2717\u2026"), 5U);
    EXPECT_EQ(width(k_fffd), 1U);
}

TEST(Text, CutsBetweenCharactersAndSaysSo)
{
    EXPECT_EQ(fit("abcdef", 6), "abcdef");
    EXPECT_EQ(fit("abcdef", 5), "abcd\u2026");
    EXPECT_EQ(fit("模型模型", 5), "模型\u2026");
    EXPECT_EQ(fit("模型模型", 4), "模\u2026"); // the second one would leave no room for the ellipsis
    EXPECT_EQ(fit("ae\u0301bcd", 3), "ae\u0301\u2026");
    EXPECT_EQ(fit("abcdef", 5, Charset::ascii), "ab...");
    EXPECT_EQ(fit("abcdef", 2, Charset::ascii), "..");
    EXPECT_EQ(fit("abcdef", 0), "");
    EXPECT_EQ(padded("模", 4), "模  ");
    EXPECT_EQ(padded("abcdef", 4), "abcdef");
}

TEST(Text, WrapsAtBlanksAndBreaksOnlyWhatIsTooLong)
{
    using Lines = std::vector<std::string>;
    EXPECT_EQ(wrapped("one two three", 7), (Lines{"one two", "three"}));
    EXPECT_EQ(wrapped("one two three", 8), (Lines{"one two", "three"}));
    EXPECT_EQ(wrapped("abcdefgh ij", 4), (Lines{"abcd", "efgh", "ij"}));
    EXPECT_EQ(wrapped("模型模型", 4), (Lines{"模型", "模型"}));
    EXPECT_EQ(wrapped("", 4), Lines{""});
    EXPECT_EQ(wrapped("  a", 4), Lines{"  a"});
}

TEST(Text, KeepsTheLinesOfAPatch)
{
    EXPECT_EQ(printable_lines("labels:\n\t- pairs\n\x1b"), (std::vector<std::string>{"labels:", "  - pairs", k_fffd}));
}

TEST(Text, GroupsDigitsAndMindsNumber)
{
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(38672), "38,672");
    EXPECT_EQ(grouped(-1234567), "-1,234,567");
    EXPECT_EQ(grouped(-123), "-123");
    EXPECT_EQ(counted(1, "request"), "1 request");
    EXPECT_EQ(counted(0, "request"), "0 requests");
    EXPECT_EQ(counted(1402, "query", "queries"), "1,402 queries");
}

} // namespace
} // namespace misroute::text
