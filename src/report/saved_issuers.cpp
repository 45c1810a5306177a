// SPDX-License-Identifier: Apache-2.0
#include "report/saved_parts.hpp"

#include <limits>

namespace misroute::saved {

namespace {

/// Pictures are drawn between the two limits.
Share ordered(Share const &share, JsonReader const &json)
{
    if (share.low > share.high) {
        json.fail("its lower limit is above the upper one");
    }
    return share;
}

Share share_of(JsonReader const &json)
{
    return ordered({json.at("estimate").number(), json.at("low").number(), json.at("high").number()}, json);
}

/// Limits that are not finite are written as null.
Share pods_of(JsonReader const &json)
{
    auto const or_none = [&](char const *key) {
        auto const value = json.maybe(key);
        return value ? value->number() : std::numeric_limits<double>::infinity();
    };
    return ordered({or_none("estimate"), or_none("low"), or_none("high")}, json);
}

Onset onset_of(JsonReader const &json)
{
    Onset onset;
    onset.earliest = json.at("earliest").time();
    onset.at = json.at("at").time();
    onset.ended_at = json.at("ended_at").optional([](JsonReader const &at) { return at.time(); });
    onset.ongoing = json.at("ongoing").flag();
    onset.episodes = static_cast<int>(json.at("episodes").count());
    return onset;
}

std::int64_t count_or_zero(JsonReader const &json, char const *key)
{
    auto const value = json.maybe(key);
    return value ? value->count() : 0;
}

BackendUse use_of(JsonReader const &json)
{
    BackendUse use;
    auto const stamp = json.maybe("stamp");
    use.backend = {json.at("provider").name(), json.at("upstream").name(), stamp ? stamp->text() : std::string{}};
    use.owner = json.at("owner").name();
    use.row_class = class_of(json.at("class"));
    use.sums.requests = json.at("requests").count();
    use.sums.tokens = json.at("tokens").integer();
    use.sums.spend_nano = json.at("spend_usd").nano();
    use.sums.unpriced_requests = count_or_zero(json, "unpriced_requests");
    use.sums.unpriced_tokens = count_or_zero(json, "unpriced_tokens");
    use.sums.first = json.at("first_seen").time();
    use.sums.last = json.at("last_seen").time();
    if (use.sums.last < use.sums.first) {
        json.fail("it was last seen before it was first seen");
    }
    use.models = json.at("models").each([](JsonReader const &model) { return model.text(); });
    return use;
}

CoursePoint point_of(JsonReader const &json)
{
    CoursePoint point;
    point.stretch = window_of(json);
    point.home = json.at("home").count();
    point.foreign = json.at("foreign").count();
    for (auto const &[owner, requests] : json.at("by_owner").members()) {
        point.by_owner[owner] = requests.count();
    }
    point.unpriced_tokens = count_or_zero(json, "unpriced_tokens");
    return point;
}

AnsweredRequest answered_of(JsonReader const &json)
{
    return {json.at("time").time(), json.at("answered_by").text(), class_of(json.at("class")), json.at("model").text()};
}

} // namespace

Window window_of(JsonReader const &json)
{
    Window const window{json.at("since").time(), json.at("until").time()};
    if (window.until < window.since) {
        json.fail("it ends before it begins");
    }
    return window;
}

RowClass class_of(JsonReader const &json)
{
    return json.word([](std::string const &word) { return parse_word(word, RowClass::unassigned); });
}

Issuer issuer_of(JsonReader const &json)
{
    auto const text = json.text();
    auto const colon = text.find(':');
    auto const kind = parse_issuer_kind(text.substr(0, colon));
    if (!kind || colon == std::string::npos) {
        json.fail("an issuer such as host:NAME or key:NAME is expected");
    }
    return {*kind, text.substr(colon + 1)};
}

Dispatch dispatch_of(JsonReader const &json)
{
    Dispatch dispatch;
    dispatch.pattern =
        json.at("pattern").word([](std::string const &word) { return parse_word(word, Pattern::undetermined); });
    dispatch.backends =
        json.at("backends").optional([](JsonReader const &value) { return static_cast<int>(value.count()); });
    dispatch.certain = json.at("confidence").text() == "is";
    dispatch.z = json.at("z").optional([](JsonReader const &value) { return value.number(); });
    dispatch.order = json.at("order").text();
    dispatch.backends_interval = json.at("backends_interval").optional(pods_of);
    return dispatch;
}

IssuerReport issuer_report_of(JsonReader const &json)
{
    IssuerReport issuer;
    issuer.issuer = issuer_of(json.at("issuer"));
    issuer.instance = json.at("instance").name();
    issuer.verdict =
        json.at("verdict").word([](std::string const &word) { return parse_word(word, Verdict::no_traffic); });
    issuer.counts = {.home = json.at("home").count(),
                     .foreign = json.at("foreign").count(),
                     .unknown = json.at("unknown").count(),
                     .excluded = json.at("excluded").count(),
                     .unassigned = json.at("unassigned").count()};
    issuer.foreign_share = json.at("foreign_share").optional(share_of);
    issuer.backends = json.at("backends").each(use_of);
    issuer.onset = json.at("onset").optional(onset_of);
    issuer.dispatch = json.at("dispatch").optional(dispatch_of);
    if (auto const elsewhere = json.maybe("excluded_elsewhere")) {
        for (auto const &[owner, requests] : elsewhere->members()) {
            issuer.excluded_elsewhere[owner] = requests.count();
        }
    }
    if (auto const series = json.maybe("series")) {
        issuer.series = series->each(point_of);
    }
    if (auto const sequence = json.maybe("sequence")) {
        issuer.sequence = sequence->each(answered_of);
    }
    return issuer;
}

} // namespace misroute::saved
