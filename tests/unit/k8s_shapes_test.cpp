// SPDX-License-Identifier: Apache-2.0
//
// Shapes in which people deploy LiteLLM, by public charts and repositories: who is an instance, what leads to it, what
// a pod serves, and what is too little to say that all is well.
#include "detect/cluster_shares.hpp"
#include "k8s_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace misroute {

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A workload whose pods carry `labels`, with a configuration of its own.
std::string proxy(std::string const &name, std::string const &labels, std::string const &model,
                  std::string const &more = "", std::string const &kind = "apps/v1, kind: Deployment")
{
    return "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "-config}, data: {config.yaml: \"" +
           "model_list: [{model_name: x, litellm_params: {" + model + "}}]\"}}\n---\n{apiVersion: " + kind +
           ", metadata: {name: " + name + ", labels: {" + labels + "}}, spec: {selector: {matchLabels: {" + labels +
           "}}, template: {metadata: {labels: {" + labels + "}}, spec: {containers: [{name: c, image: litellm, args: " +
           "[--config, /etc/l/config.yaml], volumeMounts: [{name: v, mountPath: /etc/l}]" + more +
           "}], volumes: [{name: v, configMap: {name: " + name + "-config}}]}}}}\n";
}

std::string service(std::string const &name, std::string const &selector)
{
    return "---\n{apiVersion: v1, kind: Service, metadata: {name: " + name + "}, spec: {selector: {" + selector +
           "}}}\n";
}

/// Two instances, each with a Service that selects its own pods.
std::string const k_two = proxy("birch", "app: birch", "model: anthropic/x") + service("birch", "app: birch") +
                          proxy("cedar", "app: cedar", "model: openai/x, api_base: https://relay.example.net/v1") +
                          service("cedar", "app: cedar");

std::vector<Expectation> served(std::string const &model, std::string const &more = "", std::string const &objects = "")
{
    return load_text(proxy("birch", "app: birch", model, more) + objects).workloads.at(0).serves;
}

} // namespace

TEST(Shapes, OneIngressWithTwoHostsBelongsToTwoInstances)
{
    ClusterFacts const facts{load_text(k_two + R"(
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: birch, labels: {app: birch}}, spec: {rules: [
  {host: birch.example.com, http: {paths: [{path: /, backend: {service: {name: birch}}}]}},
  {host: cedar.example.com, http: {paths: [{path: /, backend: {service: {name: cedar}}}]}}]}}
)")};
    EXPECT_THAT(facts.rules(), IsEmpty());
}

TEST(Shapes, TheLabelOfAReleaseHoldsItsPartsTogether)
{
    auto const cluster =
        load_text(proxy("birch-gateway", "app.kubernetes.io/instance: birch, part: gateway", "model: openai/x") +
                  proxy("birch-worker", "app.kubernetes.io/instance: birch, part: worker", "model: openai/x"));
    EXPECT_EQ(cluster.workloads[0].instance, "birch");
    EXPECT_EQ(cluster.workloads[1].instance, "birch");
}

TEST(Shapes, ALabelThatMerelyDiffersMakesNoInstance)
{
    for (std::string const label : {"git-sha: ", "release: ", "role: "}) {
        auto const cluster = load_text(proxy("birch", "app: birch, " + label + "stable", "model: openai/x") +
                                       proxy("birch-canary", "app: birch, " + label + "canary", "model: anthropic/x") +
                                       service("birch", "app: birch"));
        EXPECT_EQ(cluster.workloads[0].instance, cluster.workloads[1].instance) << label;
        EXPECT_THAT(ClusterFacts{cluster}.rules(), IsEmpty()) << label;
    }
}

TEST(Shapes, ATestPodOfAChartIsNoWorkload)
{
    auto const cluster = load_text(k_two + R"(
---
{apiVersion: v1, kind: Pod, metadata: {name: birch-test, labels: {app: birch}, annotations: {helm.sh/hook: test}}, spec: {containers: [{name: c, image: curl}]}}
)");
    EXPECT_EQ(cluster.workloads.size(), 2U);
    EXPECT_TRUE(cluster.complete());
}

TEST(Shapes, ARolloutAndADeploymentConfigAreWorkloads)
{
    auto const rollout =
        load_text(proxy("birch", "app: birch", "model: openai/x", "", "argoproj.io/v1alpha1, kind: Rollout") +
                  service("birch", "app: birch"));
    EXPECT_EQ(rollout.services.at(0).workloads.size(), 1U);
    EXPECT_TRUE(rollout.complete());
}

TEST(Shapes, TheSameObjectTwiceIsSaid)
{
    auto const cluster = load_text(proxy("birch", "app: birch", "model: openai/x") + service("birch", "app: birch") +
                                   proxy("birch", "app: birch", "model: anthropic/x"));
    EXPECT_THAT(cluster.unexamined, ElementsAre(HasSubstr("ConfigMap birch-config stands twice")));
}

