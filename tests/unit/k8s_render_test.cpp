// SPDX-License-Identifier: Apache-2.0
//
// Kustomization trees: which are rendered, what is believed of them, and the program that does it.
#include "k8s/program.hpp"
#include "k8s_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace misroute {

namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto k_workload = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, labels: {instance: NAME}}
spec:
  selector: {matchLabels: {app: proxy}}
  template:
    metadata: {labels: {app: proxy, instance: NAME}}
    spec: {containers: [{name: proxy, image: registry.example/litellm}]}
---
apiVersion: v1
kind: Service
metadata: {name: NAME, labels: {instance: NAME}}
spec: {selector: {SELECTOR}}
---
)";

std::string replaced(std::string text, std::string const &from, std::string const &to)
{
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

std::string instance(std::string const &name, std::string const &selector = "app: proxy")
{
    return replaced(replaced(k_workload, "NAME", name), "SELECTOR", selector);
}

std::string overlay(std::string const &name, std::string const &more = "")
{
    return "namePrefix: " + name + "-\nlabels:\n  - pairs: {instance: " + name + "}\nresources: [../base]\n" + more;
}

/// A renderer that knows the output of folders, and remembers which it was asked for.
struct TreeRenderer
{
    std::map<std::string, Rendering> outputs;
    std::vector<std::string> folders;

    Renderer renderer()
    {
        return [this](std::string const &folder) {
            folders.push_back(folder);
            return outputs[folder];
        };
    }

    Cluster load(std::vector<ManifestText> texts) { return load_cluster(rendered(std::move(texts), renderer()), {}); }
};

std::vector<ManifestText> two_overlays()
{
    return {{"deploy/a/kustomization.yaml", overlay("a")},
            {"deploy/b/kustomization.yaml", overlay("b")},
            {"deploy/base/kustomization.yaml", "resources: [proxy.yaml]\n"},
            {"deploy/base/proxy.yaml", instance("proxy")}};
}

} // namespace

TEST(Render, OnlyRootsAndExaminesWhatTheyBecome)
{
    TreeRenderer asked{{{"deploy/a", {instance("a-proxy"), {}}}, {"deploy/b", {instance("b-proxy"), {}}}}, {}};
    auto const cluster = asked.load(two_overlays());
    EXPECT_THAT(asked.folders, ElementsAre("deploy/a", "deploy/b"));
    EXPECT_TRUE(cluster.complete());
    EXPECT_THAT(ClusterFacts{cluster}.rules(),
                AllOf(Contains("service-selects-other-instance"), Contains("label-not-in-selector")));
}

TEST(Render, ObjectsHaveTheLocationOfTheirSources)
{
    TreeRenderer asked{{{"deploy/a", {instance("a-proxy"), {}}},
                        {"deploy/b", {"{kind: Service, metadata: {name: b-new}, spec: {selector: {app: b}}}", {}}}},
                       {}};
    auto const cluster = asked.load(two_overlays());
    ASSERT_EQ(cluster.services.size(), 2U);
    EXPECT_EQ(cluster.services[0].location.text(), "deploy/base/proxy.yaml:13");
    EXPECT_EQ(cluster.services[1].location.text(), "deploy/b/kustomization.yaml:1");
}

TEST(Render, ALabelThatReachesTheSelectorsAnotherWayIsNoGap)
{
    auto texts = two_overlays();
    texts.push_back({"deploy/kustomization.yaml", "resources: [a, b]\nvars: []\n"});
    TreeRenderer asked{
        {{"deploy", {instance("a-proxy", "instance: a-proxy") + instance("b-proxy", "instance: b-proxy"), {}}}}, {}};
    auto const cluster = asked.load(std::move(texts));
    EXPECT_THAT(asked.folders, ElementsAre("deploy"));
    EXPECT_THAT(ClusterFacts{cluster}.rules(), IsEmpty());
}

TEST(Render, AComponentIsNoRootAndFilesAloneNeedNone)
{
    TreeRenderer asked;
    asked.load({{"c/kustomization.yaml", "kind: Component\nnamePrefix: c-\n"},
                {"plain/kustomization.yaml", "resources: [proxy.yaml]\n"},
                {"plain/proxy.yaml", instance("proxy")}});
    EXPECT_THAT(asked.folders, IsEmpty());
}

TEST(Render, NothingThatStandsInTheInputAlready)
{
    auto texts = two_overlays();
    texts.push_back({k_standard_input, instance("a-proxy") + instance("b-proxy")});
    TreeRenderer asked;
    EXPECT_TRUE(asked.load(std::move(texts)).complete());
    EXPECT_THAT(asked.folders, IsEmpty());
}

