// SPDX-License-Identifier: Apache-2.0
//
// Loads the manifests of tests/fixtures/k8s and runs rules on them.
#pragma once

#include "detect/cluster_rules.hpp"
#include "misroute/k8s.hpp"

#include <string>
#include <vector>

namespace misroute {

inline std::string fixture(std::string const &path)
{
    return std::string{MISROUTE_SOURCE_DIR} + "/tests/fixtures/k8s/" + path;
}

inline Cluster load(std::vector<std::string> const &paths, Expectations const &expected = {})
{
    std::vector<std::string> full;
    for (auto const &path : paths) {
        full.push_back(fixture(path));
    }
    return load_cluster(read_manifests(full, {}), expected);
}

inline Cluster load_text(std::string const &text, Expectations const &expected = {})
{
    return load_cluster({{"input.yaml", text}}, expected);
}

/// A LiteLLM in namespace n whose pods carry app=name, with a ConfigMap of its own: one entry with these parameters.
/// `spec` begins the workload's.
inline std::string litellm_manifests(std::string const &name, std::string const &parameters,
                                     std::string const &spec = "", std::string const &kind = "Deployment")
{
    return "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name +
           ", namespace: n}, data: {config.yaml: \"model_list: [{model_name: x, litellm_params: {" + parameters +
           "}}]\"}}\n---\n{apiVersion: apps/v1, kind: " + kind + ", metadata: {name: " + name +
           ", namespace: n}, spec: {" + spec + "template: {metadata: {labels: {app: " + name +
           "}}, spec: {containers: [{name: c, image: litellm, args: [--config, /l/config.yaml], volumeMounts: [{name: "
           "v, mountPath: /l}]}], volumes: [{name: v, configMap: {name: " +
           name + "}}]}}}}\n";
}

/// The same with a Service of its name that selects its pods.
inline std::string litellm_with_service(std::string const &name, std::string const &parameters)
{
    return litellm_manifests(name, parameters) + "---\n{apiVersion: v1, kind: Service, metadata: {name: " + name +
           ", namespace: n}, spec: {selector: {app: " + name + "}}}\n";
}

/// Two such instances, larch of Anthropic and willow of a relay of OpenAI's.
inline std::string larch_and_willow()
{
    return litellm_with_service("larch", "model: anthropic/x") +
           litellm_with_service("willow", "model: openai/x, api_base: https://relay.example.net/v1") + "---\n";
}

/// Facts about a cluster and nothing else.
class ClusterFacts
{
public:
    explicit ClusterFacts(Cluster cluster, Expectations expected = {})
        : m_cluster{std::move(cluster)},
          m_expected{std::move(expected)}
    {
    }

    Facts facts() const { return {m_tally, m_expected, m_examination, m_sequences, m_models, &m_cluster}; }

    /// The findings of all rules about clusters, in the order of the documentation.
    std::vector<Finding> findings() const
    {
        std::vector<Finding> all;
        for (auto *const rule : {service_selects_other_instance, identical_selectors, endpoints_exceed_replicas,
                                 host_reaches_other_instance, label_not_in_selector, job_pods_selected,
                                 service_selects_many_workloads, no_endpoints}) {
            auto const found = rule(facts());
            all.insert(all.end(), found.begin(), found.end());
        }
        return all;
    }

    /// Their rules, each as often as it was found.
    std::vector<std::string> rules() const
    {
        std::vector<std::string> names;
        for (auto const &finding : findings()) {
            names.emplace_back(to_string(finding.rule));
        }
        return names;
    }

private:
    Cluster m_cluster;
    Expectations m_expected;
    Tally m_tally;
    Examination m_examination;
    Sequences m_sequences;
    DatabaseModels m_models;
};

} // namespace misroute
