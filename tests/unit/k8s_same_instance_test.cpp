// SPDX-License-Identifier: Apache-2.0
//
// What makes two workloads that serve the same, or what nobody knows, one instance or two.
#include "k8s_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace misroute {

namespace {

using testing::Contains;
using testing::IsEmpty;

/// A proxy whose pods carry app=proxy, with a ConfigMap `map` and a Secret `secret`.
std::string deployed(std::string const &name, std::string const &map, std::string const &secret,
                     std::string const &labels = "")
{
    return "---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: " + name + ", labels: {" + labels +
           "}}, spec: {template: {metadata: {labels: {app: proxy}}, spec: {containers: [{name: c, image: litellm, "
           "args: "
           "[--config, /etc/l/config.yaml], envFrom: [{secretRef: {name: " +
           secret +
           "}}], volumeMounts: [{name: v, mountPath: /etc/l}]}], volumes: [{name: v, configMap: {name: " + map +
           "}}]}}}}\n";
}

std::string config(std::string const &map, std::string const &parameters)
{
    return "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: " + map +
           "}, data: {config.yaml: \"model_list: [{model_name: x, litellm_params: {" + parameters + "}}]\"}}\n";
}

std::string entrance(std::string const &name)
{
    return "---\n{apiVersion: v1, kind: Service, metadata: {name: " + name + "}, spec: {selector: {app: proxy}}}\n";
}

std::string ingress(std::string const &name)
{
    return "---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: " + name +
           "}, spec: {rules: [{host: " + name +
           ".example.com, http: {paths: [{path: /, backend: {service: {name: " + name + "}}}]}}]}}\n";
}

/// Services and Ingresses of alder and rowan.
std::string const k_entrances = entrance("alder") + entrance("rowan") + ingress("alder") + ingress("rowan");

char const *const k_hidden = "model: openai/x, api_base: os.environ/RELAY";
char const *const k_known = "model: openai/x, api_base: https://relay.example.net/v1";

} // namespace

TEST(SameInstance, UpstreamsInTwoSecretsAreNotTheSame)
{
    auto const both = config("alder-map", k_hidden) + config("rowan-map", k_hidden) +
                      deployed("alder", "alder-map", "alder-keys") + deployed("rowan", "rowan-map", "rowan-keys");
    EXPECT_THAT(ClusterFacts{load_text(both + k_entrances)}.rules(), Contains("service-selects-other-instance"));
    EXPECT_THAT(ClusterFacts{load_text(both + entrance("alder") + entrance("rowan"))}.rules(),
                Contains("service-selects-other-instance"));
    EXPECT_THAT(ClusterFacts{load_text(both + entrance("proxy"))}.rules(), Contains("service-selects-many-workloads"));
}

TEST(SameInstance, VariablesOfTwoNamesInOneSecretAreNotTheSame)
{
    EXPECT_THAT(ClusterFacts{load_text(config("alder-map", "model: openai/x, api_base: os.environ/ALDER_URL") +
                                       config("rowan-map", "model: openai/x, api_base: os.environ/ROWAN_URL") +
                                       deployed("alder", "alder-map", "keys") + deployed("rowan", "rowan-map", "keys") +
                                       k_entrances)}
                    .rules(),
                Contains("service-selects-other-instance"));
}

TEST(SameInstance, OneResourceWithTwoKeysIsTwoInstances)
{
    EXPECT_THAT(ClusterFacts{load_text(config("alder-map", std::string{k_known} + ", api_key: os.environ/ALDER_KEY") +
                                       config("rowan-map", std::string{k_known} + ", api_key: os.environ/ROWAN_KEY") +
                                       deployed("alder", "alder-map", "keys") + deployed("rowan", "rowan-map", "keys") +
                                       k_entrances)}
                    .rules(),
                Contains("service-selects-other-instance"));
}

TEST(SameInstance, OneConfigMapDoesNotHoldTwoSecretsTogether)
{
    for (std::string const labels : {"", "app.kubernetes.io/instance: proxies"}) {
        EXPECT_THAT(ClusterFacts{load_text(config("map", k_hidden) + deployed("alder", "map", "alder-keys", labels) +
                                           deployed("rowan", "map", "rowan-keys", labels) + k_entrances)}
                        .rules(),
                    Contains("service-selects-other-instance"))
            << labels;
    }
}

TEST(SameInstance, ACanaryKeepsItsInstance)
{
    for (auto const *const parameters : {k_hidden, k_known}) {
        auto const one_map = config("map", parameters) + deployed("alder", "map", "keys") +
                             deployed("alder-next", "map", "keys") + entrance("alder");
        EXPECT_THAT(ClusterFacts{load_text(one_map)}.rules(), IsEmpty());
        auto const two_maps = config("map", parameters) + config("next", parameters) +
                              deployed("alder", "map", "keys") + deployed("next", "next", "keys") + entrance("alder") +
                              ingress("alder");
        EXPECT_THAT(ClusterFacts{load_text(two_maps)}.rules(), IsEmpty());
        auto const named_so = config("map", parameters) + config("next", parameters) +
                              deployed("alder", "map", "keys") + deployed("alder-canary", "next", "canary-keys") +
                              entrance("alder") + entrance("alder-canary") + ingress("alder") + ingress("alder-canary");
        EXPECT_THAT(ClusterFacts{load_text(named_so)}.rules(), IsEmpty());
    }
}

TEST(SameInstance, PartsOfOneReleaseWithOneHostnameStayTogether)
{
    std::string const release = "app.kubernetes.io/instance: proxies";
    auto const cluster =
        load_text(config("map", k_known) + deployed("proxies-gateway", "map", "keys", release) +
                  deployed("proxies-worker", "map", "worker-keys", release) + entrance("proxies-gateway") +
                  entrance("proxies-worker") + ingress("proxies-gateway"));
    EXPECT_EQ(cluster.workloads[0].instance, cluster.workloads[1].instance);
}

} // namespace misroute
