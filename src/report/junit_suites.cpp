// SPDX-License-Identifier: Apache-2.0
#include "report/junit_suites.hpp"

#include "misroute/model/text.hpp"
#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace misroute::junit {

namespace {

/// What belongs to no configured instance.
constexpr std::string_view k_no_instance = "(no instance)";

/// The suite about the run: gaps, unreadable manifests, whether anything was judged.
constexpr std::string_view k_run = "misroute";

/// Suites and cases by name, in the order in which they were first asked for.
class Run
{
public:
    Case &at(std::string_view instance, std::string_view rule, std::string_view name)
    {
        auto const suite_name = one_line(instance.empty() ? k_no_instance : instance);
        auto const [suite, is_new] = m_suite_numbers.try_emplace(suite_name, m_suites.size());
        if (is_new) {
            m_suites.push_back({.name = suite_name, .cases = {}});
        }
        auto &cases = m_suites[suite->second].cases;
        auto const shown_rule = one_line(rule);
        auto const shown_name = one_line(name);
        auto const [number, missing] =
            m_case_numbers.try_emplace({suite->second, shown_rule, shown_name}, cases.size());
        if (missing) {
            cases.push_back({.classname = suite_name + "." + shown_rule, .rule = shown_rule, .name = shown_name});
        }
        return cases[number->second];
    }

