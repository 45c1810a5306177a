// SPDX-License-Identifier: Apache-2.0
#include "detect/dispatch.hpp"

#include "detect/answered_by.hpp"
#include "detect/sequence_tests.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

namespace misroute {

namespace {

constexpr std::size_t k_order_letters = 12;
constexpr std::size_t k_neighbours = 4; ///< of these, behind an incident that shows no order of its own

/// Longest cycle looked for: more pods than anybody runs behind one hostname of one LiteLLM.
constexpr std::size_t k_longest_cycle = 24;

/// Smallest sequence in which a cycle of two is seen three times.
constexpr std::size_t k_smallest_cycle_sample = 6;

/// Share of equal pairs at the length of the cycle: one slip in twenty is a retry or another client.
constexpr double k_cycle_agreement = 0.95;

/// Below this many requests only a flawless cycle counts, tested without correction: there are few lags to try.
constexpr std::size_t k_few_requests = 30;

/// A pod count is claimed when its 95 % limits span at most this many pods.
constexpr double k_pods_span = 2.0;

struct AnswerSequence
{
    std::vector<std::string> names; ///< sorted: categories and letters must not depend on the order of rows
    std::vector<int> sequence;
    std::vector<bool> home; ///< by position
};

AnswerSequence sequence_of(std::span<JudgedRow const> rows)
{
    AnswerSequence answers;
    std::map<std::string, int> index;
    for (auto const &row : rows) {
        if (auto name = answered_by(row.row.key, row.judged); !name.empty()) {
            index.emplace(std::move(name), 0);
        }
    }
    for (auto &[name, number] : index) {
        number = static_cast<int>(answers.names.size());
        answers.names.push_back(name);
    }
    for (auto const &row : rows) {
        if (auto const name = answered_by(row.row.key, row.judged); !name.empty()) {
            answers.sequence.push_back(index.at(name));
            answers.home.push_back(row.judged.row_class == RowClass::home);
        }
    }
    return answers;
}

/// The newest of `sequence`, which is a part of that of `answers`.
std::string order_of(std::span<int const> sequence, AnswerSequence const &answers,
                     std::map<std::string, char> const &capitals)
{
    std::string order;
    for (auto const name : sequence.last(std::min(sequence.size(), k_order_letters))) {
        order += order.empty() ? "" : " ";
        order += capitals.at(answers.names[static_cast<std::size_t>(name)]);
    }
    return order;
}

std::vector<std::int64_t> counts_of(std::span<int const> sequence)
{
    std::map<int, std::int64_t> counts;
    for (auto const category : sequence) {
        ++counts[category];
    }
    std::vector<std::int64_t> result;
    result.reserve(counts.size());
    for (auto const &[category, count] : counts) {
        result.push_back(count);
    }
    return result;
}

// Every backend has one unbroken stretch, and chance would hardly arrange them so: K! / (n! / ∏nᵢ!) ≤ 5 %.
bool is_switched(std::span<int const> sequence)
{
    auto const counts = counts_of(sequence);
    auto const kinds = static_cast<std::int64_t>(counts.size());
    if (kinds < 2 || runs_test(sequence).runs != kinds) {
        return false;
    }
    auto log_chance = std::lgamma(static_cast<double>(kinds) + 1);
    log_chance -= std::lgamma(static_cast<double>(sequence.size()) + 1);
    for (auto const count : counts) {
        log_chance += std::lgamma(static_cast<double>(count) + 1);
    }
    return log_chance <= std::log(k_alpha);
}

// The stretch from the first to the last foreign row, widened by clean rows at its ends where these are too few to
// exclude the share of the stretch.
std::span<int const> incident_of(AnswerSequence const &answers)
{
    std::span<int const> const all{answers.sequence};
    auto const first = std::ranges::find(answers.home, false) - answers.home.begin();
    auto const size = std::ssize(answers.home);
    if (first == size || std::ranges::find(answers.home, true) == answers.home.end()) {
        return all;
    }
    auto last = size - 1;
    while (answers.home[static_cast<std::size_t>(last)]) {
        --last;
    }

    auto const foreign = std::count(answers.home.begin(), answers.home.end(), false);
    // One imagined clean request, so that a single foreign row does not count as a share of 1.
    auto const share = static_cast<double>(foreign) / static_cast<double>(last - first + 2);
    auto const enough = clean_requests_needed(share);
    auto const from = first >= enough ? first : 0;
    auto const to = size - 1 - last >= enough ? last : size - 1;
    return all.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from + 1));
}

