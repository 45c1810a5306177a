// SPDX-License-Identifier: Apache-2.0
#include "config/learn_config.hpp"

#include "misroute/model/litellm.hpp"

#include <algorithm>

namespace misroute {

namespace {

/// Requests of one model at either of two issuers. Of two deployments of one instance that are dealt in turn, twenty
/// requests leave one out once in a million times.
constexpr std::int64_t k_fewest_to_contradict = 20;

/// What may stand under `hosts`: anything else is a client's invention, and a star would be a pattern.
bool is_hostname(std::string const &host)
{
    return host.size() < 254 && host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_:") == std::string::npos;
}

/// What may stand under `keys`: a star would be a pattern, and a raw key is refused.
bool is_key_name(std::string const &name)
{
    auto const plain = [](char letter) { return static_cast<unsigned char>(letter) >= 0x20 && letter != '*'; };
    return !name.empty() && name.size() < 256 && name.substr(0, 3) != "sk-" &&
           std::all_of(name.begin(), name.end(), plain);
}

using Groups = std::map<std::string, std::map<Backend, Sums>>; ///< by model group

/// The gravest doubt about one model group.
Doubt doubt_about(std::map<Backend, Sums> const &backends)
{
    auto doubt = Doubt::none;
    for (auto left = backends.begin(); left != backends.end(); ++left) {
        for (auto right = std::next(left); right != backends.end(); ++right) {
            if (!differ(left->first, right->first)) {
                continue;
            }
            if (overlap(left->second, right->second)) {
                return Doubt::mixed;
            }
            doubt = Doubt::switched;
        }
    }
    return doubt;
}

void examine(SeenIssuer &seen, Groups const &groups)
{
    std::int64_t requests = 0;
    for (auto const &[group, backends] : groups) {
        auto const doubt = doubt_about(backends);
        if (doubt != Doubt::none && seen.doubt != Doubt::mixed) {
            seen.doubt = doubt;
            seen.doubtful_model = group;
        }
        for (auto const &[backend, sums] : backends) {
            seen.backends[backend] += sums;
            requests += sums.requests;
        }
    }
    if (seen.doubt == Doubt::none && requests < k_fewest_requests) {
        seen.doubt = Doubt::too_few;
    }
}

std::vector<SeenIssuer> seen_in(Tally const &tally, std::int64_t &unnamed)
{
    std::map<Issuer, std::pair<SeenIssuer, Groups>> seen;
    for (auto const &[key, cell] : tally.cells) {
        if (key.reason != ExclusionReason::none || key.backend.blank()) {
            continue;
        }
        auto const key_name = tally.key_name(key.key);
        auto const issuer = key.host.empty() ? Issuer{IssuerKind::key, key_name} : Issuer{IssuerKind::host, key.host};
        if (key.host.empty() ? !is_key_name(key_name) : !is_hostname(key.host)) {
            unnamed += cell.total.requests;
            continue;
        }
        auto &[one, groups] = seen[issuer];
        one.issuer = issuer;
        groups[key.model_group][key.backend] += cell.total;
        if (!key.model_id.empty() && key.model_id != k_overflow && !litellm::is_uuid(key.model_id)) {
            one.deployments[key.model_group][key.model_id] += cell.total;
        }
        if (tally.aliases.contains(key.key) && is_key_name(key_name)) {
            one.keys.insert(key_name);
        }
    }
    std::vector<SeenIssuer> result;
    for (auto &[issuer, entry] : seen) {
        examine(entry.first, entry.second);
        result.push_back(std::move(entry.first));
    }
    return result;
}

/// What was served, each backend once and without those that a fuller one says better.
std::set<Expectation> expectations_of(std::map<Backend, Sums> const &backends)
{
    std::set<Expectation> expect;
    for (auto const &[backend, sums] : backends) {
        if (!backend.provider.empty() || !backend.upstream.empty()) {
            expect.insert({backend.provider, backend.upstream});
        }
    }
    auto const all = expect;
    std::erase_if(expect, [&](Expectation const &vague) {
        return std::any_of(all.begin(), all.end(), [&](Expectation const &full) {
            return full != vague && (vague.provider.empty() || full.provider == vague.provider) &&
                   (vague.upstream.empty() || full.upstream == vague.upstream);
        });
    });
    return expect;
}

std::string stamp_of(SeenIssuer const &seen)
{
    for (auto const &[backend, sums] : seen.backends) {
        if (!backend.stamp.empty()) {
            return backend.stamp;
        }
    }
    return {};
}

std::string first_label(std::string const &host)
{
    auto const label = host.substr(0, host.find_first_of(".:"));
    bool const address = label.find_first_not_of("0123456789") == std::string::npos;
    return address ? host : label;
}

/// A name that no other instance has.
std::string name_of(SeenIssuer const &first, std::set<std::string> const &taken)
{
    auto const &whole = first.issuer.name;
    auto name = first.issuer.kind == IssuerKind::host ? first_label(whole) : whole;
    name = !taken.contains(name) ? name : whole;
    auto const stem = name;
    for (int number = 2; taken.contains(name); ++number) {
        name = stem + "-" + std::to_string(number);
    }
    return name;
}

/// The issuer that an instance is called after: a host, else a key with an alias, else any.
SeenIssuer const &spokesman(LearnedInstance const &instance)
{
    auto const named = [](SeenIssuer const &seen) {
        return seen.issuer.kind == IssuerKind::host || seen.keys.contains(seen.issuer.name);
    };
    auto const found = std::find_if(instance.issuers.begin(), instance.issuers.end(), named);
    return found == instance.issuers.end() ? instance.issuers.front() : *found;
}

/// One model, asked of both at the same time and often enough, and not one deployment in common.
bool contradict(SeenIssuer const &left, SeenIssuer const &right)
{
    return std::any_of(left.deployments.begin(), left.deployments.end(), [&](auto const &entry) {
        auto const other = right.deployments.find(entry.first);
        if (other == right.deployments.end()) {
            return false;
        }
        Sums mine;
        Sums theirs;
        bool shared = false;
        for (auto const &[id, sums] : entry.second) {
            mine += sums;
            shared = shared || other->second.contains(id);
        }
        for (auto const &[id, sums] : other->second) {
            theirs += sums;
        }
        bool const together = mine.first < theirs.last && theirs.first < mine.last;
        return !shared && together && std::min(mine.requests, theirs.requests) >= k_fewest_to_contradict;
    });
}

bool contradicts(LearnedInstance const &instance, SeenIssuer const &seen)
{
    return std::any_of(instance.issuers.begin(), instance.issuers.end(),
                       [&](SeenIssuer const &issuer) { return contradict(issuer, seen); });
}

void add(LearnedInstance &instance, SeenIssuer const &seen)
{
    auto const expect = expectations_of(seen.backends);
    instance.expect.insert(expect.begin(), expect.end());
    for (auto const &[backend, sums] : seen.backends) {
        instance.sums += sums;
    }
    instance.issuers.push_back(seen);
}

/// Keys that were seen at this instance and nowhere else; a key of several would only blur what its host says.
void assign_keys(std::vector<LearnedInstance> &instances, std::vector<SeenIssuer> const &doubtful)
{
    std::map<std::string, std::set<std::string>> places;
    auto const note = [&](SeenIssuer const &seen, std::string const &place) {
        for (auto const &key : seen.keys) {
            places[key].insert(place);
        }
        if (seen.issuer.kind == IssuerKind::key) {
            places[seen.issuer.name].insert(place);
        }
    };
    for (auto const &instance : instances) {
        for (auto const &seen : instance.issuers) {
            note(seen, instance.name);
        }
    }
    for (auto const &seen : doubtful) {
        note(seen, {});
    }
    for (auto const &[key, names] : places) {
        auto const its = [&names = names](LearnedInstance const &one) { return one.name == *names.begin(); };
        auto const found = std::find_if(instances.begin(), instances.end(), its);
        if (names.size() == 1 && found != instances.end()) {
            found->keys.insert(key);
        }
    }
}

std::set<std::string> ids_of(LearnedInstance const &instance)
{
    std::set<std::string> ids;
    for (auto const &seen : instance.issuers) {
        for (auto const &[group, of_group] : seen.deployments) {
            for (auto const &[id, sums] : of_group) {
                ids.insert(id);
            }
        }
    }
    return ids;
}

/// Deployments that one instance alone shows. What mixed issuers show besides is the fault, and says nothing of intent.
void assign_deployments(std::vector<LearnedInstance> &instances)
{
    std::map<std::string, std::set<LearnedInstance *>> places;
    for (auto &instance : instances) {
        for (auto const &id : ids_of(instance)) {
            places[id].insert(&instance);
        }
    }
    for (auto const &[id, owners] : places) {
        if (owners.size() == 1) {
            (*owners.begin())->deployments.insert(id);
        }
    }
}

} // namespace

Learned learn(Tally const &tally)
{
    Learned learned;
    std::map<std::pair<std::string, std::set<Expectation>>, std::vector<LearnedInstance>> groups;
    for (auto &seen : seen_in(tally, learned.unnamed)) {
        auto expect = expectations_of(seen.backends);
        auto const stamp = stamp_of(seen);
        if (seen.doubt != Doubt::none || expect.empty()) {
            learned.doubtful.push_back(std::move(seen));
            continue;
        }
        // One stamp is one instance, whatever it serves: rows are home where stamp and name agree.
        auto &alike = groups[{stamp, stamp.empty() ? std::move(expect) : std::set<Expectation>{}}];
        auto const fitting = std::find_if(alike.begin(), alike.end(), [&](LearnedInstance const &instance) {
            return !stamp.empty() || !contradicts(instance, seen);
        });
        add(fitting == alike.end() ? alike.emplace_back() : *fitting, seen);
    }
    std::set<std::string> taken;
    for (auto const &[key, group] : groups) {
        taken.insert(key.first);
    }
    for (auto &[key, alike] : groups) {
        for (auto &instance : alike) {
            instance.name = key.first.empty() ? name_of(spokesman(instance), taken) : key.first;
            taken.insert(instance.name);
            learned.instances.push_back(std::move(instance));
        }
    }
    std::sort(learned.instances.begin(), learned.instances.end(),
              [](LearnedInstance const &left, LearnedInstance const &right) { return left.name < right.name; });
    assign_keys(learned.instances, learned.doubtful);
    assign_deployments(learned.instances);
    return learned;
}

} // namespace misroute
