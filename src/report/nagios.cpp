// SPDX-License-Identifier: Apache-2.0
//
// The output of a Nagios plugin: a status line with performance data, then a line per finding.
#include "misroute/model/text.hpp"
#include "report/formats.hpp"
#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace misroute {

namespace {

/// Nagios reads 8 KiB of a plugin by default; the status line comes first, and the findings take what is left.
constexpr std::size_t k_output_budget = 8000;
constexpr std::size_t k_performance_budget = 4000;

/// A bar ends the text, and Nagios itself removes the rest from what it hands to a shell (illegal_macro_output_chars).
/// An amount stays readable.
std::string harmless(std::string_view words)
{
    constexpr std::string_view k_illegal = "`~$&|'\"<>";
    std::string result;
    for (char const byte : words) {
        bool const illegal = k_illegal.find(byte) != std::string_view::npos;
        result += byte == '$' ? "USD " : illegal ? "_" : std::string{byte};
    }
    return result;
}

/// A label of performance data: letters, digits and a little else.
std::string label(std::string_view name)
{
    std::string result;
    for (char const byte : one_line(name, 40)) {
        bool const plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= '0' && byte <= '9') || byte == '.' || byte == '-';
        result += plain ? byte : '_';
    }
    return result;
}

/// "'foreign'=5;;0;0;8": value, warning, critical, least and greatest possible value.
std::string performance(Report const &report)
{
    auto const found = count_findings(report);
    std::string result = fmt::format("'errors'={};;0;0 'warnings'={};0;;0", found.errors, found.warnings);
    if (!report.totals) {
        return result;
    }
    auto const &totals = *report.totals;
    auto const judged = totals.home + totals.foreign;
    result += fmt::format(" 'requests'={};;;0 'home'={};;;0 'foreign'={};;0;0;{} 'unknown'={};;;0 'gaps'={};;0;0",
                          totals.scanned(), totals.home, totals.foreign, judged, totals.unknown, report.gaps.size());
    std::set<std::string> labels;
    for (auto const &instance : report.instances) {
        auto const both = instance.counts.home + instance.counts.foreign;
        auto const name = label(instance.name) + "_foreign_share";
        if (both > 0 && labels.insert(name).second) {
            auto const value =
                fmt::format(" '{}'={:.4g}%;;0;0;100", name,
                            100.0 * static_cast<double>(instance.counts.foreign) / static_cast<double>(both));
            if (result.size() + value.size() > k_performance_budget) {
                break;
            }
            result += value;
        }
    }
    return result;
}

} // namespace

int nagios_status(Report const &report, int exit_code)
{
    auto const found = count_findings(report);
    if (exit_code != 0 && exit_code != 1) {
        return 3;
    }
    if (found.errors > 0) {
        return 2;
    }
    if (exit_code == 1) {
        return found.warnings + found.infos > 0 ? 1 : 2;
    }
    return found.warnings > 0 ? 1 : 0;
}

std::string render_nagios(Report const &report, RenderOptions const &options)
{
    constexpr std::array<std::string_view, 4> k_words{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    auto const status = static_cast<std::size_t>(nagios_status(report, options.exit_code));
    auto result = fmt::format("MISROUTE {}: {} ({}) | {}\n", k_words.at(status), harmless(headline(report)),
                              count_findings(report).text(), performance(report));
    for (auto const &finding : report.findings) {
        if (finding.suppressed) {
            continue;
        }
        auto const line = harmless(fmt::format("{} {}{}: {}\n", to_string(finding.severity), to_string(finding.rule),
                                               finding.state ? fmt::format(" ({})", to_string(*finding.state)) : "",
                                               one_line(finding.message, k_sentence_columns)));
        if (result.size() + line.size() > k_output_budget) {
            return result + "more findings are not shown here\n";
        }
        result += line;
    }
    return result;
}

} // namespace misroute
