// SPDX-License-Identifier: Apache-2.0
#include "config/learn_config.hpp"
#include "config/yaml_text.hpp"
#include "misroute/model/litellm.hpp"
#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

namespace misroute {

namespace {

using yaml_text::comment;
using yaml_text::scalar;

constexpr std::size_t k_most_doubtful = 50;
constexpr std::size_t k_most_deployments = 50;
constexpr std::size_t k_digits_of_deployment = 16;
constexpr std::size_t k_day = 10; // "2026-11-22"

constexpr char const *k_head = R"(# Written by "misroute init" from traffic: {} of {} requests, {} to {}.
# It says what was observed, not what was meant. Read every line: a hostname that leads to the wrong instance without
# exception looks like intent from here. All keys: misroute explain configuration
)";

/// The smallest share of wrong answers that n clean ones would have shown with 95 % confidence: 1 − 0.05^(1/n).
double excluded_share(std::int64_t requests)
{
    return 1 - std::pow(0.05, 1 / static_cast<double>(requests));
}

std::string learned_expectation(Expectation const &expect)
{
    std::string parts = expect.provider.empty() ? "" : "provider: " + scalar(expect.provider);
    if (!expect.upstream.empty()) {
        parts += (parts.empty() ? "" : ", ") + ("upstream: " + scalar(expect.upstream));
    }
    return "{" + parts + "}";
}

/// Of a hash, 64 digits long, the first sixteen are enough to tell it apart; a name that somebody chose is only whole a
/// name. What looks like a key is left out.
std::vector<std::string> names_of_deployments(std::set<std::string> const &ids)
{
    std::vector<std::string> names;
    for (auto const &id : ids) {
        if (text::masked(id) == id) {
            names.push_back(litellm::is_key_hash(id) ? id.substr(0, k_digits_of_deployment) : id);
        }
    }
    return names;
}

std::string deployments_text(std::set<std::string> const &ids, std::string const &source)
{
    auto const names = names_of_deployments(ids);
    if (names.empty()) {
        return {};
    }
    auto text = fmt::format("    # entries of its model list, {}; a changed key or entry "
                            "makes a new\n    # one, which is then judged by expect\n    deployments:\n",
                            source);
    for (std::size_t index = 0; index < std::min(names.size(), k_most_deployments); ++index) {
        text += fmt::format("      - {}\n", scalar(names[index]));
    }
    if (names.size() > k_most_deployments) {
        text += fmt::format("      # and {} more\n", names.size() - k_most_deployments);
    }
    return text;
}

std::string day_of(Instant time)
{
    return to_rfc3339(time).substr(0, k_day);
}

std::string instance_text(LearnedInstance const &instance)
{
    std::vector<std::string> hosts;
    for (auto const &seen : instance.issuers) {
        if (seen.issuer.kind == IssuerKind::host) {
            hosts.push_back(seen.issuer.name);
        }
    }
    auto const requests = instance.sums.requests;
    auto text = fmt::format("  {}:\n    # learned from {}, {} to {}; more than {:.0f} % answered elsewhere would have "
                            "shown\n",
                            scalar(instance.name), text::counted(requests, "request"), to_rfc3339(instance.sums.first),
                            to_rfc3339(instance.sums.last), std::ceil(100 * excluded_share(requests)));
    text += yaml_text::list("hosts", hosts) + yaml_text::list("keys", {instance.keys.begin(), instance.keys.end()});
    text += "    expect:\n";
    for (auto const &expect : instance.expect) {
        text += fmt::format("      - {}\n", learned_expectation(expect));
    }
    return text + deployments_text(instance.deployments, "as its rows showed them until " + day_of(instance.sums.last));
}

std::string reason_text(SeenIssuer const &seen)
{
    switch (seen.doubt) {
    case Doubt::mixed:
        return fmt::format(
            "several backends answer its model {} in the same time, so the fault may be in what would be "
            "learned",
            yaml_text::quoted(comment(seen.doubtful_model)));
    case Doubt::switched:
        return fmt::format("its model {} went from one backend to another; only you know which is meant",
                           yaml_text::quoted(comment(seen.doubtful_model)));
    case Doubt::too_few:
        return fmt::format("fewer than {} requests", k_fewest_requests);
    case Doubt::none:
        break;
    }
    return "only a stamp says who answered";
}

/// The learned instance that serves this, or empty.
std::string server_of(Learned const &learned, Backend const &backend)
{
    for (auto const &instance : learned.instances) {
        if (instance.expect.contains({backend.provider, backend.upstream})) {
            return instance.name;
        }
    }
    return {};
}

/// The first label of a hostname, or the key; the whole name where that is taken.
std::string name_for(Issuer const &issuer, std::set<std::string> &taken)
{
    auto const label = issuer.name.substr(0, issuer.name.find_first_of(".:"));
    auto name = issuer.kind != IssuerKind::host || taken.contains(label) ? issuer.name : label;
    taken.insert(name);
    return name;
}

/// An instance that would take the issuer in, each line behind "# ": what nobody else serves is proposed, the rest
/// stays a comment when that is taken away. Empty where nothing is known, or the name looks like a key.
std::string block_text(Learned const &learned, SeenIssuer const &seen, std::set<std::string> &taken)
{
    std::string meant;
    std::string others;
    for (auto const &[backend, sums] : seen.backends) {
        if (backend.provider.empty() && backend.upstream.empty()) {
            continue;
        }
        auto const line = "- " + learned_expectation({backend.provider, backend.upstream}) + "\n";
        auto const server = server_of(learned, backend);
        meant += server.empty() ? "  #     " + line : "";
        others += server.empty() ? "" : "  #     # " + line;
    }
    if (meant.empty()) { // all of it is served by others too
        for (auto at = others.find("  # - "); at != std::string::npos; at = others.find("  # - ")) {
            others.replace(at, 6, "  - ");
        }
    }
    if (meant.empty() && others.empty()) {
        return {};
    }
    auto const entries = yaml_text::list(seen.issuer.kind == IssuerKind::host ? "hosts" : "keys", {seen.issuer.name});
    if (entries.find(" - ") == std::string::npos) {
        return {};
    }
    auto const second = entries.find('\n') + 1; // two lines: the key, and the one entry
    return fmt::format("  # {}:\n  # {}  # {}  #   expect:   # only what is meant\n{}{}",
                       scalar(name_for(seen.issuer, taken)), entries.substr(2, second - 2), entries.substr(second + 2),
                       meant, others);
}

std::string doubt_text(Learned const &learned, SeenIssuer const &seen, std::set<std::string> &taken)
{
    auto text = fmt::format("  # not learned: {}, because {}\n", comment(seen.issuer.text()), reason_text(seen));
    for (auto const &[backend, sums] : seen.backends) {
        auto const server = server_of(learned, backend);
        text += fmt::format("  #   {} by {}{}\n", text::counted(sums.requests, "request"), comment(backend.text()),
                            server.empty() ? "" : ", which is what " + comment(server) + " serves");
    }
    auto const block = block_text(learned, seen, taken);
    return text + (block.empty() ? "" : "  # to take it over, uncomment these lines:\n" + block);
}

std::string doubts_text(Learned const &learned)
{
    std::string text;
    std::set<std::string> taken;
    for (auto const &instance : learned.instances) {
        taken.insert(instance.name);
    }
    for (std::size_t index = 0; index < std::min(learned.doubtful.size(), k_most_doubtful); ++index) {
        text += doubt_text(learned, learned.doubtful[index], taken);
    }
    if (learned.doubtful.size() > k_most_doubtful) {
        text += fmt::format("  # not learned: {} more\n", learned.doubtful.size() - k_most_doubtful);
    }
    if (learned.unnamed > 0) {
        text += fmt::format("  # not learned: {} under names that are no hostname and no key\n",
                            text::counted(learned.unnamed, "request"));
    }
    return text;
}

} // namespace

