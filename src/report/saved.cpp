// SPDX-License-Identifier: Apache-2.0
#include "report/saved.hpp"

#include "misroute/model/text.hpp"
#include "report/incidents.hpp"
#include "report/json.hpp"
#include "report/saved_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace misroute {

namespace {

using saved::class_of;
using saved::dispatch_of;

ClassCounts totals_of(JsonReader const &json)
{
    ClassCounts counts{.home = json.at("home").count(),
                       .foreign = json.at("foreign").count(),
                       .unknown = json.at("unknown").count(),
                       .excluded = json.at("excluded").count(),
                       .unassigned = json.at("unassigned").count()};
    for (auto const &[word, requests] : json.at("excluded_by_reason").members()) {
        if (auto const reason = parse_exclusion_reason(word)) {
            counts.by_reason.at(static_cast<std::size_t>(*reason)) = requests.count();
        }
    }
    return counts;
}

Cost cost_of(JsonReader const &json)
{
    return {.foreign_tokens = json.at("foreign_tokens").integer(),
            .foreign_spend_nano = json.at("foreign_spend_usd").nano(),
            .unpriced_requests = json.at("unpriced_requests").count(),
            .unpriced_tokens = json.at("unpriced_tokens").integer(),
            .estimated_unbilled_usd =
                json.at("estimated_unbilled_usd").optional([](JsonReader const &value) { return value.number(); })};
}

SourceInfo source_of(JsonReader const &json)
{
    auto const host = json.maybe("host");
    return {.kind = json.at("kind").text(),
            .database = json.at("database").text(),
            .host = host ? host->text() : std::string{},
            .relation = json.at("relation").text()};
}

InstanceReport instance_of(JsonReader const &json)
{
    InstanceReport instance;
    instance.name = json.at("name").text();
    instance.verdict =
        json.at("verdict").word([](std::string const &word) { return parse_word(word, Verdict::no_traffic); });
    auto &counts = instance.counts;
    counts = {.home = json.at("home").count(), .foreign = json.at("foreign").count()};
    counts.unknown = json.at("unknown").count();
    counts.excluded = json.at("excluded").count();
    counts.unassigned = std::max<std::int64_t>(0, json.at("requests").count() - counts.scanned());
    for (auto const &[owner, requests] : json.at("answered_by").members()) {
        instance.answered_by[owner] = requests.count();
    }
    instance.location = saved::location_of(json.at("location"));
    return instance;
}

Gap gap_of(JsonReader const &json)
{
    return {saved::window_of(json), json.at("reason").text()};
}

/// The parts of which there are several; `unknown` are rules of a newer version.
Report report_of(JsonReader const &json)
{
    Report report;
    report.version = json.at("tool").at("version").text();
    report.generated_at = json.at("generated_at").time();
    report.command = json.at("command").text();
    report.window = json.at("window").optional(saved::window_of);
    report.source = json.at("source").optional(source_of);
    report.by = json.at("by").text();
    report.gaps = json.at("gaps").each(gap_of);
    report.totals = json.at("totals").optional(totals_of);
    report.cost = json.at("cost").optional(cost_of);
    report.instances = json.at("instances").each(instance_of);
    report.issuers = json.at("issuers").each(saved::issuer_report_of);
    for (auto const &element : json.at("findings").elements()) {
        if (auto finding = saved::finding_of(element)) {
            report.findings.push_back(std::move(*finding));
        }
    }
    report.causes = json.at("causes").each(saved::cause_of);
    report.cluster = json.at("cluster").optional(saved::cluster_of);
    if (auto const check = json.maybe("check")) {
        report.check = saved::check_of(*check);
    }
    if (auto const changes = json.maybe("changes")) {
        report.changes = {changes->at("since").optional([](JsonReader const &since) { return since.time(); }),
                          changes->at("lost_sight").flag()};
    }
    report.notes = json.at("notes").each([](JsonReader const &note) { return note.text(); });
    report.config_file = json.at("config").name();
    report.partial = !json.at("complete").flag() && report.complete();
    return report;
}

/// Rows carry the class and the reason that were written, not what they were judged by.
TraceRow row_of(JsonReader const &json)
{
    TraceRow traced;
    auto &[row, judged] = traced.request;
    row.time = json.at("time").time();
    row.request_id = json.at("request_id").text();
    row.key.model = json.at("model").text();
    row.key.model_group = json.at("model_group").name();
    row.key.backend = {json.at("provider").name(), json.at("upstream").name(), {}};
    row.key.host = json.at("host").name();
    if (auto const deployment = json.maybe("deployment")) {
        row.key.model_id = deployment->name();
    }
    row.tokens = json.at("tokens").integer();
    row.spend_nano = json.at("spend_usd").nano();
    judged.owner = json.at("answered_by").name();
    judged.row_class = class_of(json.at("class"));
    auto const reason = json.at("reason").name();
    judged.rule = find_rule(reason);
    row.key.reason = parse_exclusion_reason(reason).value_or(ExclusionReason::none);
    traced.key_name = json.at("key").name();
    return traced;
}

SavedTrace trace_of(JsonReader const &json)
{
    SavedTrace trace;
    bool const whole = json.at("issuer").text().starts_with("instance:");
    trace.header = {whole ? Issuer{} : saved::issuer_of(json.at("issuer")), json.at("instance").name(),
                    saved::window_of(json.at("window")), whole};
    trace.rows = json.at("requests").each(row_of);
    trace.summary.dispatch = json.at("dispatch").optional(dispatch_of);
    trace.summary.truncated = json.at("truncated").flag();
    for (auto const &traced : trace.rows) {
        trace.summary.counts.add(traced.request.judged.row_class, traced.request.row.key.reason, 1);
    }
    return trace;
}

/// Paths of what `full` has and `known` has not; elements of an array are one.
void add_unknown(std::set<std::string> &unknown, Json const &full, Json const &known, std::string const &path)
{
    for (auto const &item : full.items()) {
        bool const element = full.is_array();
        auto const here = path + "/" + (element ? "*" : item.key());
        if (!known.is_structured() || full.is_array() != known.is_array()) {
            return;
        }
        if (element ? std::stoul(item.key()) >= known.size() : !known.contains(item.key())) {
            if (!element) {
                unknown.insert(here);
            }
        } else if (item.value().is_structured()) {
            add_unknown(unknown, item.value(), element ? known[std::stoul(item.key())] : known[item.key()], here);
        }
    }
}

std::vector<std::string> unknown_keys(Json const &full, std::string const &rendered)
{
    std::set<std::string> unknown;
    add_unknown(unknown, full, Json::parse(rendered), {});
    return {unknown.begin(), unknown.end()};
}

void note_unknown_rules(Saved &result, Report &report, Json const &json)
{
    std::set<std::string> rules;
    for (auto const &finding : json["findings"]) {
        if (auto const rule = finding["rule"].get<std::string>(); !find_rule(rule)) {
            rules.insert(text::fit(text::printable(rule), 40));
        }
    }
    for (auto const &rule : rules) {
        result.left_out.push_back("findings of the rule " + rule);
        report.notes.push_back(
            fmt::format("findings of the rule {} are left out: this version of misroute does not know it", rule));
        report.partial = true;
    }
}

Saved read_report(Json const &json)
{
    auto report = report_of(JsonReader{json});
    Saved result;
    result.left_out = unknown_keys(json, render_json(report, {}));
    note_unknown_rules(result, report, json);
    result.document = std::move(report);
    return result;
}

Saved read_trace(Json const &json)
{
    auto trace = trace_of(JsonReader{json});
    Saved result;
    result.left_out = unknown_keys(json, render(trace, *find_trace_format("json"), {}));
    result.document = std::move(trace);
    return result;
}

Incident incident_of(JsonReader const &json)
{
    if (auto const until = json.maybe("until"); until && until->time() < json.at("since").time()) {
        json.fail("it ends before it begins");
    }
    return {.fingerprint = json.at("fingerprint").text(),
            .rule = json.at("rule").word(find_rule),
            .issuer = json.at("issuer").text(),
            .instance = json.at("instance").name(),
            .since = json.at("since").time(),
            .until = json.at("until").optional([](JsonReader const &until) { return until.time(); }),
            .requests = json.at("requests").count(),
            .foreign = json.at("foreign").count(),
            .tokens = json.at("tokens").integer(),
            .estimated_unbilled_usd =
                json.at("estimated_unbilled_usd").optional([](JsonReader const &usd) { return usd.number(); }),
            .cause = json.at("cause").name()};
}

/// What could not be read is not in the document, only that there was something: the whole window stands for it.
Saved read_history(Json const &json)
{
    JsonReader const reader{json};
    IncidentHistory history{.version = reader.at("tool").at("version").text(),
                            .window = saved::window_of(reader.at("window"))};
    history.incidents = reader.at("incidents").each(incident_of);
    history.judged = reader.at("judged").flag();
    if (!reader.at("complete").flag()) {
        history.gaps = {{history.window, "incomplete"}};
    }
    Saved result;
    result.left_out = unknown_keys(json, find_history_format("json")->render(history, {}));
    result.document = std::move(history);
    return result;
}

/// A row of the table of documents that can be read back.
struct SavedKind
{
    std::string_view schema;
    Saved (*read)(Json const &);
};

constexpr std::array k_kinds{SavedKind{"misroute.report/1", read_report}, SavedKind{"misroute.trace/1", read_trace},
                             SavedKind{"misroute.incidents/1", read_history}};

SavedKind const &kind_of(Json const &json)
{
    JsonReader const reader{json};
    auto const schema = reader.at("schema").text();
    auto const *const kind = std::ranges::find(k_kinds, schema, &SavedKind::schema);
    if (kind == k_kinds.end()) {
        reader.at("schema").fail("\"" + schema + "\" is no document that this version of misroute reads");
    }
    return *kind;
}

/// Without the library's own prefix: "at line 3, column 7: syntax error …".
std::string place_and_reason(std::string const &what)
{
    auto const at = what.find("at line");
    return at == std::string::npos ? what : what.substr(at);
}

/// Finds where a number stands that no double can hold: the library's own error does not say.
class Place final : public Json::json_sax_t
{
public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, string_t const &) override { return true; }
    bool string(string_t &) override { return true; }
    bool binary(binary_t &) override { return true; }
    bool start_object(std::size_t) override { return true; }
    bool key(string_t &) override { return true; }
    bool end_object() override { return true; }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t position, std::string const &, Json::exception const &) override
    {
        m_position = position;
        return false;
    }

    /// "at line 3, column 7".
    std::string in(std::string_view text) const
    {
        auto const before = text.substr(0, std::min(m_position, text.size()));
        auto const line = before.rfind('\n');
        return fmt::format("at line {}, column {}", 1 + std::ranges::count(before, '\n'),
                           before.size() - (line == std::string_view::npos ? 0 : line + 1));
    }

private:
    std::size_t m_position = 0;
};

Json parsed(std::string_view text)
{
    try {
        return Json::parse(text);
    } catch (Json::out_of_range const &) {
        Place place;
        Json::sax_parse(text, &place);
        throw Error{"a number is too large " + place.in(text), {}, "give what misroute wrote with --format json"};
    } catch (Json::parse_error const &error) {
        throw Error{"no JSON " + text::fit(text::printable(place_and_reason(error.what())), 200),
                    {},
                    "give what misroute wrote with --format json"};
    }
}

} // namespace

Saved read_saved(std::string_view text, std::string const &name)
{
    try {
        auto const json = parsed(text);
        return kind_of(json).read(json);
    } catch (Error const &error) {
        throw Error{error.what(), name, error.hint};
    }
}

std::string render(SavedTrace const &trace, TraceFormat const &format, RenderOptions const &options)
{
    auto const renderer = format.make(options);
    auto text = renderer->begin(trace.header);
    for (auto const &row : trace.rows) {
        text += renderer->row(row);
    }
    return text + renderer->end(trace.summary);
}

} // namespace misroute
