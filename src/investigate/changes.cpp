// SPDX-License-Identifier: Apache-2.0
#include "investigate/changes.hpp"

#include "detect/changes.hpp"
#include "detect/marker_sample.hpp"
#include "detect/tally_part.hpp"
#include "investigate/incident_view.hpp"

#include <algorithm>

namespace misroute {

namespace {

/// How far back a look is widened to what nobody has looked at since the last run. An older last run is none.
constexpr Milliseconds k_reach = std::chrono::days{31};

/// The two windows, equally long unless more time than that lies between them, and the stretch that holds both.
struct Looks
{
    std::optional<Window> then; ///< none: nobody has looked before
    Window now;
    std::optional<Gap> unseen{}; ///< what lies between the last run and the reach of this one

    Window both() const { return {then ? std::min(then->since, now.since) : now.since, now.until}; }
};

/// What began and ended between two windows would be in neither of them: the later one takes in all since the
/// beginning of the earlier one. How an incident ended that was known then is in there, too.
Looks widened(Looks looks, Instant reach)
{
    if (!looks.then || looks.then->until >= looks.now.since) {
        return looks;
    }
    looks.now.since = std::max(looks.then->since, std::min(reach, looks.now.since));
    looks.then->since = std::max(looks.then->since, looks.now.since);
    if (looks.then->until < looks.now.since) {
        looks.unseen = Gap{{looks.then->until, looks.now.since}, "the last run was too long ago"};
        looks.then.reset();
    }
    return looks;
}

/// On the bounds of buckets, the later look of one run is the earlier look of the next one, whatever seconds lie
/// between the two.
Looks looks_of(ScanRequest const &request, Comparison const &comparison)
{
    auto const length = request.window.length();
    auto const settled = std::min(request.window.until, request.now - comparison.settle);
    auto const *const ago = std::get_if<Milliseconds>(&comparison.since);
    auto const *const at = std::get_if<Instant>(&comparison.since);
    auto const lapse = ago != nullptr ? *ago : at != nullptr ? std::max(settled - *at, Milliseconds{}) : Milliseconds{};
    auto const far = at != nullptr ? std::min(lapse + length, std::max(k_reach, length)) : lapse + length;
    auto const bucket = bucket_width({settled - far, settled});
    auto const end = bucket_of(settled, bucket);
    Looks looks{{}, {end - length, end}};
    if (ago != nullptr || at != nullptr) {
        auto const then = std::min(ago != nullptr ? bucket_of(settled - *ago, bucket) : *at, end);
        looks.then = Window{then - length, then};
    }
    return widened(looks, bucket_of(settled - far, bucket));
}

/// A source that was counted once; what is asked for lies inside of that.
class CountedOnce final : public RowSource
{
public:
    CountedOnce(RowSource &source, Window const &window, std::optional<ByOption> const &by)
        : m_source{source},
          m_tally{source.tally(window, by)}
    {
    }

    Knowledge knows() const override { return m_source.knows(); }
    Asked asked() const override { return m_source.asked(); }
    std::optional<SourceInfo> origin() const override { return m_source.origin(); }
    Tally tally(Window const &window, std::optional<ByOption> const & /*by*/) override
    {
        return part_of(m_tally, window);
    }
    Tally tally_markers(Tally const &counted, ByOption const &by, Candidates const &which) override
    {
        return m_source.tally_markers(counted, by, which);
    }
    std::vector<Row> rows(RowQuery const &query, ByOption const &by) override { return m_source.rows(query, by); }
    DatabaseModels models() override { return m_source.models(); }

