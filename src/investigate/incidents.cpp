// SPDX-License-Identifier: Apache-2.0
#include "investigate/incidents.hpp"

#include "detect/statistics.hpp"
#include "detect/tally_part.hpp"
#include "investigate/incident_view.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>

namespace misroute {

namespace {

constexpr Milliseconds k_moment{1};
constexpr Milliseconds k_beside = std::chrono::hours{1}; ///< before and after an incident: what it stands out from

/// As a scan says it.
bool goes_on(Spell const &spell)
{
    auto const needed = std::ceil(as_double(clean_requests_needed(spell.share)) * spell.dependence);
    return as_double(spell.clean_after) < needed;
}

struct Counted
{
    Fleet const &fleet;
    ScanData const &data;
    Asked asked;
};

/// Adds the foreign rows of the episode: how many tokens, and what these would have cost at home.
void add_cost(Incident &incident, Counted const &counted, Finding const &finding, Window const &rows)
{
    auto const part = part_of(counted.data.tally, {rows.since, rows.until + k_moment});
    auto const examined = examine(part, counted.fleet.config.expectations, counted.data.by.kind, counted.asked);
    auto const *const view = view_of(examined, finding.issuer);
    if (view == nullptr) {
        return;
    }
    auto its = *view;
    std::erase_if(its.cells, [&](IssuerCell const &cell) { return !belongs_to(cell, finding); });
    auto const cost = cost_of_issuer(counted.data.examination, its);
    incident.tokens = cost.foreign_tokens;
    incident.estimated_unbilled_usd = cost.estimated_unbilled_usd;
}

std::vector<Incident> episodes_of(Counted const &counted, Finding const &finding)
{
    std::vector<Incident> incidents;
    auto const view = incident_of(counted.data.tally, counted.data.examination, finding);
    auto const spells = spells_of(view.series);
    for (auto const &spell : spells) {
        Incident incident{.fingerprint = finding.fingerprint,
                          .rule = finding.rule,
                          .issuer = finding.issuer,
                          .instance = finding.instance,
                          .since = spell.rows.since,
                          .until = spell.rows.until,
                          .requests = spell.requests,
                          .foreign = spell.foreign};
        if (&spell == &spells.back() && goes_on(spell)) {
            incident.until.reset();
        }
        add_cost(incident, counted, finding, spell.rows);
        incidents.push_back(std::move(incident));
    }
    return incidents;
}

/// A stretch that was looked at again, in finer buckets, and what explains it.
struct Closer
{
    Tally tally;
    Examination examination;
    std::string cause;

    bool holds(Window const &window) const
    {
        return tally.window.since <= window.since && window.until <= tally.window.until;
    }
};

Closer look_closer(RowSource &source, Fleet const &fleet, ScanRequest const &request)
{
    auto data = read_scan(source, fleet.config.expectations, request);
    Closer closer{data.tally, data.examination, {}};
    auto const report = conclude(std::move(data), fleet, request);
    closer.cause = report.causes.empty() ? std::string{} : report.causes.front().cause;
    return closer;
}

/// How many requests there were in between is known the better the finer the buckets are.
void refine(Incident &incident, Closer const &closer)
{
    Finding const finding{.rule = incident.rule, .issuer = incident.issuer, .instance = incident.instance};
    std::int64_t foreign = 0;
    std::int64_t requests = 0;
    for (auto const &spell : spells_of(incident_of(closer.tally, closer.examination, finding).series)) {
        bool const inside = incident.since <= spell.rows.since &&
                            spell.rows.until <= incident.until.value_or(closer.tally.window.until);
        foreign += inside ? spell.foreign : 0;
        requests += inside ? spell.requests : 0;
    }
    if (foreign == incident.foreign) { // else the parts in between are not in the sum
        incident.requests = requests;
    }
    incident.cause = closer.cause;
}

/// Incidents of several issuers at one time are one stretch.
void explain(IncidentHistory &history, RowSource &source, Fleet const &fleet, ScanRequest const &request)
{
    std::vector<Closer> known;
    for (auto &incident : history.incidents) {
        Window const its{incident.since, incident.until.value_or(history.window.until)};
        auto found = std::ranges::find_if(known, [&](Closer const &one) { return one.holds(its); });
        if (found == known.end() && known.size() == k_most_explained) {
            continue;
        }
        if (found == known.end()) {
            auto closer = request;
            closer.window = {std::max(history.window.since, its.since - k_beside),
                             std::min(history.window.until, its.until + k_beside)};
            known.push_back(look_closer(source, fleet, closer));
            found = known.end() - 1;
        }
        refine(incident, *found);
    }
}

} // namespace

IncidentHistory history_of(RowSource &source, Fleet const &fleet, ScanRequest const &request)
{
    auto const data = read_scan(source, fleet.config.expectations, request);
    Facts const facts{data.tally,  fleet.config.expectations, data.examination, data.sequences,
                      data.models, fleet.known_cluster(),     data.knows};
    IncidentHistory history{.window = data.tally.window, .gaps = data.tally.gaps};
    history.judged = data.examination.totals.home + data.examination.totals.foreign > 0;
    for (auto const &finding : detect(facts)) {
        if (row_of(finding.rule).is_mismatch) {
            auto episodes = episodes_of({fleet, data, source.asked()}, finding);
            std::ranges::move(episodes, std::back_inserter(history.incidents));
        }
    }
    std::ranges::sort(history.incidents, [](Incident const &left, Incident const &right) {
        return std::tie(right.since, left.fingerprint) < std::tie(left.since, right.fingerprint);
    });
    auto closer = request;
    closer.by = data.by;
    explain(history, source, fleet, closer);
    return history;
}

} // namespace misroute