class NotExamined : public testing::TestWithParam<std::pair<char const *, char const *>>
{
};

TEST_P(NotExamined, IsNeverFine)
{
    auto const [text, why] = GetParam();
    auto const cluster = load_text(text);
    EXPECT_FALSE(cluster.complete());
    EXPECT_THAT(cluster.unexamined, Contains(HasSubstr(why)));
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, NotExamined,
    testing::Values(
        std::pair{"{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selector: {a: b}}}", "no workload"},
        std::pair{"{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: "
                  "[{name: c, image: nginx}]}}}}",
                  "no LiteLLM"},
        std::pair{"{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: "
                  "[{name: c, image: litellm}]}}}}",
                  "no Service"},
        std::pair{"{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: a}}", "HelmRelease"},
        std::pair{"{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a}}", "Application"},
        std::pair{"{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: a}}", "serving.knative.dev"},
        std::pair{"{apiVersion: example.com/v1, kind: Runner, metadata: {name: a}, spec: {template: {spec: "
                  "{containers: [{name: c}]}}}}",
                  "Runner"},
        std::pair{"{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i}, spec: {rules: [{host: "
                  "a.example.com, http: {paths: [{backend: {service: {name: gone}}}]}}]}}",
                  "leads a.example.com to Service gone, which is not in the input"}));

TEST(Shapes, TypedListsAndArraysAreRead)
{
    EXPECT_EQ(load_text(R"({"kind": "ServiceList", "apiVersion": "v1", "items": [{"metadata": {"name": "a"}}]})")
                  .services.size(),
              1U);
    EXPECT_EQ(load_text(R"([{"kind": "Service", "apiVersion": "v1", "metadata": {"name": "a"}}])").services.size(), 1U);
}

TEST(Shapes, ATextOfWhichNothingCanBeParsedIsNamed)
{
    EXPECT_THAT(load_text("a: b: c: [").unparsed, ElementsAre("input.yaml"));
    EXPECT_THAT(load_text("a: b: c: [\n---\nkind: x\n").unparsed, IsEmpty());
}

class EveryRoute : public testing::TestWithParam<char const *>
{
};

TEST_P(EveryRoute, ToTheWrongServiceIsFound)
{
    Expectations expected;
    Instance birch;
    birch.name = "birch";
    birch.hosts = {"birch.example.com"};
    birch.expect = {{"anthropic", ""}};
    expected.instances = {birch};
    ClusterFacts const facts{load_text(k_two + "---\n" + GetParam(), expected), expected};
    EXPECT_THAT(facts.rules(), ElementsAre("host-reaches-other-instance"));
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, EveryRoute,
    testing::Values(
        "{apiVersion: traefik.io/v1alpha1, kind: IngressRoute, metadata: {name: r}, spec: {routes: [{match: "
        "'Host(`birch.example.com`) && PathPrefix(`/`)', services: [{name: cedar, port: 1}]}]}}",
        "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: r}, spec: {hosts: "
        "[birch.example.com], http: [{route: [{destination: {host: cedar}}]}]}}",
        "{apiVersion: route.openshift.io/v1, kind: Route, metadata: {name: r}, spec: {host: birch.example.com, to: "
        "{kind: Service, name: cedar}}}",
        "{apiVersion: projectcontour.io/v1, kind: HTTPProxy, metadata: {name: r}, spec: {virtualhost: {fqdn: "
        "birch.example.com}, routes: [{services: [{name: cedar, port: 1}]}]}}",
        "{apiVersion: projectcontour.io/v1, kind: HTTPProxy, metadata: {name: r}, spec: {virtualhost: {fqdn: "
        "birch.example.com}, includes: [{name: s}]}}\n---\n{apiVersion: projectcontour.io/v1, kind: HTTPProxy, "
        "metadata: "
        "{name: s}, spec: {routes: [{services: [{name: cedar, port: 1}]}]}}",
        "{apiVersion: gateway.networking.k8s.io/v1, kind: GRPCRoute, metadata: {name: r}, spec: {hostnames: "
        "[birch.example.com], rules: [{backendRefs: [{name: cedar}]}]}}",
        "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r}, spec: {parentRefs: [{name: "
        "g}], "
        "rules: [{backendRefs: [{name: cedar}]}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, "
        "metadata: {name: g}, spec: {listeners: [{name: l, hostname: birch.example.com}]}}",
        "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: edge}, spec: "
        "{hostnames: [birch.example.com], rules: [{backendRefs: [{name: cedar, namespace: ai}]}]}}",
        "{apiVersion: v1, kind: Service, metadata: {name: alias}, spec: {type: ExternalName, externalName: "
        "cedar.ai.svc.cluster.local}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i}, "
        "spec: "
        "{rules: [{host: birch.example.com, http: {paths: [{backend: {service: {name: alias}}}]}}]}}",
        "{apiVersion: extensions/v1beta1, kind: Ingress, metadata: {name: i}, spec: {rules: [{host: birch.example.com, "
        "http: {paths: [{backend: {serviceName: cedar}}]}}]}}"));