// The shortest lag at which requests agree (nearly) always, more than their shares alone would make them.
std::optional<int> cycle_of(std::span<int const> sequence)
{
    auto const size = sequence.size();
    if (size < k_smallest_cycle_sample) {
        return std::nullopt;
    }
    double chance = 0; // Σpᵢ²: agreement of two requests that know nothing of each other
    for (auto const count : counts_of(sequence)) {
        chance += std::pow(static_cast<double>(count) / static_cast<double>(size), 2);
    }

    auto const longest = std::min(size / 2, k_longest_cycle);
    auto const few = size < k_few_requests;
    auto const alpha = few ? k_alpha : k_alpha / static_cast<double>(longest);
    if (lag_agreement(sequence, 1).share() >= k_cycle_agreement) {
        return std::nullopt;
    }
    for (std::size_t lag = 2; lag <= longest; ++lag) {
        auto const agreement = lag_agreement(sequence, lag);
        if (agreement.share() < (few ? 1.0 : k_cycle_agreement)) {
            continue;
        }
        if (binomial_tail(agreement.equal, agreement.pairs, chance) <= alpha) {
            return static_cast<int>(lag);
        }
    }
    return std::nullopt;
}

// Pods by the share of one of them: the home pod, or the rarest backend when nobody is at home. Equal traffic per pod
// is assumed; where several pods are one backend the count comes out too low, which the number of backends then shows.
void estimate_pods(Dispatch &dispatch, std::span<int const> sequence, std::int64_t home)
{
    auto const counts = counts_of(sequence);
    auto const one = home > 0 ? home : std::ranges::min(counts);
    auto const pods = pods_from_home(one, static_cast<std::int64_t>(sequence.size()));
    auto const distinct = static_cast<double>(counts.size());
    if (pods.high < distinct) {
        return; // unequal replicas: the shares do not count pods
    }
    dispatch.backends_interval = Share{std::max(pods.estimate, distinct), std::max(pods.low, distinct), pods.high};
    if (pods.high - pods.low <= k_pods_span) {
        dispatch.backends = static_cast<int>(std::lround(std::max(pods.estimate, distinct)));
    }
}

/// How many requests of a sticky order are worth one independent one, by the stickiest backend.
double dependence_of(std::span<int const> incident)
{
    double most = 1;
    for (int const backend : std::set<int>(incident.begin(), incident.end())) {
        std::vector<int> hits;
        for (int const answered : incident) {
            hits.push_back(answered == backend ? 1 : 0);
        }
        most = std::max(most, static_cast<double>(hits.size()) / effective_size(hits));
    }
    return most;
}

/// What is shown of an incident: clean rows behind it would say nothing of its pattern. Where one backend answered all
/// of it, a few of its neighbours show where it began or ended.
std::span<int const> around(std::span<int const> incident, AnswerSequence const &answers)
{
    std::span<int const> const all{answers.sequence};
    auto const end = static_cast<std::size_t>(incident.data() + incident.size() - all.data());
    bool const alone = counts_of(incident).size() == 1;
    return all.first(alone ? std::min(end + k_neighbours, all.size()) : end);
}

