// SPDX-License-Identifier: Apache-2.0
#include "report/trace.hpp"

#include "report/html.hpp"
#include "report/phrases.hpp"

#include <algorithm>
#include <array>

namespace misroute {

namespace {

constexpr std::array k_formats{
    TraceFormat{
        .name = "table", .extension = ".txt", .help = "for people: a line per request", .make = make_trace_table},
    TraceFormat{
        .name = "json", .extension = ".json", .help = "for programs: trace.schema.json", .make = make_trace_json},
    TraceFormat{.name = "csv", .extension = ".csv", .help = "for spreadsheets: RFC 4180", .make = make_trace_csv},
    TraceFormat{.name = "markdown",
                .extension = ".md",
                .help = "for people: a table for an issue or a chat",
                .make = make_trace_markdown},
    TraceFormat{.name = "html",
                .extension = ".html",
                .help = "for people: a page with the order drawn",
                .make = make_trace_html},
};

} // namespace

std::span<TraceFormat const> trace_formats()
{
    return k_formats;
}

TraceFormat const *find_trace_format(std::string_view name)
{
    auto const *const found = std::ranges::find(k_formats, name, &TraceFormat::name);
    return found == k_formats.end() ? nullptr : found;
}

std::string subject_of(TraceHeader const &header)
{
    return header.whole ? "instance " + header.instance : phrase::issuer(header.issuer);
}

std::string deployment_of(JudgedRow const &request)
{
    constexpr std::size_t k_hash = 64; // hex digits of a SHA-256
    constexpr std::size_t k_shown = 12;
    auto const &id = request.row.key.model_id;
    return id.size() == k_hash ? id.substr(0, k_shown) : id;
}

std::string_view reason_of(JudgedRow const &request)
{
    if (request.judged.row_class == RowClass::foreign) {
        return request.judged.rule ? to_string(*request.judged.rule) : std::string_view{};
    }
    if (request.judged.row_class != RowClass::excluded) {
        return {};
    }
    auto const reason = request.row.key.reason;
    return to_string(reason == ExclusionReason::none ? request.row.markers.reason : reason);
}

} // namespace misroute
