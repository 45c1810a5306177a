// SPDX-License-Identifier: Apache-2.0
//
// Which hostnames a route has where it does not simply name them: wildcards, default backends, regular expressions,
// listeners and delegates.
#include "k8s/host_pattern.hpp"
#include "k8s_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace misroute {

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Expectations configured()
{
    Expectations expected;
    expected.instances = {
        {"larch", {"larch.example.com"}, {}, {}, {{"anthropic", "api.anthropic.com"}}, "n/larch", {}},
        {"willow", {"willow.example.com"}, {}, {}, {{"openai", "relay.example.net"}}, "n/willow", {}}};
    return expected;
}

Cluster with_routes(std::string const &routes)
{
    return load_text(larch_and_willow() + routes, configured());
}

std::vector<std::string> rules(Cluster cluster)
{
    return ClusterFacts{std::move(cluster), configured()}.rules();
}

/// Rules of an Ingress; what comes before them may be a default backend.
std::string ingress(std::string const &name, std::string const &spec)
{
    return "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: " + name + ", namespace: n}, spec: {" +
           spec + "}}\n---\n";
}

std::string rule(std::string const &host, std::string const &service)
{
    return "{host: '" + host + "', http: {paths: [{path: /, backend: {service: {name: " + service + "}}}]}}";
}

std::string traefik(std::string const &match, std::string const &service)
{
    return "{apiVersion: traefik.io/v1alpha1, kind: IngressRoute, metadata: {name: r, namespace: n}, spec: {routes: "
           "[{match: '" +
           match + "', services: [{name: " + service + "}]}]}}\n---\n";
}

std::string const k_default = "defaultBackend: {service: {name: willow}}";

std::string const k_gateway = R"(
{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g, namespace: n}, spec: {listeners: [
  {name: one, hostname: larch.example.com, port: 443}, {name: two, hostname: willow.example.com, port: 8443}]}}
---
)";

std::string http_route(std::string const &service, std::string const &parent, std::string const &more = "")
{
    return "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: " + service +
           ", namespace: n}, spec: {" + more + "parentRefs: [{name: g, " + parent +
           "}], rules: [{backendRefs: [{name: " + service + "}]}]}}\n---\n";
}

class ToWillow : public testing::TestWithParam<std::string>
{
};

class NotKnown : public testing::TestWithParam<std::pair<std::string, std::string>>
{
};

} // namespace

TEST_P(ToWillow, ThoughTheHostnameIsLarchs)
{
    EXPECT_THAT(rules(with_routes(GetParam())), ElementsAre("host-reaches-other-instance"));
}

INSTANTIATE_TEST_SUITE_P(
    Routes, ToWillow,
    testing::Values(
        ingress("i", "rules: [" + rule("*.example.com", "willow") + "]"),
        ingress("i", k_default + ", rules: [{host: larch.example.com}]"),
        ingress("i", k_default + ", tls: [{hosts: [larch.example.com]}]"),
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: n, annotations: "
        "{nginx.ingress.kubernetes.io/server-alias: 'www.example.com, larch.example.com'}}, spec: {rules: [" +
            rule("willow.example.com", "willow") + "]}}",
        traefik(R"(HostRegexp(`^larch\.example\.com$`))", "willow"),
        traefik(R"(HostRegexp(`^[a-z0-9-]+\.example\.com$`) && PathPrefix(`/`))", "willow"),
        traefik("HostRegexp(`{any:.+}.example.com`)", "willow"),
        R"({apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: r, namespace: n}, spec: {hosts: [larch.example.com], gateways: [g], http: [{delegate: {name: d}}]}}
---
{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: d, namespace: n}, spec: {http: [{route: [{destination: {host: willow}}]}]}})",
        k_gateway + http_route("willow", "sectionName: one"), k_gateway + http_route("willow", "port: 443")));

TEST_P(NotKnown, IsNeverFine)
{
    EXPECT_THAT(with_routes(GetParam().first).unexamined, Contains(HasSubstr(GetParam().second)));
}

