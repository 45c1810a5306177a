// SPDX-License-Identifier: Apache-2.0
//
// How findings about a cluster name things, and the label that would end them.
#pragma once

#include "misroute/model/cluster.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace misroute {

/// "app=litellm,tier=proxy", as `kubectl get -l` takes it.
std::string selector_text(Labels const &labels);

/// "Service litellm/claude-litellm".
std::string object_text(std::string const &kind, ObjectName const &name);

/// "Deployment claude-litellm (claude, 1 replica)".
std::string workload_text(Workload const &workload);

/// The same for every workload a Service selects, and its endpoints where they are known.
std::string selected_text(Cluster const &cluster, Service const &service);

/// "kelly", "kelly and yxaiapp", "a, b and c".
std::string joined(std::vector<std::string> const &words);

/// A finding about a Service, with its instance, object and location.
Finding about_service(Rule rule, Severity severity, Service const &service);

/// "pods of claude only: 1 replica".
std::string expected_pods(Cluster const &cluster, Service const &service);

/// The name as it may stand in a command; "NAME" when it is none that Kubernetes would accept.
std::string shell_word(std::string const &name);

/// Letters, digits and the few signs that names, label keys and label values of Kubernetes may have.
bool is_plain(std::string const &name);

/// An instance's name as a label value: "namespace/name" has a slash, which values may not have; "NAME" for one that
/// Kubernetes would not accept.
std::string label_value(std::string const &instance);

} // namespace misroute
