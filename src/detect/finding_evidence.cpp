// SPDX-License-Identifier: Apache-2.0
#include "detect/finding_evidence.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace misroute {

namespace {

constexpr std::size_t k_most_examples = 5;

Evidence evidence_of(Row const &row)
{
    return {row.time,   row.request_id, row.key.model, row.key.backend.provider, row.key.backend.upstream,
            row.tokens, row.spend_nano};
}

} // namespace

std::vector<Evidence> evidence(Facts const &facts, Issuer const &issuer,
                               std::function<bool(JudgedRow const &)> const &wanted)
{
    std::vector<Evidence> result;
    auto const found = facts.sequences.find(issuer);
    if (found == facts.sequences.end()) {
        return result;
    }
    for (auto const &judged : found->second.foreign) {
        if (wanted(judged) && result.size() < k_most_examples) {
            result.push_back(evidence_of(judged.row));
        }
    }
    return result;
}

std::string backends_text(std::set<Backend> const &backends)
{
    std::map<std::string, std::vector<std::string>> upstreams;
    for (auto const &backend : backends) {
        auto &list = upstreams[backend.provider.empty() ? "an unknown provider" : backend.provider];
        if (!backend.upstream.empty() && std::find(list.begin(), list.end(), backend.upstream) == list.end()) {
            list.push_back(backend.upstream);
        }
    }
    std::string text;
    for (auto const &[provider, list] : upstreams) {
        text += (text.empty() ? "" : "; ") + provider;
        text += list.empty() ? "" : fmt::format(" at {}", fmt::join(list, ", "));
    }
    return text;
}

} // namespace misroute