/// The pattern within the incident, once it is known that several backends answered and came back.
void name_pattern(Dispatch &dispatch, AnswerSequence const &answers)
{
    auto const incident = incident_of(answers);
    auto const size = incident.size();
    auto const home = std::count(answers.home.begin(), answers.home.end(), true) - std::ssize(answers.home) +
                      std::ssize(incident); // trimmed rows are home rows
    dispatch.z = runs_test(incident).z;
    dispatch.certain = size >= k_certain_requests;
    dispatch.order = order_of(around(incident, answers), answers, dispatch.letters);
    if (counts_of(incident).size() == 1) { // there and back again: within the incident one backend answered everything
        dispatch.pattern = Pattern::switched;
        return;
    }
    if (auto const cycle = cycle_of(incident)) {
        dispatch.pattern = Pattern::round_robin;
        dispatch.backends = cycle;
        return;
    }
    auto const z = dispatch.z.value_or(0);
    if (z < -k_runs_z) {
        dispatch.pattern = Pattern::sticky;
        dispatch.dependence = dependence_of(incident);
        return;
    }
    if (z > k_runs_z) { // alternating, but blurred: several workers or clients share the counter
        dispatch.pattern = Pattern::round_robin;
        dispatch.certain = false;
        estimate_pods(dispatch, incident, home);
        return;
    }
    // Memory that is neither alternation nor stickiness has no name here.
    if (size < k_random_requests || transition_test(incident).p < 0.001) {
        dispatch.certain = false;
        return;
    }
    dispatch.pattern = Pattern::random;
    dispatch.certain = dispatch.certain && std::abs(z) <= 1; // a blurred round-robin has z around 1.3 to 3.4
    estimate_pods(dispatch, incident, home);
}

} // namespace

Dispatch dispatch_of(std::span<JudgedRow const> rows, Expectations const &expected)
{
    auto const answers = sequence_of(rows);
    Dispatch dispatch;
    dispatch.letters = letters_of({answers.names.begin(), answers.names.end()}, expected);
    dispatch.order = order_of(answers.sequence, answers, dispatch.letters);
    if (answers.sequence.empty()) {
        return dispatch;
    }
    dispatch.certain = answers.sequence.size() >= k_certain_requests;
    if (answers.names.size() == 1) {
        dispatch.pattern = Pattern::single;
        return dispatch;
    }
    if (is_switched(answers.sequence)) {
        dispatch.pattern = Pattern::switched;
        dispatch.z = runs_test(answers.sequence).z;
        return dispatch;
    }

    name_pattern(dispatch, answers);
    return dispatch;
}

std::vector<JudgedRow const *> incident_rows(std::span<JudgedRow const> rows)
{
    std::vector<JudgedRow const *> telling;
    for (auto const &row : rows) {
        if (!answered_by(row.row.key, row.judged).empty()) {
            telling.push_back(&row);
        }
    }
    auto const answers = sequence_of(rows);
    if (answers.names.size() < 2 || is_switched(answers.sequence)) {
        return telling;
    }
    auto const incident = incident_of(answers);
    auto const begin = static_cast<std::size_t>(incident.data() - answers.sequence.data());
    auto const from = begin - std::min(begin, k_neighbours);
    auto const to = std::min(begin + incident.size() + k_neighbours, telling.size());
    std::span<JudgedRow const *const> const all{telling};
    auto const kept = all.subspan(from, to - from);
    return {kept.begin(), kept.end()};
}

bool interleaves(std::span<JudgedRow const> rows)
{
    std::map<std::string, std::vector<std::string>> groups;
    for (auto const &row : rows) {
        if (row.judged.row_class != RowClass::excluded && !row.row.key.backend.blank()) {
            groups[row.row.key.model_group].push_back(row.row.key.backend.text());
        }
    }
    return std::ranges::any_of(groups, [](auto const &group) {
        auto const &answers = group.second;
        std::size_t runs = 0;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            runs += i == 0 || answers[i] != answers[i - 1] ? 1U : 0U;
        }
        return runs >= std::set<std::string>(answers.begin(), answers.end()).size() + 2;
    });
}

} // namespace misroute