INSTANTIATE_TEST_SUITE_P(
    Routes, NotKnown,
    testing::Values(
        std::pair{ingress("i", k_default), "no rule names larch.example.com of larch"},
        std::pair{traefik("HostRegexp(`^(larch|willow)[.]example.com$`)", "willow"), "(larch|willow)[.]example.com"},
        std::pair{k_gateway + http_route("willow", "sectionName: three"), "a listener three that Gateway n/g"},
        std::pair{"{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: r, namespace: n}, spec: "
                  "{hosts: [larch.example.com], http: [{delegate: {name: d}}]}}",
                  "hands larch.example.com on to n/d, which is not in the input"},
        std::pair{"{apiVersion: configuration.konghq.com/v1beta1, kind: TCPIngress, metadata: {name: r, namespace: n}}",
                  "TCPIngress of configuration.konghq.com"},
        std::pair{"{apiVersion: configuration.konghq.com/v1beta1, kind: UDPIngress, metadata: {name: r, namespace: n}}",
                  "UDPIngress of configuration.konghq.com"}));

TEST(Routes, AnExactHostWinsOverAWildcard)
{
    auto const cluster = with_routes(ingress("i", "rules: [" + rule("*.example.com", "willow") + "]") +
                                     ingress("j", k_default + ", rules: [" + rule("larch.example.com", "larch") + "]"));
    EXPECT_THAT(rules(cluster), IsEmpty());
    EXPECT_THAT(cluster.unexamined, IsEmpty());
}

TEST(Routes, AWildcardOfAnIngressStandsForOneLabel)
{
    EXPECT_THAT(rules(with_routes(ingress("i", "rules: [" + rule("*.com", "willow") + "]"))), IsEmpty());
}

TEST(Routes, EntrancesForEveryHostnameOfEachInstanceAreFine)
{
    auto const cluster =
        with_routes(ingress("i", k_default) + ingress("j", "defaultBackend: {service: {name: larch}}"));
    EXPECT_THAT(cluster.unexamined, IsEmpty());
    EXPECT_THAT(rules(cluster), IsEmpty());
}

TEST(Routes, AListenerLimitsTheHostnames)
{
    auto const by_name =
        with_routes(k_gateway + http_route("larch", "sectionName: one") + http_route("willow", "sectionName: two"));
    EXPECT_THAT(rules(by_name), IsEmpty());
    EXPECT_TRUE(by_name.complete());
    auto const both = "hostnames: [larch.example.com, willow.example.com], ";
    EXPECT_THAT(rules(with_routes(k_gateway + http_route("larch", "port: 443", both) +
                                  http_route("willow", "port: 8443", both))),
                IsEmpty());
    auto const wider =
        with_routes(k_gateway + http_route("larch", "sectionName: one", "hostnames: ['*.example.com'], "));
    ASSERT_EQ(wider.routes.size(), 1U);
    EXPECT_EQ(wider.routes[0].host, "larch.example.com");
}

TEST(Routes, APatternIsAHostnameWhereItSaysNoMore)
{
    using k8s::host_of_pattern;
    EXPECT_EQ(host_of_pattern("^a\\.example\\.com$"), "a.example.com");
    EXPECT_EQ(host_of_pattern("(?i)^a.example.com"), "a.example.com");
    EXPECT_EQ(host_of_pattern("^.+\\.example\\.com$"), "*.example.com");
    EXPECT_EQ(host_of_pattern("^([^.]+)\\.example\\.com$"), "*.example.com");
    EXPECT_EQ(host_of_pattern("{any}.example.com"), "*.example.com");
    for (auto const *const more : {"^a[0-9]\\.example\\.com$", "(a|b)\\.example\\.com", ".+", "{x:[0-9]+}.example.com",
                                   "", "^$", "a.*", "\\", "("}) {
        EXPECT_EQ(host_of_pattern(more), std::nullopt) << more;
    }
}

} // namespace misroute
