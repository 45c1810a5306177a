// SPDX-License-Identifier: Apache-2.0
//
// Every kind that makes pods or leads to them is read, whichever way it comes in.
#include "k8s_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace misroute {

namespace {

using testing::ElementsAre;

std::string const k_service = R"(
---
{apiVersion: v1, kind: Service, metadata: {name: entry, namespace: n}, spec: {selector: {app: litellm}}}
)";

/// A workload whose pods carry app=litellm.
std::string workload(std::string const &kind, std::string const &group, std::string const &spec = "replicas: 2")
{
    return "---\n{apiVersion: " + group + ", kind: " + kind + ", metadata: {name: one, namespace: n}, spec: {" + spec +
           ", template: {metadata: {labels: {app: litellm}}, spec: {containers: [{name: c, image: litellm}]}}}}\n";
}

class EveryKind : public testing::TestWithParam<std::pair<char const *, char const *>>
{
};

} // namespace

TEST_P(EveryKind, MakesPodsThatAServiceSelects)
{
    auto const [kind, group] = GetParam();
    auto const cluster = load_text(workload(kind, group) + k_service);
    ASSERT_EQ(cluster.workloads.size(), 1U);
    EXPECT_EQ(cluster.workloads[0].kind, kind);
    ASSERT_EQ(cluster.services.size(), 1U);
    EXPECT_THAT(cluster.services[0].workloads, ElementsAre(0U));
    EXPECT_THAT(cluster.problems, testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryKind,
                         testing::Values(std::pair{"Deployment", "apps/v1"}, std::pair{"StatefulSet", "apps/v1"},
                                         std::pair{"DaemonSet", "apps/v1"}, std::pair{"ReplicaSet", "apps/v1"},
                                         std::pair{"Job", "batch/v1"}));

TEST(Kinds, APodAndACronJobKeepTheirTemplatesElsewhere)
{
    auto const cluster = load_text(R"(
{apiVersion: v1, kind: Pod, metadata: {name: bare, namespace: n, labels: {app: litellm}}, spec: {containers: [{name: c, image: litellm}]}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: nightly, namespace: n}, spec: {jobTemplate: {spec: {template: {metadata: {labels: {app: litellm}}, spec: {containers: [{name: c, image: litellm}]}}}}}}
)" + k_service);
    ASSERT_EQ(cluster.services.size(), 1U);
    EXPECT_EQ(cluster.services[0].workloads.size(), 2U);
}

TEST(Kinds, HttpRoutesLeadToServicesLikeIngresses)
{
    auto const cluster = load_text(workload("Deployment", "apps/v1") + k_service + R"(
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: n}
spec:
  hostnames: [claude.example.com]
  rules: [{backendRefs: [{name: entry, port: 4000}]}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i, namespace: n}
spec:
  rules: [{host: llm.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: entry, port: {number: 4000}}}}]}}]
)");
    ASSERT_EQ(cluster.routes.size(), 2U);
    EXPECT_EQ(cluster.routes[0].host, "claude.example.com");
    EXPECT_EQ(cluster.routes[0].kind, "HTTPRoute");
    EXPECT_EQ(cluster.routes[1].host, "llm.example.com");
    EXPECT_EQ(cluster.routes[1].kind, "Ingress");
}

TEST(Kinds, AYamlListOfKubectlAndHelmsCommentsAreRead)
{
    auto const cluster = load_text(R"(---
# Source: litellm/templates/list.yaml
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata: {name: entry, namespace: n}
  spec: {selector: {app: litellm}}
- apiVersion: v1
  kind: Endpoints
  metadata: {name: entry, namespace: n}
  subsets: [{addresses: [{ip: 10.0.0.1}, {ip: 10.0.0.2}]}]
metadata: {resourceVersion: ""}
)");
    ASSERT_EQ(cluster.services.size(), 1U);
    EXPECT_EQ(cluster.services[0].endpoints, 2);
    EXPECT_THAT(cluster.problems, testing::IsEmpty());
}

TEST(Kinds, ANameForAServiceInAnotherNamespaceBelongsToItsInstance)
{
    auto const cluster = load_text(workload("Deployment", "apps/v1") + R"(
---
{apiVersion: v1, kind: Service, metadata: {name: one, namespace: n}, spec: {selector: {app: litellm}}}
---
{apiVersion: v1, kind: Service, metadata: {name: outside, namespace: edge}, spec: {type: ExternalName, externalName: one.n.svc.cluster.local}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: edge}, spec: {rules: [{host: one.example.com, http: {paths: [{backend: {service: {name: outside}}}]}}]}}
)");
    ASSERT_EQ(cluster.routes.size(), 1U);
    EXPECT_EQ(cluster.routes[0].instance, "one");
}

TEST(Kinds, TwoLiteLLMsInOnePodAreSaid)
{
    auto const pod = [](std::string const &second) {
        return load_text(
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: pair}, spec: {template: {metadata: "
            "{labels: {app: pair}}, spec: {containers: [{name: a, image: litellm, args: [--config, /a.yaml]}, "
            "{name: b, image: litellm" +
            second + "}]}}}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: pair}, spec: {selector: " +
            "{app: pair}}}\n");
    };
    EXPECT_THAT(pod(", args: [--config, /b.yaml]").unexamined,
                ElementsAre(testing::HasSubstr("Deployment pair runs 2 LiteLLM containers")));
    EXPECT_TRUE(pod(", args: [--config, /b.yaml]").workloads.at(0).open);
    EXPECT_THAT(pod(", args: [--config, /a.yaml]").unexamined, testing::IsEmpty());
    EXPECT_THAT(pod(", command: [prisma, migrate]").unexamined, testing::IsEmpty());
}

} // namespace misroute
