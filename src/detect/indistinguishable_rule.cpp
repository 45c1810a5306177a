// SPDX-License-Identifier: Apache-2.0
//
// Between which instances nothing in the rows tells who answered.
#include "detect/traffic_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace misroute {

namespace {

/// Which instances showed a deployment of their own in this window, or have one configured.
std::set<std::size_t> told_by_deployment(Facts const &facts)
{
    std::set<std::size_t> told;
    for (auto const &[id, owner] : facts.examination.deployments) {
        if (owner.instances.size() == 1) {
            told.insert(owner.instances.front());
        }
    }
    for (std::size_t index = 0; index < facts.expected.instances.size(); ++index) {
        if (!facts.expected.instances[index].deployments.empty()) {
            told.insert(index);
        }
    }
    return told;
}

bool stamped(Facts const &facts, Instance const &instance)
{
    return std::any_of(facts.tally.cells.begin(), facts.tally.cells.end(),
                       [&](auto const &entry) { return entry.first.backend.stamp == instance.name; });
}

/// The deployments of an instance's own rows.
std::set<std::string> shown_by(Facts const &facts, std::string const &instance)
{
    std::set<std::string> ids;
    for (auto const &issuer : facts.examination.issuers) {
        for (auto const &cell : issuer.cells) {
            bool const its = cell.judged.instance.contains(instance) && !cell.judged.instance.several();
            if (its && cell.judged.row_class == RowClass::home && !cell.key.model_id.empty()) {
                ids.insert(cell.key.model_id);
            }
        }
    }
    return ids;
}

/// Ids of both are known, and none is the other's too: a later mixture would show.
bool disjoint(std::set<std::string> const &left, std::set<std::string> const &right)
{
    return !left.empty() && !right.empty() &&
           std::none_of(left.begin(), left.end(), [&](std::string const &id) { return right.contains(id); });
}

/// What both serve, or nothing.
std::string common_backend(Instance const &left, Instance const &right)
{
    for (auto const &one : left.expect) {
        for (auto const &other : right.expect) {
            if (overlap(one, other)) {
                return one.upstream.empty() ? other.text() : one.text();
            }
        }
    }
    return {};
}

Finding indistinguishable(Instance const &left, Instance const &right, std::string const &common,
                          std::string const &tag)
{
    Finding finding{.rule = Rule::indistinguishable_instances, .instance = left.name + "|" + right.name};
    finding.message =
        fmt::format("{} and {} both serve {}, and neither stamps nor deployments tell whose answer a row "
                    "is: between these two, no foreign answer does not mean that there was none, until both "
                    "stamp theirs (a tag \"{}:{}\") or have an upstream key of their own",
                    left.name, right.name, common, tag, left.name);
    finding.expected = "a stamp, or deployments with keys of their own, at each of the two";
    finding.observed = fmt::format("the same backend at {} and {}", left.name, right.name);
    finding.steps = {{.text = "stamp the deployments of both, in LiteLLM's configuration of each",
                      .patch = fmt::format("litellm_params:\n  tags: [\"{}:{}\"]", tag, left.name)},
                     {.text = "or give each instance an upstream key of its own, and let \"misroute init\" write the "
                              "deployments it sees into misroute.yaml"}};
    finding.location = left.location;
    return finding;
}

} // namespace

std::vector<Finding> indistinguishable_instances(Facts const &facts)
{
    std::vector<Finding> findings;
    auto const told = told_by_deployment(facts);
    auto const &instances = facts.expected.instances;
    for (std::size_t left = 0; left < instances.size(); ++left) {
        for (std::size_t right = left + 1; right < instances.size(); ++right) {
            bool const apart = (told.contains(left) && told.contains(right)) ||
                               (stamped(facts, instances[left]) && stamped(facts, instances[right]));
            auto const common = apart ? std::string{} : common_backend(instances[left], instances[right]);
            if (common.empty() ||
                disjoint(shown_by(facts, instances[left].name), shown_by(facts, instances[right].name))) {
                continue;
            }
            findings.push_back(
                indistinguishable(instances[left], instances[right], common, facts.expected.instance_tag));
        }
    }
    return findings;
}

} // namespace misroute
