// SPDX-License-Identifier: Apache-2.0
#include "report/csv_cell.hpp"
#include "report/summary.hpp"
#include "report/trace.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

namespace misroute {

namespace {

/// RFC 4180: a header, then a record per request; the order of the columns is that of the keys in JSON.
class TraceCsv : public TraceRenderer
{
public:
    std::string begin(TraceHeader const &) override
    {
        return "time,request_id,model,model_group,provider,upstream,answered_by,class,reason,tokens,spend_usd,key,"
               "host,deployment\r\n";
    }

    std::string row(TraceRow const &row) override
    {
        auto const &[request, judged] = row.request;
        std::array const cells{to_rfc3339(request.time),
                               csv_cell(request.request_id),
                               csv_cell(request.key.model),
                               csv_cell(request.key.model_group),
                               csv_cell(request.key.backend.provider),
                               csv_cell(request.key.backend.upstream),
                               csv_cell(judged.owner.text()),
                               csv_cell(to_string(judged.row_class)),
                               csv_cell(reason_of(row.request)),
                               std::to_string(request.tokens),
                               exact_usd(request.spend_nano),
                               csv_cell(row.key_name),
                               csv_cell(request.key.host),
                               csv_cell(request.key.model_id)};
        return fmt::format("{}\r\n", fmt::join(cells, ","));
    }

    std::string end(TraceSummary const &) override { return {}; }
};

} // namespace

std::unique_ptr<TraceRenderer> make_trace_csv(RenderOptions const &)
{
    return std::make_unique<TraceCsv>();
}

} // namespace misroute
