// SPDX-License-Identifier: Apache-2.0
#include "detect/statistics.hpp"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace misroute {

namespace {

namespace policies = boost::math::policies;

// Errors become NaN instead of exceptions, and double stays double: long double is several times slower.
using Quiet =
    policies::policy<policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
                     policies::overflow_error<policies::ignore_error>,
                     policies::underflow_error<policies::ignore_error>,
                     policies::evaluation_error<policies::ignore_error>, policies::promote_double<false>>;

constexpr double k_infinity = std::numeric_limits<double>::infinity();

bool sensible(std::int64_t k, std::int64_t n)
{
    return n > 0 && k >= 0 && k <= n;
}

GTest with_p(double statistic, int degrees)
{
    if (degrees <= 0) {
        return {};
    }
    auto const bounded = std::max(statistic, 0.0); // rounding may leave −1e−15
    if (std::isinf(bounded)) {
        return {bounded, degrees, 0.0};
    }
    boost::math::chi_squared_distribution<double, Quiet> const null{static_cast<double>(degrees)};
    return {bounded, degrees, boost::math::cdf(boost::math::complement(null, bounded))};
}

double term(double observed, double expected)
{
    return observed > 0 ? 2 * observed * std::log(observed / expected) : 0.0;
}

} // namespace

Share wilson(std::int64_t k, std::int64_t n, double z)
{
    if (!sensible(k, n)) {
        return {0, 0, 1};
    }
    auto const count = as_double(n);
    auto const share = as_double(k) / count;
    auto const scale = 1 + z * z / count;
    auto const centre = (share + z * z / (2 * count)) / scale;
    auto const half = z / scale * std::sqrt(share * (1 - share) / count + z * z / (4 * count * count));
    return {share, k == 0 ? 0.0 : std::max(0.0, centre - half), k == n ? 1.0 : std::min(1.0, centre + half)};
}

double binomial_tail(std::int64_t k, std::int64_t n, double p)
{
    if (k <= 0) {
        return 1;
    }
    if (k > n || p <= 0) {
        return 0;
    }
    if (p >= 1) {
        return 1;
    }
    return boost::math::ibeta(as_double(k), as_double(n - k + 1), p, Quiet{});
}

std::int64_t clean_requests_needed(double share, double alpha, double dependence)
{
    if (!(share > 0) || !(alpha > 0)) {
        return 0;
    }
    if (share >= 1) {
        return 1;
    }
    return static_cast<std::int64_t>(std::ceil(dependence * std::log(alpha) / std::log1p(-share)));
}

double share_excluded_by(double n, double alpha)
{
    return n > 0 ? -std::expm1(std::log(alpha) / n) : 1.0;
}

Share pods_from_home(std::int64_t home, std::int64_t n)
{
    auto const share = wilson(home, n);
    auto const inverse = [](double value) { return value > 0 ? 1 / value : k_infinity; };
    return {inverse(share.estimate), inverse(share.high), inverse(share.low)};
}

GTest g_test(std::span<std::int64_t const> observed, std::span<double const> weights)
{
    auto const cells = std::min(observed.size(), weights.size());
    double total = 0;
    double weight = 0;
    for (std::size_t i = 0; i < cells; ++i) {
        total += as_double(observed[i]);
        weight += weights[i];
    }
    if (total <= 0 || weight <= 0) {
        return {};
    }

    double statistic = 0;
    int used = 0;
    for (std::size_t i = 0; i < cells; ++i) {
        if (weights[i] <= 0 && observed[i] == 0) {
            continue;
        }
        ++used;
        auto const expected = total * weights[i] / weight;
        statistic = expected > 0 ? statistic + term(as_double(observed[i]), expected) : k_infinity;
    }
    return with_p(statistic, std::max(used - 1, std::isinf(statistic) ? 1 : 0));
}

GTest g_test(std::vector<std::vector<std::int64_t>> const &table, double dependence)
{
    std::vector<double> rows;
    std::vector<double> columns(table.empty() ? 0 : table.front().size());
    for (auto const &row : table) {
        rows.push_back(0);
        for (std::size_t j = 0; j < std::min(row.size(), columns.size()); ++j) {
            rows.back() += as_double(row[j]);
            columns[j] += as_double(row[j]);
        }
    }
    auto const total = std::accumulate(rows.begin(), rows.end(), 0.0);

    double statistic = 0;
    for (std::size_t i = 0; i < table.size(); ++i) {
        for (std::size_t j = 0; j < std::min(table[i].size(), columns.size()); ++j) {
            statistic += term(as_double(table[i][j]), rows[i] * columns[j] / total);
        }
    }

    auto const filled = [](std::vector<double> const &sums) {
        return static_cast<int>(std::ranges::count_if(sums, [](double sum) { return sum > 0; }));
    };
    return with_p(statistic / std::max(dependence, 1.0), (filled(rows) - 1) * (filled(columns) - 1));
}

} // namespace misroute
