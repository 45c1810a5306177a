// SPDX-License-Identifier: Apache-2.0
//
// Whose pods the addresses of a Service are, and how many of its own it may have.
#include "k8s_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace misroute {

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string proxy(std::string const &name, std::string const &model, std::string const &spec = "replicas: 1, ",
                  std::string const &kind = "Deployment")
{
    return litellm_manifests(name, "model: " + model, spec, kind);
}

std::string service(std::string const &name, std::string const &selector)
{
    return "---\n{apiVersion: v1, kind: Service, metadata: {name: " + name + ", namespace: n}, spec: {" + selector +
           "}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: " + name +
           ", namespace: n}, spec: {rules: [{host: " + name +
           ".example.com, http: {paths: [{backend: {service: {name: " + name + "}}}]}}]}}\n";
}

/// One slice of the Service with these pods.
std::string slice(std::string const &name, std::vector<std::string> const &pods)
{
    std::string text = "---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: " + name +
                       "-x, namespace: n, labels: {kubernetes.io/service-name: " + name + "}}, endpoints: [";
    for (auto const &pod : pods) {
        text += "{addresses: [10.0.0.1], targetRef: {kind: Pod, name: " + pod + "}}, ";
    }
    return text + "]}\n";
}

std::string const k_two =
    proxy("poplar", "anthropic/x") + proxy("spruce", "openai/x") + service("spruce", "selector: {app: spruce}");

char const *const k_pod = R"(
---
{apiVersion: v1, kind: Pod, metadata: {name: odd, namespace: n, labels: {app: spruce, pod-template-hash: q}, ownerReferences: [{kind: ReplicaSet, name: spruce-q, controller: true}]}, spec: {containers: [{name: c, image: litellm}]}, status: {podIP: 10.0.0.7}}
)";

/// Fine, whatever number of pods there are.
void expect_fine(std::string const &workload)
{
    EXPECT_THAT(ClusterFacts{load_text(workload + service("poplar", "selector: {app: poplar}") +
                                       slice("poplar", {"poplar-a", "poplar-b", "poplar-c", "poplar-d", "poplar-e"}))}
                    .rules(),
                IsEmpty())
        << workload;
}

std::string autoscaler(std::string const &group, std::string const &kind, std::string const &most)
{
    return "---\n{apiVersion: " + group + ", kind: " + kind +
           ", metadata: {name: a, namespace: n}, spec: {scaleTargetRef: {kind: Deployment, name: poplar}, " + most +
           "}}\n";
}

} // namespace

TEST(Endpoints, OfAServiceWithoutASelectorAreTraced)
{
    std::string const by_hand = "---\n{apiVersion: v1, kind: Endpoints, metadata: {name: poplar, namespace: n}, "
                                "subsets: [{addresses: [{ip: 10.0.0.7}]}]}\n";
    for (auto const &addresses :
         {k_pod + slice("poplar", {"odd"}), k_pod + by_hand, slice("poplar", {"spruce-7d9-x2x5"})}) {
        EXPECT_THAT(ClusterFacts{load_text(k_two + service("poplar", "ports: []") + addresses)}.rules(),
                    ElementsAre("host-reaches-other-instance"))
            << addresses;
    }
    auto const own = load_text(k_two + service("poplar", "ports: []") + slice("poplar", {"poplar-7d9-x2x5"}));
    EXPECT_THAT(ClusterFacts{own}.rules(), IsEmpty());
    EXPECT_TRUE(own.complete());
}

TEST(Endpoints, ThatNothingExplainsAreSaid)
{
    EXPECT_THAT(load_text(k_two + service("poplar", "ports: []") + slice("poplar", {"elder-7d9-x2x5"})).unexamined,
                Contains(HasSubstr("nothing in the input says whose 1 of its addresses is")));
}

TEST(Endpoints, OfItsOwnMayBeAsManyAsAnAutoscalerStarts)
{
    for (std::string const spec : {"", "replicas: 1, "}) {
        expect_fine(proxy("poplar", "anthropic/x", spec) +
                    autoscaler("autoscaling/v2", "HorizontalPodAutoscaler", "maxReplicas: 5"));
        expect_fine(proxy("poplar", "anthropic/x", spec) + autoscaler("keda.sh/v1alpha1", "ScaledObject", "x: y"));
    }
    auto const few = proxy("poplar", "anthropic/x") +
                     autoscaler("autoscaling/v2", "HorizontalPodAutoscaler", "maxReplicas: 2") +
                     service("poplar", "selector: {app: poplar}") + slice("poplar", {"a", "b", "c", "d", "e"});
    EXPECT_THAT(ClusterFacts{load_text(few)}.rules(), ElementsAre("endpoints-exceed-replicas"));
}

TEST(Endpoints, OfItsOwnAreFineWhereNobodySaysHowMany)
{
    expect_fine(proxy("poplar", "anthropic/x", ""));
    expect_fine(proxy("poplar", "anthropic/x", "", "StatefulSet"));
    expect_fine(proxy("poplar", "anthropic/x", "", "DaemonSet"));
    EXPECT_THAT(ClusterFacts{load_text(proxy("poplar", "anthropic/x") + service("poplar", "selector: {app: poplar}") +
                                       slice("poplar", {"a", "b", "c", "d", "e"}))}
                    .rules(),
                ElementsAre("endpoints-exceed-replicas"));
}

} // namespace misroute