TEST(Shapes, ASubsetNarrowsTheServiceToItsPods)
{
    auto const cluster = load_text(R"(
{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: r}, spec: {hosts: [b.example.com], http: [{route: [{destination: {host: all, subset: b}}]}]}}
---
{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: r}, spec: {host: all, subsets: [{name: b, labels: {one: b}}]}}
)" + proxy("birch", "app: x, one: b", "model: anthropic/x") +
                                   proxy("cedar", "app: x, one: c", "model: openai/x") + service("all", "app: x"));
    ASSERT_EQ(cluster.routes.size(), 1U);
    EXPECT_EQ(reached_by(cluster, cluster.routes[0]).size(), 1U);
}

TEST(Serves, WhatTheInputSaysAndNothingElse)
{
    EXPECT_THAT(served("model: o3-mini"), ElementsAre(Expectation{"openai", "api.openai.com"}));
    EXPECT_THAT(served("model: eu.anthropic.claude-x"), ElementsAre(Expectation{"bedrock", ""}));
    EXPECT_THAT(served("model: command-r"), ElementsAre(Expectation{"cohere", ""}));
    EXPECT_THAT(served("model: nobody-knows"), IsEmpty());
    EXPECT_THAT(served("model: nobody-knows, custom_llm_provider: openai"),
                ElementsAre(Expectation{"openai", "api.openai.com"}));
    EXPECT_THAT(served("model: newvendor/x"), ElementsAre(Expectation{"newvendor", ""}));
    EXPECT_THAT(served("model: zai.glm-5"), ElementsAre(Expectation{"bedrock", ""}));
    EXPECT_THAT(served("model: gemini-flash-latest"), IsEmpty()) << "Vertex AI or Google AI Studio";
    EXPECT_THAT(served("model: claude-opus-latest"), IsEmpty()) << "LiteLLM replaces it by the newest";
    EXPECT_THAT(served("model: 'claude-sonnet-4-5-v1:0'"), IsEmpty()) << "Bedrock's way to write a version";
    EXPECT_THAT(served("model: claude-3-5-sonnet-latest"), ElementsAre(Expectation{"anthropic", "api.anthropic.com"}));
    EXPECT_THAT(served("model: gpt-4o, api_base: 'https://api.groq.com/openai/v1'"),
                ElementsAre(Expectation{"", "api.groq.com"}));
    EXPECT_THAT(served("model: azure/command-r, api_base: 'https://one.example.net'"),
                ElementsAre(Expectation{"", "one.example.net"}));
    EXPECT_THAT(served("model: openai/x", ", envFrom: [{secretRef: {name: s}}]"),
                ElementsAre(Expectation{"openai", ""}));
    EXPECT_THAT(served("model: openai/x", ", envFrom: [{configMapRef: {name: s}}]",
                       "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: s}, data: {OPENAI_API_BASE: "
                       "'https://relay.example.net/v1'}}\n"),
                ElementsAre(Expectation{"openai", "relay.example.net"}));
    EXPECT_THAT(
        served("model: openai/x, api_base: 'https://${RELAY}/v1'", ", env: [{name: RELAY, value: r.example.net}]"),
        ElementsAre(Expectation{"openai", "r.example.net"}));
    EXPECT_THAT(served("model: openai/x, api_base: os.environ/BASE",
                       ", env: [{name: RELAY, value: r.example.net}, {name: BASE, value: 'https://$(RELAY)/v1'}]"),
                ElementsAre(Expectation{"openai", "r.example.net"}));
}

TEST(Serves, ACredentialHasTheHost)
{
    EXPECT_THAT(served("model: openai/x, litellm_credential_name: c}}]\\ncredential_list: [{credential_name: c, "
                       "credential_values: {api_base: 'https://relay.example.net'"),
                ElementsAre(Expectation{"openai", "relay.example.net"}));
}

TEST(Serves, UnknownStaysOpen)
{
    for (std::string const model :
         {"model: '*'", "model: nobody-knows", "model: openai/y}}]\\ninclude: [gone.yaml]\\nx: [{y: {"}) {
        auto const cluster = load_text(proxy("birch", "app: birch", model));
        EXPECT_TRUE(cluster.workloads.at(0).open) << model;
        EXPECT_THAT(cluster.workloads.at(0).unread, Not(IsEmpty())) << model;
    }
}

} // namespace misroute
