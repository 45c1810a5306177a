// SPDX-License-Identifier: Apache-2.0
#include "investigate/probed.hpp"

#include <gtest/gtest.h>

namespace misroute {

namespace {

Deployment at(std::string id, std::string provider, std::string upstream, std::string stamp = {})
{
    return {std::move(id), provider + "/*", {provider, std::move(upstream), std::move(stamp)}, false};
}

Expectations fleet()
{
    Expectations expected;
    expected.instances = {
        {"claude", {"claude.goodvision.tech"}, {}, {}, {{"anthropic", "api.anthropic.com"}}, {}, {}},
        {"kelly", {"llm.goodvision.tech"}, {}, {}, {{"openai", "kellycloudai.com"}}, {}, {}},
    };
    return expected;
}

std::string chosen(std::vector<Deployment> const &deployments, Expectations const &expected, std::string_view host)
{
    auto const *found = representative(deployments, expected, host);
    return found == nullptr ? "" : found->id;
}

Instant const k_time{Milliseconds{1'790'000'000'000}};

ProbedUrl probed(std::vector<std::vector<Deployment>> const &pods)
{
    ProbedUrl url{"https://claude.goodvision.tech", "claude.goodvision.tech", {}, {}, {}};
    for (auto const &pod : pods) {
        url.answers.push_back({k_time, url.host, "id", pod, pod.empty() ? "HTTP 503" : ""});
    }
    return url;
}

auto const k_claude = at("c", "anthropic", "api.anthropic.com");
auto const k_kelly = at("k", "openai", "kellycloudai.com");

} // namespace

TEST(Representative, OfAPodWithAFallbackIsWhatItsInstanceServesMost)
{
    std::vector const pod{k_claude, at("c2", "anthropic", "api.anthropic.com"), k_kelly};
    EXPECT_EQ(chosen(pod, fleet(), "claude.goodvision.tech"), "c");
    EXPECT_EQ(chosen(pod, fleet(), "llm.goodvision.tech"), "c") << "claude's pod is foreign behind kelly's hostname";
}

TEST(Representative, IsNeverABackendThatTheEntranceExplainsToo)
{
    auto expected = fleet();
    expected.instances[0].expect.push_back({"openai", "kellycloudai.com"}); // claude's own fallbacks, configured
    std::vector const pod{k_claude, k_kelly, at("k2", "openai", "kellycloudai.com")};
    EXPECT_EQ(chosen(pod, expected, "llm.goodvision.tech"), "c");
    EXPECT_EQ(chosen(pod, expected, "claude.goodvision.tech"), "k") << "the most frequent of its own";
}

TEST(Representative, ATieIsHome)
{
    EXPECT_EQ(chosen({k_claude, k_kelly}, fleet(), "llm.goodvision.tech"), "k");
    EXPECT_EQ(chosen({k_claude, k_kelly}, fleet(), "claude.goodvision.tech"), "c");
}

TEST(Representative, AStampDecides)
{
    EXPECT_EQ(chosen({at("s", "openai", "kellycloudai.com", "claude")}, fleet(), "claude.goodvision.tech"), "s");
    std::vector const pod{at("s", "openai", "kellycloudai.com", "claude"), k_kelly, at("s2", "x", "y", "claude")};
    EXPECT_EQ(chosen(pod, fleet(), "llm.goodvision.tech"), "s");
}

TEST(Representative, OfAPodThatNobodyOwnsIsItsMostFrequent)
{
    std::vector const pod{at("a", "azure", "x"), at("b", "bedrock", ""), at("b2", "bedrock", "")};
    EXPECT_EQ(chosen(pod, fleet(), "claude.goodvision.tech"), "b");
    EXPECT_EQ(chosen({}, fleet(), "claude.goodvision.tech"), "");
}

TEST(Probed, AnswersReconcileAsRowsDo)
{
    std::vector const urls{probed({{k_claude}, {k_kelly}, {}, {k_claude}})};
    Window const window{k_time, k_time + Milliseconds{1}};
    ProbedRows source{urls, fleet(), window, false};
    auto const data = read_scan(source, fleet(), {window, ByOption{}, window.until, "probe"});
    auto const &examination = data.examination;
    EXPECT_EQ(examination.totals.home, 2);
    EXPECT_EQ(examination.totals.foreign, 1);
    EXPECT_EQ(examination.totals.excluded, 1);
    EXPECT_EQ(examination.totals.scanned(), 4);
    EXPECT_EQ(examination.instances.size(), 1U) << "kelly was not asked";
    auto const &sequences = data.sequences;
    ASSERT_EQ(sequences.size(), 1U);
    EXPECT_EQ(sequences.begin()->second.newest.size(), 4U);
    ASSERT_EQ(sequences.begin()->second.foreign.size(), 1U);
    EXPECT_EQ(sequences.begin()->second.foreign.front().judged.owner, "kelly");
}

TEST(Probed, AUrlThatWasGivenUpIsAGap)
{
    auto url = probed({{}});
    url.given_up = "HTTP 401 from /v1/model/info";
    auto const traffic = traffic_of({url}, fleet(), {k_time, k_time + Milliseconds{1}});
    ASSERT_EQ(traffic.tally.gaps.size(), 1U);
    EXPECT_EQ(traffic.tally.gaps.front().reason, "https://claude.goodvision.tech: HTTP 401 from /v1/model/info");
}

TEST(Probed, ModelsOfTheDatabaseAreCountedOnce)
{
    auto model = k_kelly;
    model.from_database = true;
    auto const models = database_models_of({probed({{k_claude, model}, {model}})});
    EXPECT_TRUE(models.readable);
    EXPECT_EQ(models.models, 1);
    EXPECT_FALSE(database_models_of({probed({{k_claude}})}).readable) << "no word of it proves nothing";
}

TEST(Probed, TheSentenceCountsConfigurationsAndWhatWouldHaveBeenSeen)
{
    auto const two = sentence_of(probed({{k_claude}, {k_kelly, k_claude}, {k_claude}, {}}), 0.95);
    EXPECT_NE(two.find("3 requests on connections of their own met pods of 2 different configurations"),
              std::string::npos)
        << two;
    EXPECT_NE(two.find("more than 63.2 %"), std::string::npos) << two; // 1 - 0.05^(1/3)
    EXPECT_NE(two.find("1 request failed"), std::string::npos) << two;
    EXPECT_NE(sentence_of(probed({{}}), 0.95).find("no answer; 1 request failed"), std::string::npos);
}

} // namespace misroute
