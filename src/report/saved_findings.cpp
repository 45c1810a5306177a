// SPDX-License-Identifier: Apache-2.0
#include "report/saved_parts.hpp"

namespace misroute::saved {

namespace {

Evidence evidence_of(JsonReader const &json)
{
    return {.time = json.at("time").time(),
            .request_id = json.at("request_id").text(),
            .model = json.at("model").text(),
            .provider = json.at("provider").name(),
            .upstream = json.at("upstream").name(),
            .tokens = json.at("tokens").integer(),
            .spend_nano = json.at("spend_usd").nano()};
}

Step step_of(JsonReader const &json)
{
    return {.text = json.at("text").name(),
            .command = json.at("command").name(),
            .object = json.at("object").name(),
            .patch = json.at("patch").name()};
}

/// Steps in their parts; where an older version wrote lines only, as prose.
std::vector<Step> steps_of(JsonReader const &json, char const *parts, char const *lines)
{
    if (auto const steps = json.maybe(parts)) {
        return steps->each(step_of);
    }
    return json.at(lines).each([](JsonReader const &line) { return Step{.text = line.text()}; });
}

std::vector<std::string> texts_of(JsonReader const &json)
{
    return json.each([](JsonReader const &text) { return text.text(); });
}

CheckedInstance checked_of(JsonReader const &json)
{
    CheckedInstance instance;
    instance.name = json.at("name").text();
    instance.home = json.at("home").count();
    instance.foreign = json.at("foreign").count();
    instance.excludes_share =
        json.at("excludes_share").optional([](JsonReader const &value) { return value.number(); });
    if (auto const effective = json.maybe("effective")) {
        instance.effective = effective->number();
    }
    if (auto const verdict = json.maybe("verdict")) {
        instance.verdict = verdict->text();
        instance.sentence = json.at("sentence").text();
    }
    return instance;
}

} // namespace

std::optional<Location> location_of(JsonReader const &json)
{
    return json.optional([](JsonReader const &place) {
        auto const line = place.at("line").integer();
        return Location{place.at("file").text(), line > INT32_MAX || line < INT32_MIN ? 0 : static_cast<int>(line)};
    });
}

std::optional<Finding> finding_of(JsonReader const &json)
{
    auto const rule = find_rule(json.at("rule").text());
    if (!rule) {
        return std::nullopt;
    }
    Finding finding;
    finding.rule = *rule;
    finding.severity =
        json.at("severity").word([](std::string const &word) { return parse_word(word, Severity::error); });
    finding.fingerprint = json.at("fingerprint").text();
    finding.issuer = json.at("issuer").name();
    finding.instance = json.at("instance").name();
    finding.requests = json.at("requests").count();
    finding.message = json.at("message").text();
    finding.expected = json.at("expected").text();
    finding.observed = json.at("observed").text();
    finding.evidence = json.at("evidence").each(evidence_of);
    finding.steps = steps_of(json, "steps", "remedy");
    finding.location = location_of(json.at("location"));
    finding.suppressed = json.at("suppressed").optional([](JsonReader const &why) {
        return Suppression{why.at("reason").text(), why.at("until").name()};
    });
    finding.object = json.at("object").name();
    if (auto const state = json.maybe("state")) {
        finding.state = state->word([](std::string const &word) { return parse_word(word, FindingState::reminded); });
    }
    return finding;
}

Cause cause_of(JsonReader const &json)
{
    auto const confirmed = json.maybe("confirmed");
    return {.cause = json.at("cause").text(),
            .score = json.at("score").number(),
            .confirmed = confirmed && confirmed->flag(),
            .evidence_for = texts_of(json.at("for")),
            .evidence_against = texts_of(json.at("against")),
            .next = steps_of(json, "settle", "next"),
            .steps = steps_of(json, "steps", "remedy")};
}

CheckResult check_of(JsonReader const &json)
{
    CheckResult check;
    check.verdict = json.at("verdict").text();
    check.waited_seconds = json.at("waited_seconds").count();
    check.instances = json.at("instances").each(checked_of);
    check.sentence = json.at("sentence").text();
    if (auto const share = json.maybe("exclude_share")) {
        check.exclude_share = share->number();
        check.confidence = json.at("confidence").number();
    } else if (!check.instances.empty()) {
        check.confidence = json.at("instances").elements().front().at("confidence").number();
    }
    return check;
}

} // namespace misroute::saved
