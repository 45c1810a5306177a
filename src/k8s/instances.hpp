// SPDX-License-Identifier: Apache-2.0
//
// Which LiteLLM instance a workload, a Service or an Ingress belongs to, and how sure names and labels make it: in this
// order the configuration, the label that differs, the mounted LiteLLM configuration, the name.
#pragma once

#include "k8s/same_instance.hpp"
#include "misroute/model/expectations.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace misroute::k8s {

class Instances
{
public:
    /// `members` are the workloads that run LiteLLM; they must outlive this.
    Instances(std::vector<Member> members, Expectations const &expected);

    /// The instance of a workload; empty for one that is no member.
    std::string of_workload(Workload const &workload) const;

    /// The instance that an object with this name and these labels is meant for; empty when nothing says it.
    std::string of_object(ObjectName const &name, Labels const &labels) const;

    /// The instance that the labels alone say; empty where the label that tells instances apart is not among them.
    std::string of_labels(Labels const &labels) const;

    /// Gives instances the names that the configuration has for them, where names, workloads and backends have left it
    /// open: each configured instance with the instances that one candidate only fits.
    void match_uniquely(std::map<std::string, std::set<std::string>> const &candidates);

private:
    using Group = std::vector<std::size_t>;

    std::vector<Group> grouped_by_source() const;
    void name_by_label(std::string const &key, std::vector<Group> const &groups);
    bool choose_label(std::vector<Group> const &groups);
    bool is_telling(std::string const &key) const;
    bool is_one_release(std::string const &key);
    void name_by_configuration(std::vector<Group> const &groups);
    void name_the_only_one();
    void match_workloads();
    void match_names();
    void match_backends();
    void rename(std::string const &from, std::string const &to);

    std::vector<Member> m_members;
    Expectations const &m_expected;
    std::string m_label;                             ///< the label that tells the instances apart, or empty
    std::vector<std::string> m_names;                ///< the instance of each member, in the cluster's words
    std::vector<std::string> m_pinned;               ///< the same where the configuration names the workload itself
    std::map<std::string, std::string> m_configured; ///< from the cluster's words to the configuration's
    std::map<ObjectName, std::size_t> m_by_name;
};

} // namespace misroute::k8s
