// SPDX-License-Identifier: Apache-2.0
//
// A hostname that nothing is configured for, and that leads to the Services of two instances: whether the same requests
// get to both.
#include "k8s/shared_hosts.hpp"
#include "k8s_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace misroute {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Finding> found(std::string const &routes, Expectations const &expected = {})
{
    return ClusterFacts{load_text(larch_and_willow() + routes, expected), expected}.findings();
}

std::string object(std::string const &kind, std::string const &name, std::string const &spec,
                   std::string const &annotations = "")
{
    auto const group = kind == "Ingress"          ? "networking.k8s.io/v1"
                       : kind == "VirtualService" ? "networking.istio.io/v1"
                       : kind == "Route"          ? "route.openshift.io/v1"
                       : kind == "HTTPProxy"      ? "projectcontour.io/v1"
                       : kind == "IngressRoute"   ? "traefik.io/v1alpha1"
                                                  : "gateway.networking.k8s.io/v1";
    return fmt::format("---\n{{apiVersion: {}, kind: {}, metadata: {{name: {}, namespace: n, annotations: {{{}}}}}, "
                       "spec: {{{}}}}}\n",
                       group, kind, name, annotations, spec);
}

/// An Ingress of the one hostname; `more` begins its spec.
std::string ingress(std::string const &service, std::string const &path, std::string const &annotations = "",
                    std::string const &more = "")
{
    return object("Ingress", service,
                  fmt::format("{}rules: [{{host: ai.example.com, http: {{paths: [{{path: '{}', backend: {{service: "
                              "{{name: {}}}}}}}]}}}}]",
                              more, path, service),
                  annotations);
}

std::string http_route(std::string const &name, std::string const &rules, std::string const &gateway = "g")
{
    return object("HTTPRoute", name,
                  fmt::format("parentRefs: [{{name: {}}}], hostnames: [ai.example.com], rules: [{}]", gateway, rules));
}

std::string rule(std::string const &service, std::string const &matches = "")
{
    return fmt::format("{{backendRefs: [{{name: {}}}]{}}}", service, matches.empty() ? "" : ", matches: " + matches);
}

std::string traefik(std::string const &service, std::string const &match, std::string const &entry_point = "web")
{
    return object("IngressRoute", service,
                  fmt::format("entryPoints: [{}], routes: [{{match: '{}', services: [{{name: {}}}]}}]", entry_point,
                              match, service));
}

std::string virtual_service(std::string const &http)
{
    return object("VirtualService", "v", "hosts: [ai.example.com], gateways: [g], http: [" + http + "]");
}

std::string with_dns(std::string const &service)
{
    return fmt::format("---\n{{apiVersion: v1, kind: Service, metadata: {{name: {0}, namespace: n, annotations: "
                       "{{external-dns.alpha.kubernetes.io/hostname: ai.example.com}}}}, spec: {{selector: {{app: "
                       "{0}}}}}}}\n",
                       service);
}

std::string const k_canary = "nginx.ingress.kubernetes.io/canary: 'true'";
std::string const k_weight = k_canary + ", nginx.ingress.kubernetes.io/canary-weight: ";
std::string const k_action = "alb.ingress.kubernetes.io/actions.split: ";

/// An Ingress whose backend is an action of AWS' controller.
std::string with_action(std::string const &action)
{
    return ingress("split", "/", k_action + "'" + action + "'");
}

class Shared : public testing::TestWithParam<std::string>
{
};

class Apart : public testing::TestWithParam<std::string>
{
};

} // namespace

TEST_P(Shared, IsAFindingOnce)
{
    auto const findings = found(GetParam());
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].rule, Rule::host_reaches_other_instance);
    EXPECT_EQ(findings[0].severity, Severity::error);
    EXPECT_EQ(findings[0].issuer, "host:ai.example.com");
    EXPECT_EQ(findings[0].message, "ai.example.com leads the same requests to larch and to willow");
    EXPECT_TRUE(findings[0].location);
}

INSTANTIATE_TEST_SUITE_P(
    Hosts, Shared,
    testing::Values(
        ingress("larch", "/") + ingress("willow", "/"), ingress("larch", "/") + ingress("willow", "/*"),
        ingress("larch", "/") + ingress("willow", ""), ingress("larch", "/v1(/|$)(.*)") + ingress("willow", "/v1/"),
        ingress("larch", "/", "kubernetes.io/ingress.class: nginx") +
            ingress("willow", "/", "", "ingressClassName: nginx, "),
        ingress("larch", "/") + ingress("willow", "/", "", "ingressClassName: nginx, "),
        ingress("larch", "/") + ingress("willow", "/", k_weight + "'10'"),
        with_action(R"({"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"larch","weight":90},)"
                    R"({"serviceName":"willow","weight":10}]}})"),
        with_action(R"({"Type":"forward","ForwardConfig":{"TargetGroups":[{"ServiceName":"larch"},)"
                    R"({"ServiceName":"willow"}]}})"),
        http_route("r", "{backendRefs: [{name: larch, weight: 90}, {name: willow, weight: 10}]}"),
        http_route("r", rule("larch")) + http_route("s", rule("willow", "[{path: {value: /}}]")),
        http_route("r", rule("larch", "[{path: {value: /a}}, {path: {value: /b}}]")) +
            http_route("s", rule("willow", "[{path: {value: /b}}, {path: {value: /c}}]")),
        traefik("larch", "Host(`ai.example.com`)") + traefik("willow", "Host(`ai.example.com`) && PathPrefix(`/`)"),
        virtual_service(
            "{route: [{destination: {host: larch}, weight: 90}, {destination: {host: willow}, weight: 10}]}"),
        virtual_service("{match: [{uri: {prefix: /}}], route: [{destination: {host: larch}}]}, {route: [{destination: "
                        "{host: willow}}]}"),
        object("Route", "r",
               "host: ai.example.com, to: {kind: Service, name: larch, weight: 90}, alternateBackends: "
               "[{kind: Service, name: willow, weight: 10}]"),
        object("HTTPProxy", "p",
               "virtualhost: {fqdn: ai.example.com}, routes: [{services: [{name: larch}, {name: "
               "willow}]}]"),
        with_dns("larch") + with_dns("willow")));

