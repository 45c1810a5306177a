// SPDX-License-Identifier: Apache-2.0
//
// One name with two different objects is said; one object that stands in the input twice, as a manifest and live, is
// not.
#include "k8s_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace misroute {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A StatefulSet "door" with one container that has `more`, beside the Service and the Ingress of that name.
std::string door(std::string const &more, std::string const &map = "door-config-1", std::string const &spec = "")
{
    return "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: " + map +
           "}, data: {config.yaml: \"model_list: [{model_name: x, litellm_params: {model: anthropic/x}}]\"}}\n---\n"
           "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: door}, spec: {" +
           spec +
           "template: {metadata: {labels: {app: door}}, spec: {containers: [{name: c, image: 'litellm:v1', args: " +
           "[--config, /l/config.yaml], volumeMounts: [{name: v, mountPath: /l}]" + more +
           "}], volumes: [{name: v, configMap: {name: " + map +
           "}}]}}}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: door}, spec: {selector: {app: door}}}\n";
}

std::string route(std::string const &host)
{
    return "---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: door}, spec: {rules: [{host: " +
           host + ", http: {paths: [{backend: {service: {name: door}}}]}}]}}\n";
}

/// As kubectl prints what is live, with what the API server fills in.
char const *const k_live = R"(
---
apiVersion: v1
kind: List
items:
- apiVersion: apps/v1
  kind: StatefulSet
  metadata: {name: door, generation: 3, uid: a-b, managedFields: [{manager: kubectl}], annotations: {x: y}}
  spec:
    replicas: 3
    revisionHistoryLimit: 10
    template:
      metadata: {creationTimestamp: null, annotations: {kubectl.kubernetes.io/restartedAt: now}, labels: {app: door}}
      spec:
        containers:
        - {name: c, image: 'litellm:v1', imagePullPolicy: Always, args: [--config, /l/config.yaml], terminationMessagePath: /dev/x, volumeMounts: [{name: v, mountPath: /l}]}
        volumes: [{name: v, configMap: {name: door-config-1, defaultMode: 420}}]
        restartPolicy: Always
        serviceAccountName: default
  status: {replicas: 3, observedGeneration: 3}
- apiVersion: v1
  kind: Service
  metadata: {name: door, uid: c-d}
  spec: {selector: {app: door}, clusterIP: 10.0.0.1, type: ClusterIP, sessionAffinity: None}
  status: {loadBalancer: {}}
- apiVersion: networking.k8s.io/v1
  kind: Ingress
  metadata: {name: door, uid: e-f}
  spec: {ingressClassName: nginx, rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: door, port: {number: 80}}}}]}}]}
  status: {loadBalancer: {}}
)";

std::vector<std::string> said(std::string const &text)
{
    return load_text(text).unexamined;
}

} // namespace

TEST(Repeated, AnotherMountImageVariableOrCountIsSaid)
{
    auto const stands = ElementsAre(HasSubstr("StatefulSet door stands twice in the input and differs"));
    EXPECT_THAT(said(door("") + door("", "door-config-2")), stands);
    EXPECT_THAT(said(door(", env: [{name: A, value: b}]") + door(", env: [{name: A, value: c}]")), stands);
    EXPECT_THAT(said(door(", envFrom: [{secretRef: {name: a}}]") + door(", envFrom: [{secretRef: {name: b}}]")),
                stands);
    auto newer = door("");
    newer.replace(newer.find("litellm:v1"), 10, "litellm:v2");
    EXPECT_THAT(said(door("") + newer), stands);
    EXPECT_THAT(said(door("", "m", "replicas: 1, ") + door("", "m", "replicas: 2, ")), stands);
}

TEST(Repeated, AnotherRouteOrSubsetIsSaid)
{
    EXPECT_THAT(said(door("") + route("a.example.com") + route("b.example.com")),
                ElementsAre(HasSubstr("Ingress door stands twice in the input and differs")));
    std::string const rule = "---\n{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: door}, "
                             "spec: {host: door, subsets: [{name: s, labels: {part: ";
    EXPECT_THAT(said(door("") + rule + "a}}]}}\n" + rule + "b}}]}}\n"), ElementsAre(HasSubstr("DestinationRule door")));
    std::string const alias =
        "---\n{apiVersion: v1, kind: Service, metadata: {name: alias}, spec: {type: ExternalName, externalName: ";
    EXPECT_THAT(said(door("") + alias + "a.example.com}}\n" + alias + "b.example.com}}\n"),
                ElementsAre(HasSubstr("Service alias")));
}

TEST(Repeated, OneObjectTwiceIsFine)
{
    auto const manifest = door("") + route("a.example.com");
    EXPECT_THAT(said(manifest + manifest), IsEmpty());
    EXPECT_THAT(said(manifest + k_live), IsEmpty());
}

TEST(Repeated, TreesOfOneNameCannotStandBesideEachOther)
{
    auto const cluster =
        load_cluster({{"a/kustomization.yaml", door("") + route("a.example.com"), "a"},
                      {"b/kustomization.yaml", door("", "door-config-2") + route("b.example.com"), "b"}},
                     {});
    EXPECT_THAT(cluster.unexamined, ElementsAre(HasSubstr("renders another StatefulSet door than")));
}

} // namespace misroute
