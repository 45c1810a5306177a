// SPDX-License-Identifier: Apache-2.0
#include "detect/deployments.hpp"
#include "detect/statistics.hpp"
#include "misroute/detect.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace misroute {

namespace {

constexpr std::size_t k_most_models = 20; // of one backend, in a report

/// One backend an issuer met, as a line of the report: cells that differ in model only are one.
using UseKey = std::tuple<Backend, InstanceNames, RowClass>;

std::vector<BackendUse> uses_of(std::vector<IssuerCell> const &cells)
{
    struct Use
    {
        Sums sums;
        std::set<std::string> models;
    };
    std::map<UseKey, Use> uses;
    for (auto const &cell : cells) {
        if (cell.judged.row_class == RowClass::excluded) {
            continue;
        }
        auto &use = uses[{cell.key.backend, cell.judged.owner, cell.judged.row_class}];
        use.sums += cell.sums;
        use.models.insert(cell.key.model);
    }
    std::vector<BackendUse> result;
    for (auto const &[key, use] : uses) {
        auto const &[backend, owner, row_class] = key;
        std::vector<std::string> models{use.models.begin(), use.models.end()};
        models.resize(std::min(models.size(), k_most_models));
        result.push_back({backend, owner, row_class, use.sums, std::move(models)});
    }
    std::stable_sort(result.begin(), result.end(), [](BackendUse const &left, BackendUse const &right) {
        return left.sums.requests > right.sums.requests;
    });
    return result;
}

Verdict verdict_of(ClassCounts const &counts)
{
    if (counts.foreign > 0) {
        return Verdict::misrouted;
    }
    if (counts.home > 0) {
        return Verdict::clean;
    }
    return counts.unassigned > 0 ? Verdict::unassigned : Verdict::unknown;
}

/// Collects the cells of one issuer.
struct IssuerBuilder
{
    std::vector<IssuerCell> cells;
    std::vector<std::pair<Series const *, bool>> courses; ///< of home and foreign rows, and whether they are foreign
    ClassCounts counts;
    std::set<InstanceNames> instances;
    std::map<InstanceNames, std::int64_t> excluded_elsewhere;

    void add(CellKey const &key, Cell const &cell, Judged const &judged)
    {
        cells.push_back({key, cell.total, judged});
        counts.add(judged.row_class, key.reason, cell.total.requests);
        if (judged.row_class == RowClass::excluded && !judged.owner.empty()) {
            excluded_elsewhere[judged.owner] += cell.total.requests;
        }
        if (!judged.instance.empty()) {
            instances.insert(judged.instance);
        }
        if (judged.row_class == RowClass::home || judged.row_class == RowClass::foreign) {
            courses.emplace_back(&cell.series, judged.row_class == RowClass::foreign);
        }
    }

    /// Of suspects alone: most issuers are clean, and there may be thousands of them.
    std::vector<SeriesPoint> series() const
    {
        std::map<Instant, SeriesPoint> points;
        for (auto const &[course, foreign] : courses) {
            for (auto const &[bucket, sums] : *course) {
                auto &point = points[bucket];
                point.since = bucket;
                (foreign ? point.foreign : point.home) += sums;
            }
        }
        std::vector<SeriesPoint> result;
        result.reserve(points.size());
        for (auto const &[since, point] : points) {
            result.push_back(point);
        }
        return result;
    }

    /// All that was added; little is left.
    IssuerView finish(Issuer const &issuer)
    {
        IssuerView view;
        view.report.issuer = issuer;
        view.report.instance = instances.size() == 1 ? *instances.begin() : InstanceNames{};
        view.report.counts = counts;
        view.report.excluded_elsewhere = excluded_elsewhere;
        // A team or a user may enter at several instances; the verdict is about its rows all the same.
        view.report.verdict =
            instances.empty() && counts.excluded == counts.scanned() ? Verdict::unassigned : verdict_of(counts);
        if (counts.foreign > 0) {
            view.report.foreign_share = wilson(counts.foreign, counts.home + counts.foreign);
        }
        view.report.backends = uses_of(cells);
        if (counts.foreign > 0) {
            view.series = series();
        }
        view.cells = std::move(cells);
        view.cells.shrink_to_fit();
        return view;
    }
};

/// Spend per token of home rows that have a price, by instance and model group.
class HomePrices
{
public:
    void add(Judged const &judged, CellKey const &key, Sums const &sums)
    {
        if (judged.row_class == RowClass::home) {
            auto &[tokens, spend] = m_prices[{judged.instance, key.model_group}];
            tokens += sums.tokens - sums.unpriced_tokens;
            spend += sums.spend_nano;
        }
    }