TEST_P(Apart, IsNone)
{
    EXPECT_THAT(found(GetParam()), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Hosts, Apart,
    testing::Values(
        ingress("larch", "/larch") + ingress("willow", "/"),
        ingress("larch", "/", "", "ingressClassName: inside, ") +
            ingress("willow", "/", "", "ingressClassName: outside, "),
        ingress("larch", "/") + ingress("willow", "/", k_canary),
        ingress("larch", "/") + ingress("willow", "/", k_weight + "'0'"),
        ingress("larch", "/") +
            ingress("willow", "/", k_canary + ", nginx.ingress.kubernetes.io/canary-by-header: X-Try"),
        with_action(R"({"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"larch","weight":1},)"
                    R"({"serviceName":"willow","weight":0}]}})"),
        object("Ingress", "i", "defaultBackend: {service: {name: split}}",
               k_action + R"('{"type":"fixed-response"}')") +
            ingress("larch", "/"),
        with_action(R"({"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS"}})") + ingress("larch", "/"),
        http_route("r", "{backendRefs: [{name: larch, weight: 1}, {name: willow, weight: 0}]}"),
        http_route("r", rule("larch") + ", " + rule("willow", "[{headers: [{name: x-team, value: willow}]}]")),
        http_route("r",
                   rule("larch", "[{path: {value: /larch}}]") + ", " + rule("willow", "[{path: {value: /willow}}]")),
        http_route("r", rule("larch"), "inside") + http_route("s", rule("willow"), "outside"),
        traefik("larch", "Host(`ai.example.com`)") +
            traefik("willow", "Host(`ai.example.com`) && Header(`X-Team`, `willow`)"),
        traefik("larch", "Host(`ai.example.com`)", "inside") + traefik("willow", "Host(`ai.example.com`)", "outside"),
        virtual_service("{match: [{headers: {x-team: {exact: willow}}}], route: [{destination: {host: willow}}]}, "
                        "{route: [{destination: {host: larch}}]}"),
        object("HTTPProxy", "p",
               "virtualhost: {fqdn: ai.example.com}, routes: [{services: [{name: larch}]}, {conditions: [{prefix: /}, "
               "{header: {name: x-team, exact: willow}}], services: [{name: willow}]}]"),
        object("Ingress", "i", "defaultBackend: {service: {name: larch}}") +
            object("Ingress", "j", "defaultBackend: {service: {name: willow}}")));

TEST(SharedHosts, AnActionThatCannotBeReadIsNotExamined)
{
    for (auto const *const action :
         {R"({"type":"forward","targetGroupARN":"arn:aws:elasticloadbalancing"})", "{", "[]", "\"\""}) {
        auto const cluster = load_text(larch_and_willow() + with_action(action));
        EXPECT_THAT(cluster.unexamined,
                    ElementsAre("Ingress n/split leads ai.example.com to Service n/split, which is not in the input"))
            << action;
    }
}

TEST(SharedHosts, AnActionOfTheDefaultBackendIsRead)
{
    auto const action = [](std::string const &text) {
        return load_text(larch_and_willow() + object("Ingress", "i", "defaultBackend: {service: {name: split}}",
                                                     k_action + "'" + text + "'"));
    };
    EXPECT_TRUE(action(R"({"type":"fixed-response"})").complete());
    auto const forward = action(R"({"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"larch"}]}})");
    ASSERT_EQ(forward.routes.size(), 1U);
    EXPECT_EQ(forward.services[forward.routes[0].service].name.name, "larch");
    EXPECT_FALSE(action("{").complete());
}

TEST(SharedHosts, AConfigurationSaysWhoseAHostnameIs)
{
    Expectations expected;
    expected.instances = {
        {"larch", {"ai.example.com"}, {}, {}, {{"anthropic", "api.anthropic.com"}}, "n/larch", {}},
        {"willow", {"willow.example.com"}, {}, {}, {{"openai", "relay.example.net"}}, "n/willow", {}}};
    for (auto const *const path : {"/", "/*", ""}) {
        auto const findings = found(ingress("larch", "/") + ingress("willow", path), expected);
        ASSERT_EQ(findings.size(), 1U) << path;
        EXPECT_EQ(findings[0].message, "ai.example.com of larch reaches the pods of willow");
    }
}

TEST(SharedHosts, APathIsWhatItCovers)
{
    for (auto const *const all : {"", "/", "/*", "/.*", "/(.*)"}) {
        EXPECT_EQ(k8s::covered_path(all), "") << all;
    }
    for (auto const *const some : {"/v1", "/v1/", "/v1/*", "/v1*", "/v1/.*", "/v1(/|$)(.*)"}) {
        EXPECT_EQ(k8s::covered_path(some), "/v1") << some;
    }
}

} // namespace misroute
