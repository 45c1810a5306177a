// SPDX-License-Identifier: Apache-2.0
#include "investigate/incident_view.hpp"

#include <algorithm>
#include <iterator>

namespace misroute {

bool is_incident(Rule rule)
{
    return row_of(rule).is_mismatch || rule == Rule::unpriced_traffic;
}

bool belongs_to(IssuerCell const &cell, Finding const &finding)
{
    return cell.judged.row_class == RowClass::foreign &&
           (finding.rule == Rule::unpriced_traffic
                ? cell.sums.unpriced_requests > 0
                : cell.judged.rule == finding.rule && cell.judged.instance.text() == finding.instance);
}

IssuerView const *view_of(Examination const &examination, std::string const &issuer)
{
    auto const &views = examination.issuers;
    auto const found =
        std::ranges::find_if(views, [&](IssuerView const &view) { return view.report.issuer.text() == issuer; });
    return found == views.end() ? nullptr : &*found;
}

IncidentView incident_of(Tally const &tally, Examination const &examination, Finding const &finding)
{
    IncidentView incident;
    auto const *const issuer = view_of(examination, finding.issuer);
    std::map<Instant, SeriesPoint> points;
    for (auto const &cell : issuer == nullptr ? std::vector<IssuerCell>{} : issuer->cells) {
        bool const foreign = belongs_to(cell, finding);
        if (!foreign && cell.judged.row_class != RowClass::home) {
            continue;
        }
        if (foreign) {
            incident.answered_by[cell.judged.owner] += cell.sums.requests;
        }
        for (auto const &[bucket, sums] : tally.cells.at(cell.key).series) {
            auto &point = points[bucket];
            point.since = bucket;
            (foreign ? point.foreign : point.home) += sums;
        }
    }
    std::ranges::transform(points, std::back_inserter(incident.series), [](auto const &entry) { return entry.second; });
    return incident;
}

} // namespace misroute
