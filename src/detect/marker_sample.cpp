// SPDX-License-Identifier: Apache-2.0
#include "detect/marker_sample.hpp"

#include <algorithm>
#include <numeric>

namespace misroute {

namespace {

constexpr std::int64_t k_row_budget = 2'000; ///< rows that may be read in any case: a tenth of a second of the server
constexpr std::int64_t k_enough = 50;        ///< rows of a stratum without a marker
constexpr std::int64_t k_likely_enough = 80; ///< rows expected of a sample: fewer than 50 come in 1 of 7,000 cases
constexpr int k_largest_rate = 1024;

/// Rows read in all at this rate: the sample, and in full what it will not decide.
std::int64_t cost_of(MarkerStrata const &strata, int rate)
{
    return std::accumulate(strata.begin(), strata.end(), std::int64_t{0}, [&](std::int64_t sum, auto const &entry) {
        auto const requests = entry.second.requests;
        return sum + requests / rate + (requests < k_likely_enough * rate ? requests : 0);
    });
}

struct Sampled
{
    std::int64_t requests = 0;
    bool marked = false;
};

/// No mark excuses what another instance's deployment answered, so none is looked for.
bool may_be_excused(IssuerCell const &cell)
{
    return cell.judged.row_class == RowClass::foreign && cell.key.model_id != k_overflow && !cell.judged.elsewhere;
}

} // namespace

MarkerStrata foreign_strata(Examination const &examination)
{
    MarkerStrata strata;
    for (auto const &view : examination.issuers) {
        for (auto const &cell : view.cells) {
            if (may_be_excused(cell)) {
                auto &stratum = strata[{view.report.issuer, cell.key.model_id}];
                stratum.cells.push_back(cell.key);
                stratum.requests += cell.sums.requests;
            }
        }
    }
    return strata;
}

std::int64_t requests_of(MarkerStrata const &strata)
{
    return std::accumulate(strata.begin(), strata.end(), std::int64_t{0},
                           [](std::int64_t sum, auto const &entry) { return sum + entry.second.requests; });
}

int sample_rate(MarkerStrata const &strata)
{
    auto const all = requests_of(strata);
    if (all <= k_row_budget) {
        return 1;
    }
    std::map<int, std::int64_t> costs{{1, all}};
    for (int rate = 2; rate <= k_largest_rate; rate *= 2) {
        costs[rate] = cost_of(strata, rate);
    }
    auto const cheaper = [](auto const &one, auto const &other) { return one.second < other.second; };
    auto const least = std::min_element(costs.begin(), costs.end(), cheaper)->second;
    return std::find_if(costs.begin(), costs.end(),
                        [&](auto const &cost) { return cost.second <= std::max(k_row_budget, least); })
        ->first;
}

MarkerStrata undecided(MarkerStrata const &strata, Tally const &sample)
{
    std::map<CellKey, Sampled> by_cell;
    for (auto const &[key, cell] : sample.cells) {
        auto plain = key;
        bool const marked = is_marker(key.reason);
        plain.reason = marked ? ExclusionReason::none : key.reason;
        auto &sampled = by_cell[plain];
        sampled.requests += cell.total.requests;
        sampled.marked = sampled.marked || marked;
    }
    MarkerStrata left;
    for (auto const &[name, stratum] : strata) {
        Sampled sum;
        for (auto const &key : stratum.cells) {
            auto const found = by_cell.find(key);
            if (found != by_cell.end()) {
                sum.requests += found->second.requests;
                sum.marked = sum.marked || found->second.marked;
            }
        }
        if (sum.marked || sum.requests < k_enough) {
            left.emplace(name, stratum);
        }
    }
    return left;
}

} // namespace misroute
