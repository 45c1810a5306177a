// SPDX-License-Identifier: Apache-2.0
//
// Prometheus' text format (0.0.4) for node_exporter's textfile collector: gauges of the last run, without time stamps,
// which the collector refuses. Names of issuers and keys are never labels: they are secret and without number. Series
// are there at zero too, so that an alert resolves when its cause is gone.
#include "misroute/model/litellm.hpp"
#include "misroute/model/text.hpp"
#include "misroute/version.hpp"
#include "report/formats.hpp"
#include "report/summary.hpp"

#include <fmt/format.h>

#include <array>
#include <map>

namespace misroute {

namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

std::string label_value(std::string_view value)
{
    std::string result;
    for (char const byte : one_line(value)) {
        result += byte == '\\' ? "\\\\" : byte == '"' ? "\\\"" : std::string{byte};
    }
    return result;
}

/// One metric: HELP and TYPE once, then its series. Two hostile names may look the same once they are safe to print;
/// their values are added up, since a series may stand in a file once only.
class Gauge
{
public:
    Gauge(std::string_view name, std::string_view help) : m_name{name}, m_help{help} {}

    Gauge &add(Labels const &labels, double value)
    {
        std::vector<std::string> parts;
        for (auto const &[label, text] : labels) {
            parts.push_back(fmt::format("{}=\"{}\"", label, label_value(text)));
        }
        m_series[parts.empty() ? "" : fmt::format("{{{}}}", fmt::join(parts, ","))] += value;
        return *this;
    }

    Gauge &add(Labels const &labels, std::int64_t value) { return add(labels, static_cast<double>(value)); }