TEST(Render, AFailureIsNamedWithTheCommand)
{
    TreeRenderer asked{{{"deploy/a", {{}, "no such patch"}}, {"deploy/b", {instance("b-proxy"), {}}}}, {}};
    auto const cluster = asked.load(two_overlays());
    EXPECT_FALSE(cluster.complete());
    EXPECT_THAT(cluster.unexamined,
                Contains(AllOf(HasSubstr("no such patch"), HasSubstr("kubectl kustomize deploy/a | misroute k8s -"))));
}

TEST(Render, AFailureOfAnotherApplicationIsANote)
{
    auto texts = two_overlays();
    texts.push_back({"shop/kustomization.yaml", "namePrefix: x-\nresources: [shop.yaml]\n"});
    texts.push_back({"shop/shop.yaml", "{kind: Service, metadata: {name: shop}, spec: {selector: {app: shop}}}"});
    TreeRenderer asked{{{"deploy/a", {instance("a-proxy", "instance: a-proxy"), {}}},
                        {"deploy/b", {instance("b-proxy", "instance: b-proxy"), {}}},
                        {"shop", {{}, "broken"}}},
                       {}};
    auto const cluster = asked.load(std::move(texts));
    EXPECT_TRUE(cluster.complete());
    EXPECT_THAT(cluster.notes, Contains(HasSubstr("broken")));
}

TEST(Render, TheNetworkIsNotAsked)
{
    TreeRenderer asked;
    auto const cluster =
        asked.load({{"a/kustomization.yaml", "resources: ['https://example.org/x//deploy?ref=v1']\n"}});
    EXPECT_THAT(asked.folders, IsEmpty());
    EXPECT_THAT(cluster.unexamined, Contains(HasSubstr("from the network")));
}

TEST(Render, StagesOfOneNameAreExaminedOneByOne)
{
    TreeRenderer asked{{{"deploy/a", {instance("proxy"), {}}}, {"deploy/b", {instance("proxy", "app: other"), {}}}},
                       {}};
    auto const cluster = asked.load(two_overlays());
    EXPECT_THAT(cluster.unexamined, Contains(HasSubstr("kubectl kustomize deploy/b | misroute k8s -")));
    ASSERT_EQ(cluster.services.size(), 1U);
    EXPECT_EQ(cluster.services[0].selector.at("app"), "proxy");
}

TEST(Render, FluxsOwnKindInAFileOfThatNameIsSaid)
{
    auto const cluster = load_cluster({{"apps/kustomization.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\n"
                                                                   "kind: Kustomization\nmetadata: {name: litellm}\n"}},
                                      {});
    EXPECT_THAT(cluster.unexamined, Contains(HasSubstr("Kustomization of kustomize.toolkit.fluxcd.io")));
}

TEST(Render, WithoutAToolItSaysSo)
{
    EXPECT_THAT(kustomize_renderer("relative:/nonexistent", {})("deploy").failure, HasSubstr("in PATH"));
}

TEST(Program, PrintsAndEnds)
{
    auto const result = k8s::run_program({"/bin/echo", "$HOME"}, {}, {5s, 100}, {});
    EXPECT_EQ(result.output, "$HOME\n");
    EXPECT_EQ(result.failure, "");
}

TEST(Program, HasNoInputAndOnlyTheGivenVariables)
{
    EXPECT_EQ(k8s::run_program({"/bin/cat"}, {}, {5s, 100}, {}).output, "");
    EXPECT_EQ(k8s::run_program({"/usr/bin/env"}, {"A=1"}, {5s, 100}, {}).output, "A=1\n");
}

TEST(Program, IsEndedWhenItTakesTooLongOrPrintsTooMuch)
{
    EXPECT_THAT(k8s::run_program({"/bin/sleep", "60"}, {}, {100ms, 100}, {}).failure, HasSubstr("longer than"));
    EXPECT_THAT(k8s::run_program({"/bin/cat", "/dev/zero"}, {}, {60s, 1 << 20}, {}).failure,
                HasSubstr("more than 1 MB"));
}

TEST(Program, IsEndedOnStop)
{
    std::stop_source stop;
    std::jthread const asks{[&] {
        std::this_thread::sleep_for(100ms);
        stop.request_stop();
    }};
    auto const began = std::chrono::steady_clock::now();
    EXPECT_EQ(k8s::run_program({"/bin/sleep", "60"}, {}, {60s, 100}, stop.get_token()).failure, "asked to stop");
    EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
}

TEST(Program, ThatCannotBeStartedOrFailsSaysWhy)
{
    EXPECT_THAT(k8s::run_program({"/nonexistent/kubectl"}, {}, {5s, 100}, {}).failure, HasSubstr("No such file"));
    auto const failed = k8s::run_program({"/bin/ls", "/nonexistent"}, {"LC_ALL=C"}, {5s, 100}, {});
    EXPECT_THAT(failed.failure, HasSubstr("exit code"));
    EXPECT_THAT(failed.errors, HasSubstr("/nonexistent"));
}

} // namespace misroute
