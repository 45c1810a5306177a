// SPDX-License-Identifier: Apache-2.0
#include "k8s/kinds.hpp"

#include "k8s/objects.hpp"

#include <algorithm>
#include <array>

namespace misroute::k8s {

namespace {

/// A kind and the API group it comes from: Knative, too, has a kind "Service".
struct KnownKind
{
    std::string_view kind;
    std::string_view group; ///< empty is the core group
    Use use;
};

constexpr std::array<KnownKind, 55> k_kinds{{
    {"Application", "argoproj.io", Use::unread},
    {"ApplicationSet", "argoproj.io", Use::unread},
    {"ApisixRoute", "apisix.apache.org", Use::unread},
    {"AIGatewayRoute", "aigateway.envoyproxy.io", Use::unread},
    {"CloneSet", "apps.kruise.io", Use::workload},
    {"ConfigMap", "", Use::config_map},
    {"CronJob", "batch", Use::workload},
    {"DaemonSet", "apps", Use::workload},
    {"Deployment", "apps", Use::workload},
    {"Deployment", "extensions", Use::workload},
    {"DeploymentConfig", "apps.openshift.io", Use::workload},
    {"DestinationRule", "networking.istio.io", Use::context},
    {"EndpointSlice", "discovery.k8s.io", Use::slice},
    {"Endpoints", "", Use::endpoints},
    {"Gateway", "gateway.networking.k8s.io", Use::context},
    {"GRPCRoute", "policy.linkerd.io", Use::unread},
    {"HTTPRoute", "policy.linkerd.io", Use::unread},
    {"HTTPScaledObject", "http.keda.sh", Use::unread},
    {"HelmChart", "helm.cattle.io", Use::unread},
    {"HelmRelease", "helm.toolkit.fluxcd.io", Use::unread},
    {"HelmRelease", "helm.fluxcd.io", Use::unread},
    {"HorizontalPodAutoscaler", "autoscaling", Use::autoscaler},
    {"IngressRouteTCP", "traefik.containo.us", Use::unread},
    {"IngressRouteTCP", "traefik.io", Use::unread},
    {"IngressRouteUDP", "traefik.containo.us", Use::unread},
    {"IngressRouteUDP", "traefik.io", Use::unread},
    {"Job", "batch", Use::workload},
    {"Kustomization", "kustomize.toolkit.fluxcd.io", Use::unread},
    {"Mapping", "getambassador.io", Use::unread},
    {"MultiClusterIngress", "networking.gke.io", Use::unread},
    {"Pod", "", Use::workload},
    {"ReferenceGrant", "gateway.networking.k8s.io", Use::context},
    {"ReplicaSet", "apps", Use::workload},
    {"ReplicationController", "", Use::workload},
    {"Rollout", "argoproj.io", Use::workload},
    {"RouteGroup", "zalando.org", Use::unread},
    {"RouteTable", "gateway.solo.io", Use::unread},
    {"ScaledObject", "keda.sh", Use::autoscaler},
    {"Service", "", Use::service},
    {"Service", "serving.knative.dev", Use::unread},
    {"StatefulSet", "apps", Use::workload},
    {"StatefulSet", "apps.kruise.io", Use::workload},
    {"TCPIngress", "configuration.konghq.com", Use::unread},
    {"TCPMapping", "getambassador.io", Use::unread},
    {"TCPRoute", "gateway.networking.k8s.io", Use::unread},
    {"Template", "template.openshift.io", Use::unread},
    {"TraefikService", "traefik.containo.us", Use::unread},
    {"TraefikService", "traefik.io", Use::unread},
    {"TransportServer", "k8s.nginx.org", Use::unread},
    {"UDPIngress", "configuration.konghq.com", Use::unread},
    {"UDPRoute", "gateway.networking.k8s.io", Use::unread},
    {"VirtualService", "gateway.solo.io", Use::unread},
    {"VirtualServer", "k8s.nginx.org", Use::unread},
    {"VirtualServerRoute", "k8s.nginx.org", Use::unread},
    {"WorkflowTemplate", "argoproj.io", Use::nothing},
}};

/// Any other kind with a pod template makes pods that nobody looked at.
bool has_template(Value const &object)
{
    return object["spec"]["template"]["spec"]["containers"].is_list();
}

/// Operators of LiteLLM make Deployments and Services of one such object; their other kinds (keys, teams) run nothing.
bool is_operated(std::string_view kind)
{
    constexpr std::array<std::string_view, 4> kinds{"LiteLLM", "LiteLLMGateway", "LiteLLMInstance", "LiteLLMProxy"};
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

} // namespace

std::string_view group_of(Value const &object)
{
    std::string_view const version = text_of(object["apiVersion"]);
    auto const slash = version.find('/');
    return slash == std::string_view::npos ? std::string_view{} : version.substr(0, slash);
}

Use use_of(Value const &object)
{
    auto const group = group_of(object);
    std::string_view const kind = text_of(object["kind"]);
    if (is_route(kind, group)) {
        return Use::route;
    }
    bool const blank = text_of(object["apiVersion"]).empty();
    auto const *const found = std::find_if(k_kinds.begin(), k_kinds.end(), [&](KnownKind const &known) {
        return known.kind == kind && (blank ? known.use != Use::unread : known.group == group);
    });
    bool const makes_pods = (has_template(object) && !kind.empty()) || is_operated(kind);
    return found != k_kinds.end() ? found->use : makes_pods ? Use::unread : Use::nothing;
}

} // namespace misroute::k8s