    /// What `tokens` would have cost at home, in dollars; nothing when home has no price for the model group.
    std::optional<double> estimate(InstanceNames const &instance, std::string const &group, std::int64_t tokens) const
    {
        auto const found = m_prices.find({instance, group});
        if (found == m_prices.end() || found->second.first <= 0 || found->second.second <= 0) {
            return std::nullopt;
        }
        auto const &[home_tokens, spend] = found->second;
        return static_cast<double>(tokens) * static_cast<double>(spend) / static_cast<double>(home_tokens) / 1e9;
    }

private:
    std::map<std::pair<InstanceNames, std::string>, std::pair<std::int64_t, std::int64_t>> m_prices;
};

HomePrices home_prices(std::vector<IssuerView> const &issuers)
{
    HomePrices prices;
    for (auto const &issuer : issuers) {
        for (auto const &cell : issuer.cells) {
            prices.add(cell.judged, cell.key, cell.sums);
        }
    }
    return prices;
}

void add_cost(Cost &cost, HomePrices const &prices, IssuerView const &issuer)
{
    for (auto const &cell : issuer.cells) {
        if (cell.judged.row_class != RowClass::foreign) {
            continue;
        }
        cost.foreign_tokens += cell.sums.tokens;
        cost.foreign_spend_nano += cell.sums.spend_nano;
        cost.unpriced_requests += cell.sums.unpriced_requests;
        cost.unpriced_tokens += cell.sums.unpriced_tokens;
        auto const estimate = prices.estimate(cell.judged.instance, cell.key.model_group, cell.sums.unpriced_tokens);
        if (estimate && cell.sums.unpriced_tokens > 0) {
            cost.estimated_unbilled_usd = cost.estimated_unbilled_usd.value_or(0) + *estimate;
        }
    }
}

Cost cost_of(std::vector<IssuerView> const &issuers)
{
    auto const prices = home_prices(issuers);
    Cost cost;
    for (auto const &issuer : issuers) {
        add_cost(cost, prices, issuer);
    }
    return cost;
}

/// A key of several instances is counted where its row was answered; a foreign row of one under the first of them.
std::string instance_of(Judged const &judged)
{
    return judged.row_class == RowClass::home ? judged.owner.first() : judged.instance.first();
}

std::vector<InstanceReport> instances_of(Expectations const &expected, std::vector<IssuerView> const &issuers,
                                         Asked const &asked)
{
    std::map<std::string, InstanceReport> reports;
    for (auto const &instance : expected.instances) {
        if (asked && !asked->contains(instance.name)) {
            continue;
        }
        reports[instance.name].name = instance.name;
        reports[instance.name].location = instance.location;
    }
    for (auto const &issuer : issuers) {
        for (auto const &cell : issuer.cells) {
            auto const found = reports.find(instance_of(cell.judged));
            if (found == reports.end()) {
                continue;
            }
            auto &report = found->second;
            report.counts.add(cell.judged.row_class, cell.key.reason, cell.sums.requests);
            if (cell.judged.row_class == RowClass::home || cell.judged.row_class == RowClass::foreign) {
                report.answered_by[cell.judged.owner.empty() ? "(nobody)" : cell.judged.owner.text()] +=
                    cell.sums.requests;
            }
        }
    }
    std::vector<InstanceReport> result;
    for (auto &[name, report] : reports) {
        report.verdict = report.counts.scanned() == 0 ? Verdict::no_traffic : verdict_of(report.counts);
        result.push_back(std::move(report));
    }
    return result;
}

/// Two backends that differ answered during overlapping times.
bool any_overlap(std::map<Backend, Sums> const &backends)
{
    for (auto left = backends.begin(); left != backends.end(); ++left) {
        for (auto right = std::next(left); right != backends.end(); ++right) {
            if (overlap(left->second, right->second) && differ(left->first, right->first)) {
                return true;
            }
        }
    }
    return false;
}

/// One model group was answered by two backends during overlapping times: worth reading the rows in order.
bool may_be_mixed(IssuerView const &view)
{
    std::map<std::string, std::map<Backend, Sums>> groups;
    for (auto const &cell : view.cells) {
        if (cell.judged.row_class == RowClass::unassigned) {
            groups[cell.key.model_group][cell.key.backend] += cell.sums;
        }
    }
    return std::any_of(groups.begin(), groups.end(), [](auto const &group) { return any_overlap(group.second); });
}

int rank(Verdict verdict)
{
    return verdict == Verdict::misrouted ? 0 : verdict == Verdict::mixed ? 1 : 2;
}

} // namespace

Issuer issuer_of(Tally const &tally, CellKey const &cell, IssuerKind by)
{
    auto name = entity_of(cell, by);
    return name.empty() ? Issuer{IssuerKind::key, tally.key_name(cell.key)} : Issuer{by, std::move(name)};
}

Examination examine(Tally const &tally, Expectations const &expected, IssuerKind by, Asked const &asked)
{
    Examination examination;
    examination.by = by;
    examination.deployments = known_deployments(tally, expected);
    std::map<Issuer, IssuerBuilder> builders;
    for (auto const &[key, cell] : tally.cells) {
        auto const judged = judge(expected, key, tally.key_name(key.key), examination.deployments);
        builders[issuer_of(tally, key, by)].add(key, cell, judged);
        examination.totals.add(judged.row_class, key.reason, cell.total.requests);
    }
    for (auto &[issuer, builder] : builders) {
        examination.issuers.push_back(builder.finish(issuer));
    }
    sort_issuers(examination.issuers);
    examination.cost = cost_of(examination.issuers);
    examination.instances = instances_of(expected, examination.issuers, asked);
    return examination;
}

Cost cost_of_issuer(Examination const &examination, IssuerView const &issuer)
{
    Cost cost;
    add_cost(cost, home_prices(examination.issuers), issuer);
    return cost;
}

std::vector<Issuer> suspects(Examination const &examination)
{
    std::vector<Issuer> result;
    for (auto const &view : examination.issuers) {
        bool const misrouted = view.report.verdict == Verdict::misrouted;
        if (view.report.issuer.name == k_overflow) {
            continue; // not one issuer, and no row goes by that name
        }
        if (misrouted || (view.report.verdict == Verdict::unassigned && may_be_mixed(view))) {
            result.push_back(view.report.issuer);
        }
    }
    return result;
}

void sort_issuers(std::vector<IssuerView> &issuers)
{
    std::sort(issuers.begin(), issuers.end(), [](IssuerView const &left, IssuerView const &right) {
        auto const order = [](IssuerView const &view) {
            return std::tuple{rank(view.report.verdict), -view.report.counts.scanned(), view.report.issuer};
        };
        return order(left) < order(right);
    });
}

} // namespace misroute
