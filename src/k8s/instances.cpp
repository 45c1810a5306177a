// SPDX-License-Identifier: Apache-2.0
#include "k8s/instances.hpp"

#include "k8s/instance_labels.hpp"

#include <algorithm>
#include <optional>

namespace misroute::k8s {

namespace {

/// Everything the workload serves is what the configured instance is expected to serve.
bool fits(std::vector<Expectation> const &served, Instance const &instance)
{
    return !served.empty() && std::all_of(served.begin(), served.end(), [&](Expectation const &one) {
        return serves(instance, Backend{one.provider, one.upstream, {}});
    });
}

} // namespace

Instances::Instances(std::vector<Member> members, Expectations const &expected)
    : m_members{std::move(members)},
      m_expected{expected},
      m_names(m_members.size()),
      m_pinned(m_members.size())
{
    for (std::size_t index = 0; index < m_members.size(); ++index) {
        m_by_name.emplace(m_members[index].workload->name, index);
    }
    auto const groups = grouped_by_source();
    if (!choose_label(groups)) {
        name_by_configuration(groups);
    }
    if (groups.size() == 1) {
        name_the_only_one();
    }
    match_workloads();
    match_names();
    match_backends();
}

std::vector<Instances::Group> Instances::grouped_by_source() const
{
    std::vector<Group> groups;
    std::multimap<std::string, std::size_t> by_source;
    for (std::size_t index = 0; index < m_members.size(); ++index) {
        auto const &member = m_members[index];
        auto const [first, last] = by_source.equal_range(member.source);
        auto const known = std::find_if(first, last, [&](auto const &entry) {
            return !are_apart(m_members[groups[entry.second].front()], member);
        });
        if (!member.source.empty() && known != last) {
            groups[known->second].push_back(index);
            continue;
        }
        by_source.emplace(member.source, groups.size());
        groups.push_back({index});
    }
    return groups;
}

bool Instances::choose_label(std::vector<Group> const &groups)
{
    std::vector<std::string> keys{k_instance_labels.begin(), k_instance_labels.end()};
    std::set<std::string> others;
    for (auto const &member : m_members) {
        for (auto const &label : member.workload->metadata_labels) {
            if (!is_instance_label(label.first) && !is_variant_label(label.first)) {
                others.insert(label.first);
            }
        }
    }
    auto const names_all = [&](std::string const &key) {
        name_by_label(key, groups);
        std::set<std::string> const distinct{m_names.begin(), m_names.end()};
        bool const certain = is_instance_label(key);
        bool const complete = !distinct.contains("") && (certain || is_telling(key));
        bool const tells = complete && distinct.size() > 1;
        m_label = tells ? key : m_label;
        return tells;
    };
    if (std::any_of(keys.begin(), keys.end(), names_all)) {
        return true;
    }
    if (std::any_of(keys.begin(), keys.end(), [&](std::string const &key) {
            name_by_label(key, groups);
            return is_one_release(key);
        })) {
        return true;
    }
    return std::any_of(others.begin(), others.end(), names_all);
}

/// The label that holds a release together is the same on all, and nothing says that they serve different things.
bool Instances::is_one_release(std::string const &key)
{
    std::set<std::string> const distinct{m_names.begin(), m_names.end()};
    std::set<std::vector<Expectation>> served;
    auto const first =
        std::find_if(m_members.begin(), m_members.end(), [](Member const &member) { return !member.services.empty(); });
    bool apart = false;
    for (auto const &member : m_members) {
        if (!member.workload->serves.empty()) {
            served.insert(member.workload->serves);
        }
        apart = apart || (first != m_members.end() && enter_apart(*first, member));
    }
    bool const one = distinct.size() == 1 && !distinct.contains("") && served.size() < 2 && !apart;
    m_label = one ? key : m_label;
    return one;
}

/// A label that nobody agreed on tells instances apart only where its values are words of the workloads' names, and
/// where those that it parts neither serve the same nor are releases of one name.
bool Instances::is_telling(std::string const &key) const
{
    ServedNames by_served;
    std::map<ObjectName, std::string> by_base;
    for (std::size_t index = 0; index < m_members.size(); ++index) {
        auto const &workload = *m_members[index].workload;
        auto const value = instance_value(workload.metadata_labels, key).value_or("");
        ObjectName const base{workload.name.space, without_variant(workload.name.name)};
        bool const same_base = by_base.emplace(base, m_names[index]).first->second == m_names[index];
        auto const served = by_served.find(m_members[index]);
        by_served.add(m_members[index], m_names[index]);
        bool const same_served = served.empty() || served == m_names[index];
        if (is_variant_word(value) || !is_related(workload.name.name, value) || !same_base || !same_served) {
            return false;
        }
    }
    return true;
}

void Instances::name_by_label(std::string const &key, std::vector<Group> const &groups)
{
    bool const certain = is_instance_label(key);
    for (auto const &group : groups) {
        std::set<std::string> values;
        for (auto const index : group) {
            values.insert(instance_value(m_members[index].workload->metadata_labels, key).value_or(""));
        }
        // Releases that share one configuration are one instance, whatever each of them is labelled.
        bool const usable = !values.contains("") && (certain || values.size() == 1);
        for (auto const index : group) {
            m_names[index] = usable ? *values.begin() : std::string{};
        }
    }
}

void Instances::name_by_configuration(std::vector<Group> const &groups)
{
    ServedNames by_served;
    std::map<ObjectName, std::string> by_base;
    std::set<std::string> taken;
    for (auto const &group : groups) {
        auto const &first = m_members[group.front()];
        auto const &full_name = first.workload->name;
        ObjectName const base{full_name.space, without_variant(full_name.name)};
        auto const same_base = by_base.find(base);
        auto const same_served = by_served.find(first);
        std::string name = !taken.contains(base.name) ? base.name : base.text();
        if (same_base != by_base.end()) {
            name = same_base->second;
        } else if (!same_served.empty()) {
            name = same_served;
        }
        taken.insert(name);
        by_base.emplace(base, name);
        by_served.add(first, name);
        for (auto const index : group) {
            m_names[index] = name;
        }
    }
}

void Instances::name_the_only_one()
{
    for (auto const &key : k_instance_labels) {
        auto const value = instance_value(m_members.front().workload->metadata_labels, std::string{key});
        if (value) {
            std::fill(m_names.begin(), m_names.end(), *value);
            m_label = key;
            return;
        }
    }
}

void Instances::rename(std::string const &from, std::string const &to)
{
    bool const taken = std::any_of(m_configured.begin(), m_configured.end(),
                                   [&](auto const &entry) { return entry.second == to && entry.first != from; });
    if (!taken) {
        m_configured.emplace(from, to);
    }
}

void Instances::match_workloads()
{
    std::map<std::string, std::set<std::string>> wanted;
    for (std::size_t index = 0; index < m_members.size(); ++index) {
        auto const &name = m_members[index].workload->name;
        for (auto const &instance : m_expected.instances) {
            if (!instance.workload.empty() && (instance.workload == name.text() || instance.workload == name.name)) {
                m_pinned[index] = instance.name;
                wanted[m_names[index]].insert(instance.name);
            }
        }
    }
    for (auto const &[name, configured] : wanted) {
        if (configured.size() == 1) {
            rename(name, *configured.begin());
        }
    }
}

void Instances::match_names()
{
    for (auto const &name : m_names) {
        if (m_expected.by_name(name)) {
            rename(name, name);
        }
    }
}

void Instances::match_backends()
{
    std::map<std::string, std::vector<Expectation>> served;
    for (std::size_t index = 0; index < m_members.size(); ++index) {
        auto const &more = m_members[index].workload->serves;
        auto &all = served[m_names[index]];
        all.insert(all.end(), more.begin(), more.end());
    }
    std::map<std::string, std::set<std::string>> fitting;
    for (auto const &instance : m_expected.instances) {
        for (auto const &[name, expectations] : served) {
            if (fits(expectations, instance)) {
                fitting[instance.name].insert(name);
            }
        }
    }
    match_uniquely(fitting);
}

void Instances::match_uniquely(std::map<std::string, std::set<std::string>> const &candidates)
{
    std::map<std::string, int> wanted;
    for (auto const &[configured, names] : candidates) {
        for (auto const &name : names) {
            ++wanted[name];
        }
    }
    for (auto const &[configured, names] : candidates) {
        if (names.size() == 1 && wanted[*names.begin()] == 1) {
            rename(*names.begin(), configured);
        }
    }
}

std::string Instances::of_workload(Workload const &workload) const
{
    auto const found = std::find_if(m_members.begin(), m_members.end(),
                                    [&](Member const &member) { return member.workload == &workload; });
    if (found == m_members.end()) {
        return {};
    }
    auto const index = static_cast<std::size_t>(found - m_members.begin());
    if (!m_pinned[index].empty()) {
        return m_pinned[index];
    }
    auto const &name = m_names[index];
    auto const configured = m_configured.find(name);
    return configured == m_configured.end() ? name : configured->second;
}

std::string Instances::of_labels(Labels const &labels) const
{
    auto const label = m_label.empty() ? std::nullopt : instance_value(labels, m_label);
    for (auto const &member : m_members) {
        if (label && instance_value(member.workload->metadata_labels, m_label) == label) {
            return of_workload(*member.workload);
        }
    }
    return {};
}

std::string Instances::of_object(ObjectName const &name, Labels const &labels) const
{
    if (auto instance = of_labels(labels); !instance.empty()) {
        return instance;
    }
    std::set<std::string> near;
    for (auto const &member : m_members) {
        auto instance = of_workload(*member.workload);
        auto const &other = member.workload->name;
        if (other.space == name.space && (extends(other.name, name.name) || extends(name.name, other.name))) {
            near.insert(std::move(instance));
        }
    }
    auto const same = m_by_name.find(name);
    if (same != m_by_name.end()) {
        return of_workload(*m_members[same->second].workload);
    }
    if (near.empty()) { // a Service that somebody wrote beside a chart: "claude-lb" of the release claude
        for (auto const &member : m_members) {
            auto instance = of_workload(*member.workload);
            if (member.workload->name.space == name.space && extends(name.name, instance)) {
                near.insert(std::move(instance));
            }
        }
    }
    return near.size() == 1 ? *near.begin() : std::string{};
}

} // namespace misroute::k8s
