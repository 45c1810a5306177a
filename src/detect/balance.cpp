// SPDX-License-Identifier: Apache-2.0
#include "detect/balance.hpp"

#include "detect/statistics.hpp"

#include <algorithm>

namespace misroute {

namespace {

constexpr double k_steady_p = 0.01;
constexpr std::int64_t k_enough_others = 20; ///< answers elsewhere: a share of a fifth would have shown in all but 1 %

/// What names a deployment: its id, else its backend.
using Deployment = std::pair<std::string, Backend>;

Deployment deployment_of(CellKey const &key)
{
    return key.model_id.empty() ? Deployment{{}, key.backend} : Deployment{key.model_id, {}};
}

bool answered(IssuerCell const &cell)
{
    return cell.judged.row_class != RowClass::excluded && !cell.key.backend.blank();
}

/// Whether two issuers may enter at one instance: then the same deployments say nothing.
bool may_share_an_entrance(IssuerView const &left, IssuerView const &right)
{
    return !left.report.instance.empty() && left.report.instance == right.report.instance;
}

bool met_elsewhere(Facts const &facts, IssuerView const &issuer, std::set<Deployment> const &own)
{
    std::int64_t others = 0;
    for (auto const &other : facts.examination.issuers) {
        if (other.report.issuer == issuer.report.issuer || may_share_an_entrance(issuer, other)) {
            continue;
        }
        for (auto const &cell : other.cells) {
            if (answered(cell) && own.contains(deployment_of(cell.key))) {
                return true;
            }
            others += answered(cell) ? cell.sums.requests : 0;
        }
    }
    return others < k_enough_others;
}

bool owned_elsewhere(IssuerView const &issuer)
{
    return std::any_of(issuer.cells.begin(), issuer.cells.end(), [](IssuerCell const &cell) {
        bool const foreign = cell.judged.row_class == RowClass::foreign;
        return foreign && (!cell.judged.owner.empty() || cell.judged.severity == Severity::error);
    });
}

/// Requests by half of the issuer's time and by deployment.
std::vector<std::vector<std::int64_t>> halves(Tally const &tally, IssuerView const &issuer,
                                              std::set<Deployment> const &own)
{
    auto first = Instant::max();
    auto last = Instant::min();
    for (auto const &cell : issuer.cells) {
        first = std::min(first, cell.sums.first);
        last = std::max(last, cell.sums.last);
    }
    auto const middle = first + (last - first) / 2;
    std::vector<std::vector<std::int64_t>> table(2, std::vector<std::int64_t>(own.size()));
    for (auto const &cell : issuer.cells) {
        if (!answered(cell)) {
            continue;
        }
        auto const column = static_cast<std::size_t>(std::distance(own.begin(), own.find(deployment_of(cell.key))));
        for (auto const &[bucket, sums] : tally.cells.at(cell.key).series) {
            table[bucket < middle ? 0 : 1][column] += sums.requests;
        }
    }
    return table;
}

} // namespace

bool balanced_inside(Facts const &facts, IssuerView const &issuer)
{
    std::set<Deployment> own;
    for (auto const &cell : issuer.cells) {
        if (answered(cell)) {
            own.insert(deployment_of(cell.key));
        }
    }
    if (own.size() < 2 || owned_elsewhere(issuer) || met_elsewhere(facts, issuer, own)) {
        return false;
    }
    auto const test = g_test(halves(facts.tally, issuer, own));
    return test.degrees == 0 || test.p > k_steady_p;
}

} // namespace misroute
