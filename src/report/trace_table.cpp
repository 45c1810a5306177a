// SPDX-License-Identifier: Apache-2.0
#include "detect/answered_by.hpp"
#include "misroute/model/text.hpp"
#include "report/phrases.hpp"
#include "report/sequence_plot.hpp"
#include "report/text_canvas.hpp"
#include "report/trace.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace misroute {

namespace {

constexpr std::size_t k_time = 8;       // "20:28:15"
constexpr std::size_t k_tokens = 9;     // "1,234,567"
constexpr std::size_t k_cost = 8;       // "$123.456"
constexpr std::size_t k_class = 10;     // "unassigned"
constexpr std::size_t k_class_why = 28; // "foreign deployment-mismatch"
constexpr std::size_t k_deployment = 12;
constexpr std::size_t k_name = 14;     // of a key or a host
constexpr std::size_t k_id = 36;       // a UUID; a longer one is cut
constexpr std::size_t k_answered = 11; // "answered by"
constexpr std::size_t k_short_id = 10;
constexpr std::size_t k_short_deployment = 8;
constexpr std::size_t k_wide = 150;  // from here on the reason stands beside the class, and ids are whole
constexpr std::size_t k_medium = 92; // from here on key and deployment have columns
constexpr std::size_t k_plot_lines = 4;
constexpr std::size_t k_plot_indent = 9; // "order    "

/// Columns of what depends on the width of the page; the rest is fixed, since rows are not known beforehand.
struct Columns
{
    explicit Columns(std::size_t width)
        : row_class{width >= k_wide ? k_class_why : k_class},
          name{width >= k_wide     ? k_name
               : width >= k_medium ? k_name - 4
                                   : 0},
          deployment{width >= k_wide     ? k_deployment
                     : width >= k_medium ? k_short_deployment
                                         : 0},
          id{width >= k_wide ? k_id : k_short_id}
    {
        // The mark, and one blank after each column but the last.
        auto const optional = name > 0 ? name + deployment + 2 : 0;
        auto const taken = 2 + k_time + k_tokens + k_cost + row_class + optional + id + 6;
        auto const rest = width > taken + 12 ? width - taken : 12;
        answered = std::clamp<std::size_t>(rest * 3 / 8, std::min<std::size_t>(k_answered, rest / 2), 30);
        model = rest - answered;
    }

    std::size_t model = 0;
    std::size_t answered = 0;
    std::size_t row_class;
    std::size_t name;       ///< of a key or a host; 0: no such column
    std::size_t deployment; ///< 0: no such column
    std::size_t id;
};

Style style_of(RowClass row_class)
{
    switch (row_class) {
    case RowClass::home:
        return Style::good;
    case RowClass::foreign:
        return Style::bad;
    case RowClass::unknown:
        return Style::warn;
    case RowClass::excluded:
    case RowClass::unassigned:
        break;
    }
    return Style::dim;
}

/// A few lines of the newest requests, and no more than have letters.
std::size_t plot_capacity(std::size_t width)
{
    return std::min(k_plot_lines * (std::max<std::size_t>(width, 40) - k_plot_indent), k_dispatch_rows);
}

/// A line per request, then the order as a row of letters and what it says.
class TraceTable : public TraceRenderer
{
public:
    explicit TraceTable(RenderOptions const &options)
        : m_options{options},
          m_columns{static_cast<std::size_t>(options.width)},
          m_plot{plot_capacity(static_cast<std::size_t>(options.width))}
    {
    }

    std::string begin(TraceHeader const &header) override
    {
        TextCanvas canvas{m_options};
        m_header = header;
        canvas.line(0,
                    {{"misroute trace", Style::strong},
                     {"  " + subject_of(header)},
                     {header.instance.empty() || header.whole ? "" : "  entered at " + header.instance, Style::dim}});
        canvas.line(0, {{phrase::window(header.window, m_options.zone), Style::dim}});
        return canvas.text();
    }

    std::string row(TraceRow const &row) override
    {
        TextCanvas canvas{m_options};
        auto const &[request, judged] = row.request;
        auto const when = to_timestamp(std::chrono::floor<std::chrono::seconds>(request.time), m_options.zone);
        if (auto const day = when.substr(0, 10); day != m_day) {
            m_day = day;
            canvas.line(0, {});
            headings(canvas, day);
        }
        auto const style = style_of(judged.row_class);
        bool const foreign = judged.row_class == RowClass::foreign;
        std::vector<Span> spans{{std::string{foreign ? canvas.either("✗ ", "x ") : "  "}, style},
                                {when.substr(11) + " "},
                                {cell(canvas, request.key.model, m_columns.model)},
                                {fmt::format("{:>{}} ", text::grouped(request.tokens), k_tokens)},
                                {fmt::format("{:>{}} ", phrase::cost(request.spend_nano), k_cost)},
                                {cell(canvas, answerer_of(request.key, judged), m_columns.answered), style},
                                {text::padded(verdict(row.request), m_columns.row_class) + " ", style}};
        if (m_columns.name > 0) {
            spans.push_back({cell(canvas, by_key() ? row.key_name : request.key.host, m_columns.name)});
            spans.push_back({deployment(canvas, row.request)});
        }
        spans.push_back({id(canvas, request.request_id), Style::dim});
        canvas.line(0, spans);
        m_plot.add(row.request);
        note_reason(row.request);
        return canvas.text();
    }