    std::string text() const
    {
        if (m_series.empty()) {
            return "";
        }
        auto result = fmt::format("# HELP misroute_{0} {1}\n# TYPE misroute_{0} gauge\n", m_name, m_help);
        for (auto const &[labels, value] : m_series) {
            result += fmt::format("misroute_{}{} {}\n", m_name, labels, value);
        }
        return result;
    }

private:
    std::string_view m_name;
    std::string_view m_help;
    std::map<std::string, double> m_series;
};

constexpr std::array k_classes{RowClass::home, RowClass::foreign, RowClass::unknown, RowClass::excluded,
                               RowClass::unassigned};
constexpr std::array k_verdicts{Verdict::clean,   Verdict::misrouted,  Verdict::mixed,
                                Verdict::unknown, Verdict::unassigned, Verdict::no_traffic};

std::int64_t of_class(ClassCounts const &counts, RowClass row_class)
{
    std::array const values{counts.home, counts.foreign, counts.unknown, counts.excluded, counts.unassigned};
    return values.at(static_cast<std::size_t>(row_class));
}

double seconds(Instant at)
{
    return static_cast<double>(at.time_since_epoch().count()) / 1000;
}

/// A provider LiteLLM does not know comes from a row alone: it must not make a series of its own.
std::string provider_label(std::string const &provider)
{
    return provider.empty() ? "unknown" : litellm::is_provider(provider) ? provider : "other";
}

std::string run(Report const &report, RenderOptions const &options)
{
    bool const success = options.exit_code == 0 || options.exit_code == 1;
    return Gauge{"build_info", "The version of misroute that wrote this file."}
               .add({{"version", std::string{k_version}}}, 1.0)
               .text() +
           Gauge{"last_run_timestamp_seconds", "When the last run examined the logs."}
               .add({}, seconds(report.generated_at))
               .text() +
           Gauge{"last_success_timestamp_seconds",
                 "When the last run examined the logs and could decide; 0 when it could not."}
               .add({}, success ? seconds(report.generated_at) : 0.0)
               .text() +
           Gauge{"exit_code", "Exit code of the last run: 0 clean, 1 findings, 2 failure, 3 inconclusive."}
               .add({}, static_cast<std::int64_t>(options.exit_code))
               .text() +
           Gauge{"gaps", "Stretches of the window that could not be read."}
               .add({}, static_cast<std::int64_t>(report.gaps.size()))
               .text();
}

/// Every rule for every configured instance, and for none, which is what fleet-wide findings have.
std::string findings(Report const &report)
{
    Gauge active{"findings", "Findings that are not suppressed; without an instance they concern the fleet."};
    Gauge suppressed{"suppressed_findings", "Findings that the configuration suppresses."};
    for (auto const &rule : rules()) {
        std::string const severity{to_string(rule.severity)};
        std::string const name{rule.name};
        active.add({{"instance", ""}, {"rule", name}, {"severity", severity}}, 0.0);
        suppressed.add({{"rule", name}, {"severity", severity}}, 0.0);
        for (auto const &instance : report.instances) {
            active.add({{"instance", instance.name}, {"rule", name}, {"severity", severity}}, 0.0);
        }
    }
    for (auto const &finding : report.findings) {
        std::string const severity{to_string(finding.severity)};
        std::string const rule{to_string(finding.rule)};
        if (finding.suppressed) {
            suppressed.add({{"rule", rule}, {"severity", severity}}, 1.0);
        } else {
            active.add({{"instance", finding.instance}, {"rule", rule}, {"severity", severity}}, 1.0);
        }
    }
    return active.text() + suppressed.text();
}

std::string changes(Report const &report)
{
    if (!report.changes) {
        return "";
    }
    Gauge states{"finding_state", "1 for each finding that is not suppressed, with what became of it."};
    for (auto const &finding : report.findings) {
        if (finding.state && !finding.suppressed) {
            states.add({{"fingerprint", finding.fingerprint},
                        {"instance", finding.instance},
                        {"rule", std::string{to_string(finding.rule)}},
                        {"state", std::string{to_string(*finding.state)}}},
                       1.0);
        }
    }
    return states.text();
}

std::string totals(Report const &report)
{
    if (!report.totals) {
        return "";
    }
    Gauge requests{"requests", "Requests of the window by class."};
    Gauge excluded{"excluded_requests", "Requests that tell nothing about routing, by reason."};
    for (auto const row_class : k_classes) {
        requests.add({{"class", std::string{to_string(row_class)}}}, of_class(*report.totals, row_class));
    }
    for (std::size_t reason = 1; reason < k_exclusion_reasons; ++reason) {
        excluded.add({{"reason", std::string{to_string(static_cast<ExclusionReason>(reason))}}},
                     report.totals->by_reason.at(reason));
    }
    auto const window = report.window ? report.window->length() : Milliseconds::zero();
    return requests.text() + excluded.text() +
           Gauge{"window_seconds", "Length of the window."}.add({}, static_cast<double>(window.count()) / 1000).text();
}

std::string cost(Report const &report)
{
    if (!report.cost) {
        return "";
    }
    auto result = Gauge{"foreign_tokens", "Tokens of requests that another instance answered."}
                      .add({}, report.cost->foreign_tokens)
                      .text() +
                  Gauge{"unpriced_tokens", "Tokens of foreign requests that cost nothing."}
                      .add({}, report.cost->unpriced_tokens)
                      .text();
    if (report.cost->estimated_unbilled_usd) {
        result +=
            Gauge{"estimated_unbilled_dollars", "What the unpriced tokens would have cost at home, in US dollars."}
                .add({}, *report.cost->estimated_unbilled_usd)
                .text();
    }
    return result;
}

std::string instances(Report const &report)
{
    Gauge requests{"instance_requests", "Requests that entered at an instance, by class."};
    Gauge verdicts{"instance_verdict", "1 for the verdict on an instance, 0 for all others."};
    for (auto const &instance : report.instances) {
        for (auto const row_class : k_classes) {
            requests.add({{"instance", instance.name}, {"class", std::string{to_string(row_class)}}},
                         of_class(instance.counts, row_class));
        }
        for (auto const verdict : k_verdicts) {
            verdicts.add({{"instance", instance.name}, {"verdict", std::string{to_string(verdict)}}},
                         instance.verdict == verdict ? 1.0 : 0.0);
        }
    }
    Gauge providers{"provider_requests", "Requests that entered at an instance, by the provider that answered."};
    for (auto const &issuer : report.issuers) {
        for (auto const &use : issuer.backends) {
            if (use.row_class == RowClass::home || use.row_class == RowClass::foreign) {
                providers.add({{"instance", issuer.instance.text()},
                               {"provider", provider_label(use.backend.provider)},
                               {"class", std::string{to_string(use.row_class)}}},
                              use.sums.requests);
            }
        }
    }
    return requests.text() + verdicts.text() + providers.text();
}

std::string check(Report const &report)
{
    if (!report.check) {
        return "";
    }
    Gauge verdicts{"check_verdict", "1 for the verdict of the check, 0 for the others."};
    for (std::string_view const verdict : {"pass", "fail", "inconclusive"}) {
        verdicts.add({{"verdict", std::string{verdict}}}, report.check->verdict == verdict ? 1.0 : 0.0);
    }
    Gauge shares{"check_excluded_share_ratio",
                 "The smallest wrong share that would have been seen; 1 when none would."};
    std::map<std::string, double> worst;
    for (auto const &instance : report.check->instances) {
        auto &share = worst[one_line(instance.name)];
        share = std::max(share, instance.excludes_share.value_or(1.0));
    }
    for (auto const &[name, share] : worst) {
        shares.add({{"instance", name}}, share);
    }
    return verdicts.text() + shares.text();
}

} // namespace

std::string render_prometheus(Report const &report, RenderOptions const &options)
{
    return run(report, options) + findings(report) + changes(report) + totals(report) + cost(report) +
           instances(report) + check(report);
}

} // namespace misroute
