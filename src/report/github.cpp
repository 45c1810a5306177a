// SPDX-License-Identifier: Apache-2.0
//
// Workflow commands of GitHub Actions. A step shows ten annotations of each kind and drops the others in silence; so
// ours end with a notice that says how many there are more.
#include "misroute/model/text.hpp"
#include "report/formats.hpp"
#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace misroute {

namespace {

constexpr std::size_t k_shown = 10;

std::string escaped(std::string_view words, std::string_view special)
{
    std::string result;
    for (char const byte : words) {
        bool const keep = special.find(byte) == std::string_view::npos;
        result += keep ? std::string{byte} : fmt::format("%{:02X}", static_cast<unsigned char>(byte));
    }
    return result;
}

std::string data(std::string_view words)
{
    return escaped(words, "%\r\n");
}

std::string property(std::string_view words)
{
    return escaped(text::printable(words), "%\r\n:,");
}

std::string command(std::string_view kind, std::optional<Location> const &place, std::string_view title,
                    std::string_view words)
{
    std::string properties;
    if (place) {
        properties = "file=" + property(place->file) + ",";
        properties += place->line > 0 ? fmt::format("line={},", place->line) : "";
    }
    return fmt::format("::{} {}title={}::{}\n", kind, properties, property(title), data(words));
}

std::string state_of(Finding const &finding)
{
    return finding.state ? fmt::format(" ({})", to_string(*finding.state)) : std::string{};
}

std::string words_of(Finding const &finding)
{
    auto result = one_line(finding.message, k_sentence_columns);
    for (std::size_t number = 0; number < finding.steps.size(); ++number) {
        result += fmt::format("\n{}. {}", number + 1, fmt::join(block(finding.steps[number].lines()), "\n   "));
    }
    return result;
}

/// At most `room` annotations of a kind; the rest is only counted.
class Kind
{
public:
    Kind(std::string_view name, std::size_t room) : m_name{name}, m_room{room} {}

    void add(std::optional<Location> const &place, std::string_view title, std::string_view words)
    {
        if (m_shown == m_room) {
            m_left += 1;
            return;
        }
        m_shown += 1;
        m_text += command(m_name, place, title, words);
    }

    std::string const &text() const { return m_text; }
    std::int64_t left() const { return m_left; }

private:
    std::string_view m_name;
    std::size_t m_room;
    std::size_t m_shown = 0;
    std::int64_t m_left = 0;
    std::string m_text;
};

} // namespace

std::string render_github(Report const &report, RenderOptions const & /*options*/)
{
    // One notice is kept for the outcome.
    std::array kinds{Kind{"notice", k_shown - 1}, Kind{"warning", k_shown}, Kind{"error", k_shown}};
    for (auto const &gap : report.gaps) {
        kinds[1].add({}, "misroute: gap",
                     fmt::format("{} to {} could not be read: {}", to_rfc3339(gap.window.since),
                                 to_rfc3339(gap.window.until), one_line(gap.reason, k_sentence_columns)));
    }
    for (auto const &problem : report.cluster ? report.cluster->problems : std::vector<std::string>{}) {
        kinds[1].add({}, "misroute: unreadable manifest", one_line(problem, k_sentence_columns));
    }
    for (auto const &finding : report.findings) {
        if (!finding.suppressed) {
            kinds.at(static_cast<std::size_t>(finding.severity))
                .add(place_of(report, finding),
                     fmt::format("misroute: {}{}", to_string(finding.rule), state_of(finding)), words_of(finding));
        }
    }
    auto outcome = headline(report) + "; " + count_findings(report).text();
    auto const left = kinds[0].left() + kinds[1].left() + kinds[2].left();
    if (left > 0) {
        outcome += fmt::format(" ({} more than the annotations shown)", text::grouped(left));
    }
    return kinds[2].text() + kinds[1].text() + kinds[0].text() +
           command("notice", {}, "misroute " + report.command, outcome);
}

} // namespace misroute