ProposedConfig config_from_traffic(Tally const &tally)
{
    auto const learned = learn(tally);
    std::int64_t used = 0;
    std::string known;
    for (auto const &instance : learned.instances) {
        used += instance.sums.requests;
        known += instance_text(instance);
    }
    ProposedConfig proposal;
    proposal.instances = learned.instances.size();
    proposal.text = config_head(
        fmt::format(k_head, used, tally.scanned(), to_rfc3339(tally.window.since), to_rfc3339(tally.window.until)));
    proposal.text += known.empty() ? "# Nothing could be learned.\n# instances:\n" : "instances:\n";
    proposal.text += known + doubts_text(learned);
    return proposal;
}

std::string probed_deployments(std::map<std::string, std::set<std::string>> const &deployments, Instant now)
{
    std::string text =
        "# Written by \"misroute probe\". Take each list over into the instance of this name in misroute.yaml.\n"
        "instances:\n";
    for (auto const &[instance, ids] : deployments) {
        text += fmt::format("  {}:\n", scalar(instance));
        text += ids.empty()
                    ? std::string{"    # not written: its hostnames show another instance's entries too, none, or "
                                  "none of its own\n"}
                    : deployments_text(ids, "as /v1/model/info listed them on " + day_of(now));
    }
    return text;
}

} // namespace misroute