    std::string end(TraceSummary const &summary) override
    {
        TextCanvas canvas{m_options};
        canvas.line(0, {});
        if (summary.dispatch) {
            plot(canvas, summary.dispatch->letters);
            canvas.paragraph(0, "pattern  " + phrase::dispatch(*summary.dispatch), Style::plain, k_plot_indent);
        }
        canvas.paragraph(0, phrase::classes(summary.counts), Style::dim, 2);
        if (!m_reasons.empty()) {
            std::vector<std::string> reasons;
            for (auto const &[reason, requests] : m_reasons) {
                reasons.push_back(fmt::format("{} {}", text::grouped(requests), reason));
            }
            canvas.paragraph(0, fmt::format("foreign by {}", fmt::join(reasons, ", ")), Style::dim, 2);
        }
        if (summary.truncated) {
            canvas.paragraph(0, "the limit was reached and requests are missing: narrow the window, or raise --limit",
                             Style::warn, 2);
        }
        return canvas.text();
    }

private:
    static std::string cell(TextCanvas const &canvas, std::string const &value, std::size_t columns)
    {
        auto const shown = text::printable(value.empty() ? "-" : value, canvas.charset());
        return text::padded(text::fit(shown, columns, canvas.charset()), columns) + " ";
    }

    /// The beginning of a hash tells deployments apart; names are cut as all are.
    std::string deployment(TextCanvas const &canvas, JudgedRow const &request) const
    {
        auto const name = deployment_of(request);
        bool const hash = name.size() == k_deployment && name != request.row.key.model_id;
        return cell(canvas, hash ? name.substr(0, m_columns.deployment) : name, m_columns.deployment);
    }

    /// Of a request id that is too long the end: LiteLLM's begin alike.
    std::string id(TextCanvas const &canvas, std::string const &request_id) const
    {
        auto const shown = text::printable(request_id, canvas.charset());
        bool const ascii = std::ranges::all_of(shown, [](unsigned char byte) { return byte < 0x80; });
        return !ascii || shown.size() <= m_columns.id
                   ? canvas.name(request_id, m_columns.id)
                   : std::string{canvas.either("…", "~")} + shown.substr(shown.size() - (m_columns.id - 1));
    }

    void headings(TextCanvas &canvas, std::string const &day) const
    {
        canvas.line(2, {{day, Style::dim}});
        canvas.line(2, {{text::padded("time", k_time + 1) + text::padded("model", m_columns.model + 1) +
                             fmt::format("{:>{}} {:>{}} ", "tokens", k_tokens, "cost", k_cost) +
                             text::padded(text::fit("answered by", m_columns.answered), m_columns.answered + 1) +
                             text::padded("class", m_columns.row_class + 1) +
                             (m_columns.name == 0
                                  ? std::string{}
                                  : text::padded(by_key() ? "key" : "host", m_columns.name + 1) +
                                        text::padded(m_columns.deployment < k_deployment ? "deploy." : "deployment",
                                                     m_columns.deployment + 1)) +
                             text::fit("request id", m_columns.id),
                         Style::dim}});
    }

    /// Beside a key its hosts are news, beside anything else the keys.
    bool by_key() const { return m_header.whole || m_header.issuer.kind != IssuerKind::key; }

    /// Where lines have no room for the rules, the end tells them.
    void note_reason(JudgedRow const &request)
    {
        if (m_columns.row_class == k_class && request.judged.row_class == RowClass::foreign) {
            ++m_reasons[std::string{reason_of(request)}];
        }
    }

    std::string verdict(JudgedRow const &request) const
    {
        auto const reason = reason_of(request);
        auto const word = to_string(request.judged.row_class);
        return reason.empty() || m_columns.row_class == k_class ? std::string{word}
                                                                : fmt::format("{} {}", word, reason);
    }

    void plot(TextCanvas &canvas, std::map<std::string, char> const &letters) const
    {
        auto const marks = m_plot.marks(letters);
        auto const per_line = canvas.width() - k_plot_indent;
        for (std::size_t start = 0; start < marks.size(); start += per_line) {
            std::vector<Span> spans{{start == 0 ? "order    " : std::string(k_plot_indent, ' '), Style::dim}};
            for (auto at = start; at < std::min(start + per_line, marks.size()); ++at) {
                auto const style = style_of(marks[at].row_class);
                if (spans.size() == 1 || spans.back().style != style) {
                    spans.push_back({"", style});
                }
                spans.back().text += marks[at].letter;
            }
            canvas.line(0, spans);
        }
        auto const newest =
            m_plot.cut() ? fmt::format(" (the newest {})", text::grouped(static_cast<std::int64_t>(marks.size())))
                         : std::string{};
        canvas.paragraph(k_plot_indent, fmt::format("{}{}", fmt::join(m_plot.legend(letters), " · "), newest),
                         Style::dim);
    }

    RenderOptions m_options;
    Columns m_columns;
    SequencePlot m_plot;
    TraceHeader m_header;
    std::map<std::string, std::int64_t> m_reasons; ///< rules of foreign requests
    std::string m_day;
};

} // namespace

std::unique_ptr<TraceRenderer> make_trace_table(RenderOptions const &options)
{
    return std::make_unique<TraceTable>(options);
}

} // namespace misroute
