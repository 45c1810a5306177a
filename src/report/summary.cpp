// SPDX-License-Identifier: Apache-2.0
#include "report/summary.hpp"

#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

std::string on_manifests(Report const &report)
{
    auto const found = count_findings(report);
    if (found.errors + found.warnings > 0) {
        return found.text() + " in the manifests";
    }
    if (!report.examined()) {
        return "no Service and no workload to examine";
    }
    if (!report.complete()) {
        return "only a part of the manifests could be examined, and nothing was found in it";
    }
    auto const services = static_cast<std::int64_t>(report.cluster->services.size());
    auto const workloads = static_cast<std::int64_t>(report.cluster->workloads.size());
    return services > 0 ? text::counted(services, "Service") + " examined, each selects its own pods"
                        : text::counted(workloads, "workload") + " examined, and no Service to reach " +
                              (workloads == 1 ? "it" : "them");
}

std::string on_traffic(Report const &report, ClassCounts const &totals)
{
    auto const mixed = std::count_if(report.issuers.begin(), report.issuers.end(),
                                     [](auto const &issuer) { return issuer.verdict == Verdict::mixed; });
    if (totals.foreign > 0) {
        return fmt::format("{} of {} {} answered by another instance", text::grouped(totals.foreign),
                           text::counted(totals.home + totals.foreign, "request"),
                           totals.foreign == 1 ? "was" : "were");
    }
    if (mixed > 0) {
        return text::counted(mixed, "issuer") + (mixed == 1 ? " interleaves" : " interleave") +
               " between backends, and nothing says which is right";
    }
    if (totals.home > 0) {
        auto const all = text::counted(totals.home, "request");
        return cannot_be_told_apart(report)
                   ? fmt::format(
                         "none of {} was answered by what another instance alone serves; some instances serve the "
                         "same, and nothing tells them apart",
                         all)
                   : fmt::format("none of {} was answered by another instance", all);
    }
    if (totals.scanned() > 0) {
        return fmt::format("none of {} could be judged", text::counted(totals.scanned(), "request"));
    }
    return "no request was seen in the window";
}

std::optional<Location> in_a_file(std::optional<Location> const &location)
{
    // "<stdin>" is what k8s calls manifests that came through a pipe.
    bool const is_file = location && !location->file.empty() && location->file != "-" && location->file != "<stdin>";
    return is_file ? location : std::nullopt;
}

} // namespace

std::string one_line(std::string_view text, std::size_t columns)
{
    return text::fit(text::printable(text), columns);
}

std::vector<std::string> block(std::string_view text)
{
    auto const masked = text::masked(text); // before the cut, which may leave of a key what no longer looks like one
    auto lines = text::printable_lines(masked.substr(0, k_block_bytes));
    if (masked.size() > k_block_bytes) {
        lines.emplace_back("…");
    }
    return lines;
}

std::string exact_usd(std::int64_t nano)
{
    constexpr std::int64_t k_nano = 1'000'000'000;
    auto const whole = nano / k_nano;
    auto const part = nano % k_nano;
    auto text = fmt::format("{}{}.{:09}", nano < 0 ? "-" : "", whole < 0 ? -whole : whole, part < 0 ? -part : part);
    text.erase(text.find_last_not_of('0') + 1);
    return text.back() == '.' ? text.substr(0, text.size() - 1) : text;
}

std::string FindingCounts::text() const
{
    std::string result;
    auto const add = [&](std::int64_t number, std::string const &words) {
        if (number > 0) {
            result += (result.empty() ? "" : ", ") + words;
        }
    };
    add(errors, text::counted(errors, "error"));
    add(warnings, text::counted(warnings, "warning"));
    add(infos, text::grouped(infos) + " informational");
    add(suppressed, text::grouped(suppressed) + " suppressed");
    return result.empty() ? "no findings" : result;
}

FindingCounts count_findings(Report const &report)
{
    FindingCounts counts;
    for (auto const &finding : report.findings) {
        auto &counter = finding.suppressed                      ? counts.suppressed
                        : finding.severity == Severity::error   ? counts.errors
                        : finding.severity == Severity::warning ? counts.warnings
                                                                : counts.infos;
        counter += 1;
    }
    return counts;
}

bool cannot_be_told_apart(Report const &report, std::string_view instance)
{
    return std::ranges::any_of(report.findings, [&](Finding const &finding) {
        auto const &pair = finding.instance; // "alder|birch"
        return finding.rule == Rule::indistinguishable_instances && !finding.suppressed &&
               (instance.empty() || pair.starts_with(fmt::format("{}|", instance)) ||
                pair.ends_with(fmt::format("|{}", instance)));
    });
}

std::string headline(Report const &report)
{
    auto sentence = report.check && !report.check->sentence.empty()
                        ? one_line(report.check->sentence, k_sentence_columns)
                    : report.totals ? on_traffic(report, *report.totals)
                                    : on_manifests(report);
    if (!report.gaps.empty()) {
        auto const gaps = static_cast<std::int64_t>(report.gaps.size());
        sentence += "; " + text::counted(gaps, "stretch", "stretches") + " of the window could not be read";
    }
    return sentence;
}

std::optional<Location> place_of(Report const &report, Finding const &finding)
{
    if (auto own = in_a_file(finding.location)) {
        return own;
    }
    for (auto const &instance : report.instances) {
        if (instance.name == finding.instance && in_a_file(instance.location)) {
            return instance.location;
        }
    }
    return in_a_file(Location{.file = report.config_file, .line = 1});
}

} // namespace misroute
