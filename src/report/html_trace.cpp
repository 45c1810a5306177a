// SPDX-License-Identifier: Apache-2.0
#include "detect/answered_by.hpp"
#include "misroute/model/text.hpp"
#include "report/html.hpp"
#include "report/html_pictures.hpp"
#include "report/phrases.hpp"
#include "report/trace.hpp"

#include <fmt/format.h>

#include <deque>
#include <map>
#include <utility>

namespace misroute {

namespace {

constexpr std::size_t k_trace_rows = 2000;
constexpr std::size_t k_trace_marks = 400;

/// Who answered, or what is known of it.
std::string who_answered(JudgedRow const &request)
{
    auto const name = answered_by(request.row.key, request.judged);
    return name.empty() ? std::string{"(unknown)"} : name;
}

/// A page cannot be written before all is known, so what it shows is kept: the newest requests.
class TraceHtml : public TraceRenderer
{
public:
    std::string begin(TraceHeader const &header) override
    {
        m_header = header;
        return {};
    }

    std::string row(TraceRow const &row) override
    {
        ++m_all;
        m_rows.push_back(row);
        if (m_rows.size() > k_trace_rows) {
            m_rows.pop_front();
        }
        return {};
    }

    std::string end(TraceSummary const &summary) override
    {
        auto const name = subject_of(m_header);
        html::HtmlPage page{name + ": requests in order", "misroute trace"};
        auto const header = page.header();
        header.add_text("p", phrase::window(m_header.window), "soft");
        header.add_text("p", phrase::classes(summary.counts));
        if (summary.dispatch) {
            header.add_text("p", phrase::dispatch(*summary.dispatch), "strong");
        }
        draw(page, name, summary.dispatch ? summary.dispatch->letters : std::map<std::string, char>{});
        list(page, summary);
        page.foot("Times are UTC. This page loads nothing and sends nothing.");
        return page.finish();
    }

private:
    void draw(html::HtmlPage &page, std::string const &name, std::map<std::string, char> const &letters) const
    {
        Report report; // for the colours
        report.issuers.emplace_back();
        auto &requests = report.issuers.front().sequence;
        for (auto const &[request, key] : m_rows) {
            if (auto by = answered_by(request.row.key, request.judged); !by.empty()) {
                requests.push_back({request.row.time, std::move(by), request.judged.row_class, request.row.key.model});
            }
        }
        if (requests.empty()) {
            return;
        }
        auto const more = requests.size() - std::min(requests.size(), k_trace_marks);
        requests.erase(requests.begin(), requests.begin() + static_cast<std::ptrdiff_t>(more));
        auto const section = page.section("In which order", "order");
        html::draw_sequence(page, section, requests,
                            {name + ": the newest requests in order",
                             fmt::format("{} requests, oldest first; round at home, square elsewhere", requests.size()),
                             letters},
                            html::Colors{report});
    }

    void list(html::HtmlPage &page, TraceSummary const &summary) const
    {
        auto const section = page.section("Requests", "requests");
        std::vector<std::string> const columns{"time (UTC)", "request", "model", "answered by", "class",
                                               "reason",     "tokens#", "cost#", "key",         "deployment"};
        auto const frame = section.add("div", "scroll")
                               .set("tabindex", "0")
                               .set("role", "region")
                               .set("aria-label", "Requests, oldest first");
        auto const body = html::table(frame, "Oldest first", columns);
        for (auto const &[request, key] : m_rows) {
            html::row(body, columns,
                      {to_timestamp(request.row.time), request.row.request_id, request.row.key.model,
                       who_answered(request), std::string{to_string(request.judged.row_class)},
                       std::string{reason_of(request)}, text::grouped(request.row.tokens),
                       phrase::cost(request.row.spend_nano), key, deployment_of(request)});
        }
        if (summary.truncated || m_all > m_rows.size()) {
            section.add_text("p", "Older requests of this window are left out: --limit 0 --format csv has them all.",
                             "soft");
        }
    }

    TraceHeader m_header;
    std::deque<TraceRow> m_rows;
    std::size_t m_all = 0;
};

} // namespace

std::unique_ptr<TraceRenderer> make_trace_html(RenderOptions const &)
{
    return std::make_unique<TraceHtml>();
}

} // namespace misroute