    Tally const &all() const { return m_tally; }

private:
    RowSource &m_source;
    Tally m_tally;
};

/// What one look sees.
struct Look
{
    Tally tally;
    Examination examination;
    std::vector<Finding> findings;
};

/// What is set aside by metadata is known of the later window alone. Where something was, the earlier look has only
/// what both have in common: a fallback must not hide that an incident is new.
Tally counted_then(CountedOnce const &source, Tally const &now, std::optional<Window> const &then)
{
    if (!then) {
        return part_of(now, {now.window.since, now.window.since});
    }
    bool const set_aside =
        std::ranges::any_of(now.cells, [](auto const &entry) { return is_marker(entry.first.reason); });
    return set_aside ? part_of(now, {now.window.since, std::max(now.window.since, then->until)})
                     : part_of(source.all(), *then);
}

/// The order of rows is known of the later look alone: who is mixed now was so then if two backends answered at the
/// same time.
void mark_mixed(Examination &then, Examination const &now)
{
    auto const overlapping = suspects(then);
    for (auto &view : then.issuers) {
        auto const &issuer = view.report.issuer;
        bool const is_mixed = std::ranges::any_of(now.issuers, [&](IssuerView const &other) {
            return other.report.issuer == issuer && other.report.verdict == Verdict::mixed;
        });
        if (is_mixed && std::ranges::find(overlapping, issuer) != overlapping.end()) {
            view.report.verdict = Verdict::mixed;
        }
    }
}

Look look_then(CountedOnce const &source, ScanData const &now, Fleet const &fleet, Looks const &looks)
{
    auto const &then = looks.then;
    auto const &expected = fleet.config.expectations;
    Look look{counted_then(source, now.tally, then), {}, {}};
    look.examination = examine(look.tally, expected, now.by.kind, source.asked());
    mark_mixed(look.examination, now.examination);
    if (then) {
        look.findings =
            detect({look.tally, expected, look.examination, {}, now.models, fleet.known_cluster(), now.knows});
        suppress(look.findings, fleet.config.ignores, looks.now.until);
    }
    return look;
}

bool contains(std::vector<Finding> const &findings, std::string const &fingerprint)
{
    return std::ranges::find(findings, fingerprint, &Finding::fingerprint) != findings.end();
}

std::optional<FindingState> state_of(Finding const &finding, Look const &then, Look const &now, Lapse const &lapse)
{
    if (is_incident(finding.rule)) {
        return incident_state(incident_of(then.tally, then.examination, finding),
                              incident_of(now.tally, now.examination, finding), lapse);
    }
    if (!contains(then.findings, finding.fingerprint)) {
        return FindingState::fresh;
    }
    bool const worth_it = finding.severity != Severity::info;
    return worth_it && is_due(lapse, now.tally.window.since) ? FindingState::reminded : FindingState::ongoing;
}

/// What is no incident leaves nothing behind: an instance without traffic has some again. Whether a mixture is over
/// cannot be told from counts.
void add_ended(std::vector<Finding> &findings, Look const &then)
{
    for (auto finding : then.findings) {
        if (!is_incident(finding.rule) && finding.rule != Rule::mixed_backends &&
            !contains(findings, finding.fingerprint)) {
            finding.state = FindingState::ended;
            findings.push_back(std::move(finding));
        }
    }
}

bool could_judge(Examination const &examination)
{
    return examination.totals.home + examination.totals.foreign > 0 ||
           std::ranges::any_of(examination.issuers,
                               [](IssuerView const &view) { return view.report.verdict == Verdict::mixed; });
}

} // namespace

Report investigate_changes(RowSource &source, Fleet const &fleet, ScanRequest const &request,
                           Comparison const &comparison)
{
    auto const looks = looks_of(request, comparison);
    CountedOnce counted{source, looks.both(), request.by};
    auto later = request;
    later.window = looks.now;
    auto data = read_scan(counted, fleet.config.expectations, later);
    auto const then = look_then(counted, data, fleet, looks);
    Look const now{data.tally, data.examination, {}};
    auto report = conclude(std::move(data), fleet, later);

    Lapse const lapse{looks.then ? looks.then->until : looks.now.since, looks.now.until, looks.now.length(),
                      comparison.remind};
    for (auto &finding : report.findings) {
        finding.state = state_of(finding, then, now, lapse);
    }
    add_ended(report.findings, then);
    if (looks.unseen) {
        report.gaps.push_back(*looks.unseen);
    }
    report.changes = Changes{looks.then ? std::optional{looks.then->until} : std::nullopt,
                             could_judge(then.examination) && !could_judge(now.examination)};
    return report;
}

} // namespace misroute
