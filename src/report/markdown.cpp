// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/text.hpp"
#include "report/formats.hpp"
#include "report/markdown_parts.hpp"
#include "report/markdown_text.hpp"
#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace misroute {

namespace {

using namespace markdown;

/// GitHub drops a step summary above 1024 KiB as a whole, and cuts comments far earlier.
constexpr std::size_t k_summary_budget = 1'000'000;

/// Bytes left for the sentence that says what was cut.
constexpr std::size_t k_reserve = 200;

std::string percent(double share)
{
    return fmt::format("{:.3g} %", share * 100);
}

std::string symbol(Report const &report, RenderOptions const &options)
{
    auto const found = count_findings(report);
    bool const bad = found.errors > 0 || options.exit_code == 1;
    bool const unsure = options.exit_code != 0 || !report.complete() || found.warnings > 0;
    if (!options.unicode) {
        return bad ? "FAIL: " : unsure ? "WARN: " : "OK: ";
    }
    return bad ? "❌ " : unsure ? "⚠️ " : "✅ ";
}

std::string title(Report const &report, RenderOptions const &options)
{
    auto result = fmt::format("## {}misroute {}: {}\n\n", symbol(report, options), prose(report.command),
                              prose(headline(report)));
    std::vector<std::string> facts;
    if (report.source) {
        facts.push_back(code(report.source->database) +
                        (report.source->host.empty() ? "" : " at " + code(report.source->host)));
    }
    if (report.window) {
        facts.push_back(to_timestamp(report.window->since, options.zone) + " to " +
                        to_timestamp(report.window->until, options.zone) + " " + options.zone.name);
    }
    if (report.totals) {
        facts.push_back(text::counted(report.totals->scanned(), "request"));
    }
    facts.push_back(count_findings(report).text());
    return result + fmt::format("{}\n", fmt::join(facts, " · "));
}

std::string answered_by(InstanceReport const &instance)
{
    std::vector<std::string> parts;
    for (auto const &[owner, requests] : instance.answered_by) {
        if (parts.size() == 10) {
            parts.emplace_back("…");
            break;
        }
        parts.push_back(cell_code(owner) + " " + text::grouped(requests));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

void add_instances(Sections &sections, Report const &report)
{
    std::vector<std::string> rows;
    for (auto const &instance : report.instances) {
        auto const &counts = instance.counts;
        rows.push_back(fmt::format("| {} | {} | {} | {} | {} | {} |", cell_code(instance.name),
                                   to_string(instance.verdict), text::grouped(counts.scanned()),
                                   text::grouped(counts.home), text::grouped(counts.foreign), answered_by(instance)));
    }
    if (!rows.empty()) {
        sections.push_back(table("| Entered at | Verdict | Requests | Home | Foreign | Answered by |\n"
                                 "| --- | --- | ---: | ---: | ---: | --- |\n",
                                 rows));
    }
}

void add_check(Sections &sections, Report const &report)
{
    if (!report.check) {
        return;
    }
    std::vector<std::string> rows;
    for (auto const &instance : report.check->instances) {
        rows.push_back(fmt::format("| {} | {} | {} | {} |", cell_code(instance.name), text::grouped(instance.home),
                                   text::grouped(instance.foreign),
                                   instance.excludes_share ? percent(*instance.excludes_share) + " or more" : "none"));
    }
    sections.push_back("### Check: " + prose(report.check->verdict) + "\n\n" +
                       table(fmt::format("| Instance | Clean requests | Foreign | Wrong share excluded at {:.3g} % |\n"
                                         "| --- | ---: | ---: | ---: |\n",
                                         report.check->confidence * 100),
                             rows) +
                       fmt::format("\nWaited {} s.\n", report.check->waited_seconds));
}

std::string story(IssuerReport const &issuer, Zone const &zone)
{
    std::string result;
    if (issuer.onset) {
        auto const &onset = *issuer.onset;
        auto const when = [&](Instant at) { return to_timestamp(at, zone) + " " + zone.name; };
        result += ", since " + when(onset.at);
        result += onset.ongoing || !onset.ended_at ? ", ongoing" : ", ended " + when(*onset.ended_at);
    }
    if (issuer.dispatch && issuer.dispatch->pattern != Pattern::undetermined) {
        auto const &dispatch = *issuer.dispatch;
        result += fmt::format(", {} {}", dispatch.certain ? "is" : "compatible with", to_string(dispatch.pattern));
        result += dispatch.backends ? " over " + text::counted(*dispatch.backends, "pod") : "";
    }
    return result;
}

void add_issuers(Sections &sections, Report const &report, Zone const &zone)
{
    std::vector<std::string> rows;
    std::string stories;
    for (auto const &issuer : report.issuers) {
        if (issuer.verdict != Verdict::misrouted && issuer.verdict != Verdict::mixed) {
            continue;
        }
        for (auto const &use : issuer.backends) {
            rows.push_back(fmt::format("| {} | {} | {} | {} | {} | {} | {} |", cell_code(issuer.issuer.text()),
                                       backend_cell(use.backend.provider, use.backend.upstream),
                                       use.owner.empty() ? "nobody" : cell_code(use.owner.text()),
                                       to_string(use.row_class), text::grouped(use.sums.requests),
                                       text::grouped(use.sums.tokens), exact_usd(use.sums.spend_nano)));
        }
        auto const words = story(issuer, zone);
        if (!words.empty() && rows.size() <= k_table_rows) {
            stories += "- " + code(issuer.issuer.text()) + words + "\n";
        }
    }
    if (!rows.empty()) {
        sections.push_back("### Who answered\n\n" +
                           table("| Issuer | Backend | Of instance | Class | Requests | Tokens | Spend (USD) |\n"
                                 "| --- | --- | --- | --- | ---: | ---: | ---: |\n",
                                 rows) +
                           (stories.empty() ? "" : "\n" + stories));
    }
}

void add_cluster(Sections &sections, Report const &report)
{
    if (!report.cluster || report.cluster->services.empty()) {
        return;
    }
    std::vector<std::string> rows;
    for (auto const &service : report.cluster->services) {
        std::vector<std::string> selector;
        for (auto const &[label, value] : service.selector) {
            selector.push_back(fmt::format("{}={}", label, value));
        }
        std::vector<std::string> selected;
        for (auto const index : service.workloads) {
            if (index < report.cluster->workloads.size() && selected.size() < 10) {
                auto const &workload = report.cluster->workloads[index];
                selected.push_back(cell_code(workload.kind + " " + workload.name.text()));
            }
        }
        rows.push_back(fmt::format("| {} | {} | {} | {} | {} |", cell_code(service.name.text()),
                                   cell_code(service.instance), cell_code(fmt::format("{}", fmt::join(selector, ","))),
                                   fmt::join(selected, ", "),
                                   service.endpoints ? std::to_string(*service.endpoints) : "not known"));
    }
    sections.push_back("### Services\n\n" +
                       table("| Service | Of instance | Selector | Selects the pods of | Endpoints |\n"
                             "| --- | --- | --- | --- | ---: |\n",
                             rows));
}

void add_rest(Sections &sections, Report const &report, Zone const &zone)
{
    std::string gaps;
    for (auto const &gap : report.gaps) {
        gaps += fmt::format("- {} to {} {}: {}\n", to_timestamp(gap.window.since, zone),
                            to_timestamp(gap.window.until, zone), zone.name, prose(gap.reason));
    }
    if (report.cluster) {
        for (auto const &problem : report.cluster->problems) {
            gaps += "- " + prose(problem) + "\n";
        }
    }
    std::string notes;
    for (auto const &note : report.notes) {
        notes += "- " + prose(note) + "\n";
    }
    if (!gaps.empty()) {
        sections.push_back("### What could not be read\n\n" + gaps);
    }
    if (!notes.empty()) {
        sections.push_back("### Notes\n\n" + notes);
    }
}

/// The sections that fit, and a sentence about those that do not.
std::string fitting(Sections const &sections)
{
    std::string result;
    for (std::size_t number = 0; number < sections.size(); ++number) {
        if (result.size() + sections[number].size() + 1 > k_summary_budget - k_reserve) {
            auto const left = static_cast<std::int64_t>(sections.size() - number);
            return result + fmt::format("\n**{} cut here: the report is larger than 1,000,000 bytes. "
                                        "The format `json` has everything.**\n",
                                        left == 1 ? "1 section was" : text::grouped(left) + " sections were");
        }
        result += (number == 0 ? "" : "\n") + sections[number];
    }
    return result;
}

} // namespace

std::string render_markdown(Report const &report, RenderOptions const &options)
{
    Sections sections{title(report, options)};
    add_instances(sections, report);
    add_check(sections, report);
    add_causes(sections, report);
    add_findings(sections, report, options.zone);
    add_issuers(sections, report, options.zone);
    add_cluster(sections, report);
    add_rest(sections, report, options.zone);
    return fitting(sections);
}

} // namespace misroute
