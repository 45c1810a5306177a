// SPDX-License-Identifier: Apache-2.0
//
// A trace as a table of GitHub's Markdown, for an issue or a chat.
#include "detect/answered_by.hpp"
#include "misroute/model/text.hpp"
#include "report/markdown_text.hpp"
#include "report/phrases.hpp"
#include "report/sequence_plot.hpp"
#include "report/trace.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace misroute {

namespace {

using markdown::cell_code;

/// Lines of the table; nobody reads more of them in a comment.
constexpr std::size_t k_lines = 200;

std::string named(std::string const &name)
{
    return name.empty() ? "-" : cell_code(name);
}

/// The newest requests: a comment has little room, and which are the newest is known at the end.
class TraceMarkdown : public TraceRenderer
{
public:
    explicit TraceMarkdown(RenderOptions options) : m_options{std::move(options)} {}

    std::string begin(TraceHeader const &header) override
    {
        return fmt::format(
            "## misroute trace: {}\n\n{}{}\n\n", markdown::prose(subject_of(header)), window_of(header.window),
            header.instance.empty() || header.whole ? "" : " · entered at " + markdown::code(header.instance));
    }

    std::string row(TraceRow const &row) override
    {
        m_plot.add(row.request);
        m_lines.push_back(line_of(row));
        if (m_lines.size() > k_lines) {
            m_lines.pop_front();
            ++m_left_out;
        }
        return {};
    }

    std::string end(TraceSummary const &summary) override
    {
        auto text = fmt::format("{}\n", phrase::classes(summary.counts));
        if (summary.dispatch) {
            text += order(*summary.dispatch);
        }
        if (!m_lines.empty()) {
            text += fmt::format(
                "\n| Time ({}) | Model | Tokens | Cost | Answered by | Class | Key | Deployment | Request |\n"
                "| --- | --- | ---: | ---: | --- | --- | --- | --- | --- |\n{}",
                m_options.zone.name, fmt::join(m_lines, ""));
        }
        if (m_left_out > 0 || summary.truncated) {
            text += "\nOlder requests of this window are left out; `--limit 0 --format csv` has them all.\n";
        }
        return text;
    }

private:
    std::string window_of(Window const &window) const
    {
        return fmt::format("{} to {} {}", to_timestamp(window.since, m_options.zone),
                           to_timestamp(window.until, m_options.zone), m_options.zone.name);
    }

    std::string line_of(TraceRow const &row) const
    {
        auto const &[request, judged] = row.request;
        auto const reason = reason_of(row.request);
        return fmt::format("| {} | {} | {} | {} | {} | {}{} | {} | {} | {} |\n",
                           to_timestamp(std::chrono::floor<std::chrono::seconds>(request.time), m_options.zone),
                           named(request.key.model), text::grouped(request.tokens), phrase::cost(request.spend_nano),
                           named(answerer_of(request.key, judged)), to_string(judged.row_class),
                           reason.empty() ? "" : fmt::format(": {}", reason), named(row.key_name),
                           named(deployment_of(row.request)), named(request.request_id));
    }

    std::string order(Dispatch const &dispatch) const
    {
        std::string letters;
        for (auto const &mark : m_plot.marks(dispatch.letters)) {
            letters += mark.letter;
        }
        std::vector<std::string> legend;
        for (auto const &entry : m_plot.legend(dispatch.letters)) {
            legend.push_back(markdown::code(entry));
        }
        return fmt::format("\n{}: {}\n\n{}\n", phrase::dispatch(dispatch), markdown::code(letters),
                           fmt::join(legend, " · "));
    }

    RenderOptions m_options;
    SequencePlot m_plot{k_lines};
    std::deque<std::string> m_lines;
    std::size_t m_left_out = 0;
};

} // namespace

std::unique_ptr<TraceRenderer> make_trace_markdown(RenderOptions const &options)
{
    return std::make_unique<TraceMarkdown>(options);
}

} // namespace misroute
