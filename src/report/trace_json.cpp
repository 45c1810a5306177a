// SPDX-License-Identifier: Apache-2.0
#include "report/json_values.hpp"
#include "report/trace.hpp"

namespace misroute {

namespace {

Json request_value(TraceRow const &row)
{
    auto const &[request, judged] = row.request;
    return {{"time", time_value(request.time)},
            {"request_id", text_value(request.request_id)},
            {"model", text_value(request.key.model)},
            {"model_group", name_value(request.key.model_group)},
            {"provider", name_value(request.key.backend.provider)},
            {"upstream", name_value(request.key.backend.upstream)},
            {"answered_by", name_value(judged.owner.text())},
            {"class", to_string(judged.row_class)},
            {"reason", name_value(reason_of(row.request))},
            {"tokens", request.tokens},
            {"spend_usd", usd_value(request.spend_nano)},
            {"key", name_value(row.key_name)},
            {"host", name_value(request.key.host)},
            {"deployment", name_value(request.key.model_id)}};
}

/// docs/trace.schema.json, a line per request so that line-wise tools can read a long one.
class TraceJson : public TraceRenderer
{
public:
    std::string begin(TraceHeader const &header) override
    {
        return "{\n  \"schema\": \"misroute.trace/1\",\n  \"issuer\": " + one_line(text_value(header.subject())) +
               ",\n  \"instance\": " + one_line(name_value(header.instance)) +
               ",\n  \"window\": " + one_line(window_value(header.window)) + ",\n  \"requests\": [";
    }

    std::string row(TraceRow const &row) override
    {
        auto text = (m_first ? "\n    " : ",\n    ") + one_line(request_value(row));
        m_first = false;
        return text;
    }

    std::string end(TraceSummary const &summary) override
    {
        return std::string{m_first ? "" : "\n  "} +
               "],\n  \"dispatch\": " + one_line(dispatch_value(summary.dispatch)) +
               ",\n  \"truncated\": " + (summary.truncated ? "true" : "false") + "\n}\n";
    }

private:
    static std::string one_line(Json const &json) { return dump(json, -1); }

    bool m_first = true;
};

} // namespace

std::unique_ptr<TraceRenderer> make_trace_json(RenderOptions const &)
{
    return std::make_unique<TraceJson>();
}

} // namespace misroute
