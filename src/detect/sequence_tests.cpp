// SPDX-License-Identifier: Apache-2.0
#include "detect/sequence_tests.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace misroute {

namespace {

/// Correlations above this (runs of a hundred requests) cannot be told from one another.
constexpr double k_most_correlated = 0.98;

// Log likelihood of a stretch at its own share; 0 ln 0 is 0.
double log_likelihood(Trials const &stretch)
{
    auto const part = [&](std::int64_t count) {
        return count > 0 ? as_double(count) * std::log(as_double(count) / as_double(stretch.total)) : 0.0;
    };
    return part(stretch.hits) + part(stretch.total - stretch.hits);
}

Trials sum(std::span<Trials const> series)
{
    Trials all;
    for (auto const &trials : series) {
        all.hits += trials.hits;
        all.total += trials.total;
    }
    return all;
}

double split_gain(Trials const &before, Trials const &all)
{
    Trials const after{all.hits - before.hits, all.total - before.total};
    return 2 * (log_likelihood(before) + log_likelihood(after) - log_likelihood(all));
}

// How much the variance of the mean of `size` requests exceeds that of independent ones when each agrees with the last
// one by a lag-1 correlation of `rho`: (1 + ρ)/(1 − ρ) − 2ρ(1 − ρˢ)/(s(1 − ρ)²).
double inflation(double rho, double size)
{
    return (1 + rho) / (1 - rho) - 2 * rho * (1 - std::pow(rho, size)) / (size * std::pow(1 - rho, 2));
}

// A batch shows less than the whole inflation when runs are about as long as the batch. The correlation that explains
// what the batches show tells the rest: (1 + ρ)/(1 − ρ).
double unbounded_inflation(double shown, double size)
{
    double low = 0;
    double high = k_most_correlated;
    if (shown <= 1) {
        return 1;
    }
    for (int i = 0; i < 40; ++i) {
        auto const middle = (low + high) / 2;
        (inflation(middle, size) < shown ? low : high) = middle;
    }
    return (1 + low) / (1 - low);
}

double dependence_in_batches(std::span<Trials const> series, Trials const &all, double size)
{
    auto const share = as_double(all.hits) / as_double(all.total);
    double chi_square = 0;
    double requests = 0;
    int batches = 0;
    Trials batch;
    for (auto const &trials : series) {
        batch.hits += trials.hits;
        batch.total += trials.total;
        if (as_double(batch.total) < size) {
            continue;
        }
        auto const count = as_double(batch.total);
        chi_square += std::pow(as_double(batch.hits) - count * share, 2) / (count * share * (1 - share));
        requests += count;
        ++batches;
        batch = {};
    }
    return batches > 1 ? unbounded_inflation(chi_square / (batches - 1), requests / batches) : 1.0;
}

} // namespace

double change_threshold(std::int64_t requests)
{
    return requests > 1 ? std::max(k_change_threshold, 2 * std::log(as_double(requests))) : k_change_threshold;
}

ChangePoint change_point(std::span<Trials const> series)
{
    auto const all = sum(series);
    ChangePoint best;
    Trials before;
    for (std::size_t i = 0; i + 1 < series.size(); ++i) {
        before.hits += series[i].hits;
        before.total += series[i].total;
        auto const gain = split_gain(before, all);
        if (gain > best.statistic + 1e-9) { // rounding must not make a change out of a constant series
            best = {i + 1, gain};
        }
    }
    return best;
}

RunsTest runs_test(std::span<int const> sequence)
{
    RunsTest test;
    if (sequence.empty()) {
        return test;
    }
    std::map<int, std::int64_t> counts;
    for (std::size_t i = 0; i < sequence.size(); ++i) {
        ++counts[sequence[i]];
        if (i == 0 || sequence[i] != sequence[i - 1]) {
            ++test.runs;
        }
    }
    auto const n = static_cast<double>(sequence.size());
    double squares = 0;
    double cubes = 0;
    for (auto const &[category, count] : counts) {
        squares += std::pow(as_double(count), 2);
        cubes += std::pow(as_double(count), 3);
    }
    test.expected = (n * (n + 1) - squares) / n;
    if (counts.size() < 2) {
        return test;
    }
    test.variance = (squares * (squares + n * (n + 1)) - 2 * n * cubes - std::pow(n, 3)) / (std::pow(n, 2) * (n - 1));
    if (test.variance > 1e-12) {
        test.z = (as_double(test.runs) - test.expected) / std::sqrt(test.variance);
    }
    return test;
}

Agreement lag_agreement(std::span<int const> sequence, std::size_t lag)
{
    Agreement agreement;
    for (std::size_t i = lag; i < sequence.size(); ++i) {
        ++agreement.pairs;
        agreement.equal += sequence[i] == sequence[i - lag] ? 1 : 0;
    }
    return agreement;
}

GTest transition_test(std::span<int const> sequence)
{
    std::map<int, std::size_t> index;
    for (auto const category : sequence) {
        index.try_emplace(category, index.size());
    }
    std::vector<std::vector<std::int64_t>> table(index.size(), std::vector<std::int64_t>(index.size()));
    for (std::size_t i = 1; i < sequence.size(); ++i) {
        ++table[index[sequence[i - 1]]][index[sequence[i]]];
    }
    return g_test(table);
}

double effective_size(std::span<int const> hits)
{
    auto const n = static_cast<double>(hits.size());
    if (hits.size() < 2) {
        return n;
    }
    auto const mean = std::accumulate(hits.begin(), hits.end(), 0.0) / n;
    double variance = 0;
    double covariance = 0;
    for (std::size_t i = 0; i < hits.size(); ++i) {
        variance += std::pow(hits[i] - mean, 2);
        if (i > 0) {
            covariance += (hits[i] - mean) * (hits[i - 1] - mean);
        }
    }
    if (variance <= 0) {
        return n;
    }
    auto const rho = std::clamp(covariance / variance, 0.0, 1.0);
    auto const runs = as_double(runs_test(hits).runs);
    return std::clamp(n * (1 - rho) / (1 + rho), std::min(runs, n), n);
}

double dependence(std::span<Trials const> series)
{
    auto const all = sum(series);
    if (all.hits <= 0 || all.hits >= all.total) {
        return 1;
    }
    // Short batches are many and see short runs well; long ones see long runs. The more cautious answer counts.
    auto const size = std::sqrt(as_double(all.total));
    return std::max(dependence_in_batches(series, all, size / 2), dependence_in_batches(series, all, size));
}

} // namespace misroute
