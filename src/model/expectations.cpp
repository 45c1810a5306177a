// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/expectations.hpp"

#include "misroute/model/litellm.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace misroute {

namespace {

constexpr std::size_t k_shortest_hash_prefix = 8;
constexpr std::size_t k_shortest_generated_id = 16; // LiteLLM's hash has 64 digits, a UUID 32; cut ones are met too

bool is_glob(std::string_view pattern)
{
    return pattern.find('*') != std::string_view::npos;
}

bool is_hash_prefix(std::string_view entry)
{
    return entry.size() >= k_shortest_hash_prefix &&
           entry.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// LiteLLM's own, a hash or a UUID, and not one that somebody chose (model_info.id): of those, "gpt-5" begins
/// "gpt-5-eu".
bool is_generated_id(std::string_view model_id)
{
    return model_id.size() >= k_shortest_generated_id &&
           model_id.find_first_not_of("0123456789abcdef-") == std::string_view::npos;
}

/// How an entry of the configuration names a key: not at all, through a pattern, or exactly.
enum class Match
{
    none,
    pattern,
    exact,
};

Match match_name(std::string_view entry, std::string_view name)
{
    if (!is_glob(entry)) {
        return entry == name ? Match::exact : Match::none;
    }
    return glob_match(entry, name) ? Match::pattern : Match::none;
}

Match match_key(std::string_view entry, std::string_view hash, std::string_view alias)
{
    if (is_hash_prefix(entry) && hash.substr(0, entry.size()) == entry) {
        return Match::exact;
    }
    return alias.empty() ? match_name(entry, hash) : match_name(entry, alias);
}

Match match_deployment(std::string_view entry, std::string_view model_id)
{
    if (entry == model_id) {
        return Match::exact;
    }
    bool const begins = is_hash_prefix(entry) && is_generated_id(model_id) && model_id.starts_with(entry);
    return begins ? Match::pattern : Match::none;
}

/// The instances whose entries match best: all that match exactly, else all that match by a pattern.
template <typename Entries, typename Matcher>
std::vector<std::size_t> best_matches(std::vector<Instance> const &instances, Entries entries, Matcher matcher)
{
    std::vector<std::size_t> exact;
    std::vector<std::size_t> pattern;
    for (std::size_t index = 0; index < instances.size(); ++index) {
        Match best = Match::none;
        for (auto const &entry : instances[index].*entries) {
            best = std::max(best, matcher(entry));
        }
        if (best == Match::exact) {
            exact.push_back(index);
        } else if (best == Match::pattern) {
            pattern.push_back(index);
        }
    }
    return exact.empty() ? pattern : exact;
}

/// Letters to add, drop or replace, and neighbours to swap (optimal string alignment): swapping is how fingers err.
std::size_t distance(std::string_view left, std::string_view right)
{
    std::vector<std::size_t> before_last(right.size() + 1);
    std::vector<std::size_t> last(right.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::vector<std::size_t> row{i + 1};
        for (std::size_t j = 0; j < right.size(); ++j) {
            auto const replaced = last[j] + (left[i] == right[j] ? 0 : 1);
            row.push_back(std::min({replaced, last[j + 1] + 1, row[j] + 1}));
            if (i > 0 && j > 0 && left[i] == right[j - 1] && left[i - 1] == right[j]) {
                row.back() = std::min(row.back(), before_last[j - 1] + 1);
            }
        }
        before_last = std::exchange(last, std::move(row));
    }
    return last.back();
}

} // namespace

std::string Expectation::text() const
{
    return Backend{provider, upstream, {}}.text();
}

std::optional<std::size_t> Expectations::by_host(std::string_view host) const
{
    if (host.empty()) {
        return std::nullopt;
    }
    auto const found =
        best_matches(instances, &Instance::hosts, [&](std::string const &entry) { return match_name(entry, host); });
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::vector<std::size_t> Expectations::by_key(std::string_view hash, std::string_view alias) const
{
    if (hash.empty() && alias.empty()) {
        return {};
    }
    return best_matches(instances, &Instance::keys,
                        [&](std::string const &entry) { return match_key(entry, hash, alias); });
}

std::vector<std::size_t> Expectations::by_team(std::string_view team) const
{
    if (team.empty()) {
        return {};
    }
    return best_matches(instances, &Instance::teams, [&](std::string const &entry) { return match_name(entry, team); });
}

std::vector<std::size_t> Expectations::by_deployment(std::string_view model_id) const
{
    if (model_id.empty()) {
        return {};
    }
    return best_matches(instances, &Instance::deployments,
                        [&](std::string const &entry) { return match_deployment(entry, model_id); });
}

std::optional<std::size_t> Expectations::by_name(std::string_view name) const
{
    auto const found = std::find_if(instances.begin(), instances.end(),
                                    [&](Instance const &instance) { return instance.name == name; });
    return found == instances.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - instances.begin())};
}

bool admits(Expectation const &expect, Backend const &backend)
{
    bool const compares_upstream = !expect.upstream.empty() && !backend.upstream.empty();
    if (compares_upstream && !litellm::upstream_matches(expect.upstream, backend.upstream)) {
        return false;
    }
    if (expect.provider.empty() || backend.provider.empty()) {
        return compares_upstream;
    }
    bool const one_vendor = litellm::vendor_of(expect.provider) == litellm::vendor_of(backend.provider);
    return expect.provider == backend.provider || (compares_upstream && (one_vendor || backend.guessed));
}

bool overlap(Expectation const &left, Expectation const &right)
{
    bool const one_upstream = left.upstream.empty() || right.upstream.empty() ||
                              litellm::upstream_matches(left.upstream, right.upstream) ||
                              litellm::upstream_matches(right.upstream, left.upstream);
    bool const one_vendor =
        left.provider == right.provider || (!left.upstream.empty() && !right.upstream.empty() &&
                                            litellm::vendor_of(left.provider) == litellm::vendor_of(right.provider));
    return one_upstream && (left.provider.empty() || right.provider.empty() || one_vendor);
}

bool serves(Instance const &instance, Backend const &backend)
{
    return std::any_of(instance.expect.begin(), instance.expect.end(),
                       [&](Expectation const &expect) { return admits(expect, backend); });
}

bool glob_match(std::string_view pattern, std::string_view text)
{
    // Greedy with one point of return: linear for what configurations hold, quadratic at worst.
    std::size_t at = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    std::size_t in = 0;
    while (at < text.size()) {
        if (in < pattern.size() && pattern[in] == '*') {
            star = in++;
            resume = at;
        } else if (in < pattern.size() && pattern[in] == text[at]) {
            ++in;
            ++at;
        } else if (star != std::string_view::npos) {
            in = star + 1;
            at = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', in) == std::string_view::npos;
}

std::string nearest(std::string_view word, std::vector<std::string> const &known)
{
    std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
    std::string found;
    for (auto const &candidate : known) {
        std::size_t const away = distance(word, candidate);
        if (away < best) {
            best = away;
            found = candidate;
        }
    }
    return found;
}

} // namespace misroute