    std::vector<Suite> take() { return std::move(m_suites); }

private:
    std::vector<Suite> m_suites;
    std::map<std::string, std::size_t> m_suite_numbers;
    std::map<std::tuple<std::size_t, std::string, std::string>, std::size_t> m_case_numbers;
};

void skip(Case &test, std::string_view why)
{
    test.outcome = Outcome::skipped;
    test.message = one_line(why, k_sentence_columns);
}

/// Why an issuer's rules could not be decided; empty when they could.
std::string_view undecided(Report const &report, IssuerReport const &issuer)
{
    switch (issuer.verdict) {
    case Verdict::unknown:
        return "no row tells who answered";
    case Verdict::no_traffic:
        return "no rows";
    case Verdict::unassigned:
        return !report.instances.empty()       ? "belongs to no configured instance"
               : issuer.counts.unassigned == 0 ? "no row could be judged"
                                               : "";
    case Verdict::clean:
    case Verdict::misrouted:
    case Verdict::mixed:
        break;
    }
    return "";
}

bool has_stamp(IssuerReport const &issuer)
{
    return std::any_of(issuer.backends.begin(), issuer.backends.end(),
                       [](BackendUse const &use) { return !use.backend.stamp.empty(); });
}

/// The rules that an issuer was held against. Without a stamp in any row, a passing instance-mismatch would prove
/// nothing.
std::vector<Rule> rules_for(IssuerReport const &issuer)
{
    if (issuer.instance.empty()) {
        return {Rule::mixed_backends};
    }
    std::vector<Rule> rules{Rule::provider_mismatch, Rule::upstream_mismatch};
    if (has_stamp(issuer)) {
        rules.push_back(Rule::instance_mismatch);
    }
    return rules;
}

void add_traffic(Run &run, Report const &report)
{
    for (auto const &instance : report.instances) {
        auto &test = run.at(instance.name, to_string(Rule::no_traffic), instance.name);
        if (instance.counts.scanned() == 0) {
            skip(test, "no request entered at this instance in the window");
        }
    }
    for (auto const &issuer : report.issuers) {
        auto const why = undecided(report, issuer);
        for (auto const &rule : rules_for(issuer)) {
            auto &test = run.at(issuer.instance.text(), to_string(rule), issuer.issuer.text());
            if (!why.empty()) {
                skip(test, why);
            }
        }
    }
}

void add_check(Run &run, Report const &report)
{
    if (!report.check) {
        return;
    }
    auto const &check = *report.check;
    auto const name = fmt::format("a wrong share of {:.3g} % is excluded at {:.3g} %", check.exclude_share * 100,
                                  check.confidence * 100);
    for (auto const &instance : check.instances) {
        auto &test = run.at(instance.name, "check", name);
        test.text = fmt::format("clean requests: {}\nforeign requests: {}\nindependent requests: {:.1f}\n",
                                instance.home, instance.foreign, instance.effective);
        if (instance.verdict == "fail") {
            test.outcome = Outcome::failed;
            test.message = instance.sentence;
        } else if (instance.verdict != "pass") {
            skip(test, instance.sentence);
        }
    }
}

void add_services(Run &run, Report const &report)
{
    if (!report.cluster) {
        return;
    }
    for (auto const &service : report.cluster->services) {
        auto &test =
            run.at(service.instance, to_string(Rule::service_selects_other_instance), "Service " + service.name.text());
        test.location = service.location.file.empty() ? std::nullopt : std::optional{service.location};
        if (service.selectorless) {
            skip(test, "has no selector");
        } else if (service.workloads.empty()) {
            skip(test, "selects no pods of the manifests");
        }
    }
}

void add_run(Run &run, Report const &report)
{
    for (auto const &gap : report.gaps) {
        auto &test = run.at(k_run, "read", to_rfc3339(gap.window.since) + " to " + to_rfc3339(gap.window.until));
        test.outcome = Outcome::error;
        test.message = one_line(gap.reason, k_sentence_columns);
    }
    for (auto const &problem : report.cluster ? report.cluster->problems : std::vector<std::string>{}) {
        auto &test = run.at(k_run, "manifests", problem);
        test.outcome = Outcome::error;
        test.message = one_line(problem, k_sentence_columns);
    }
    if (report.window && report.gaps.empty()) {
        run.at(k_run, "read", "the whole window was read");
    }
    auto &judged = run.at(k_run, "examined", "something could be judged");
    if (!report.examined() || (!report.totals && !report.complete())) {
        skip(judged, headline(report));
    }
}

std::string details(Finding const &finding)
{
    std::vector<std::string> lines{one_line(finding.message, k_sentence_columns),
                                   "expected: " + one_line(finding.expected, k_sentence_columns),
                                   "observed: " + one_line(finding.observed, k_sentence_columns)};
    if (finding.state) {
        lines.push_back(fmt::format("state: {}", to_string(*finding.state)));
    }
    for (auto const &seen : finding.evidence) {
        lines.push_back(fmt::format("  {}  {}  {}  {} at {}  {} tokens  {} USD", to_rfc3339(seen.time),
                                    one_line(seen.request_id), one_line(seen.model), one_line(seen.provider),
                                    one_line(seen.upstream), seen.tokens, exact_usd(seen.spend_nano)));
    }
    for (std::size_t number = 0; number < finding.steps.size(); ++number) {
        auto const step = block(finding.steps[number].lines());
        lines.push_back(fmt::format("{}. {}", number + 1, fmt::join(step, "\n   ")));
    }
    return fmt::format("{}\n", fmt::join(lines, "\n"));
}

std::string const &name_of(Finding const &finding)
{
    return !finding.issuer.empty() ? finding.issuer : !finding.object.empty() ? finding.object : finding.instance;
}

/// A failure outranks a suppression, and that what nothing could decide.
void apply(Run &run, Report const &report, Finding const &finding, std::optional<Severity> fail_on)
{
    auto &test = run.at(finding.instance, to_string(finding.rule), name_of(finding));
    test.text += details(finding);
    if (auto const place = place_of(report, finding)) {
        test.location = place;
    }
    if (finding.suppressed) {
        if (test.outcome != Outcome::failed) {
            auto const &until = finding.suppressed->until;
            skip(test,
                 fmt::format("suppressed{}: {}", until.empty() ? "" : " until " + until, finding.suppressed->reason));
        }
    } else if (fail_on && finding.severity >= *fail_on && (!report.changes || is_told(finding)) &&
               finding.state != FindingState::ended) {
        if (test.failures == 0) {
            test.message = one_line(finding.message, k_sentence_columns);
        }
        test.failures += 1;
        test.outcome = Outcome::failed;
    }
}

} // namespace

std::vector<Suite> suites_of(Report const &report, std::optional<Severity> fail_on)
{
    Run run;
    add_traffic(run, report);
    add_check(run, report);
    add_services(run, report);
    for (auto const &finding : report.findings) {
        apply(run, report, finding, fail_on);
    }
    add_run(run, report);
    return run.take();
}

} // namespace misroute::junit
