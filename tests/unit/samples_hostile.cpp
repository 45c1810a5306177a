// SPDX-License-Identifier: Apache-2.0
#include "samples.hpp"

namespace misroute::samples {

using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

constexpr Instant k_noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 12h;

/// Everything at once: NUL, bell, ESC sequences that clear the screen and set the title, CSI as one C1 byte, CR, DEL,
/// right-to-left override, isolates, a bad byte, an overlong form, a surrogate, a cut-off sequence.
std::string const k_nasty = "a\0b\a\x1b[2J\x1b]0;owned\a\xc2\x9b"s + "31m\rc\x7f\xe2\x80\xae"s + "d\xe2\x81\xa6"s +
                            "e\xd8\x9c"s + "f\xff\xc0\xaf\xed\xa0\x80"s + "g\xe2\x82"s;

std::string const k_wide = "模型-价格-🚀👩‍💻-ｆｕｌｌ-e\xcc\x81";
std::string const k_markup = "<img src=x onerror=alert(1)>&\"']]>|`code`\n# title\n::error::x%0A,;=";
std::string const k_formula = "=HYPERLINK(\"http://evil.example\",\"x\")";

std::vector<std::string> const k_keys{"sk-1234567890abcdefghij", "SK-AbCdEfGhIjKlMnOpQrSt",
                                      "sk-proj-aaaa_bbbb-cccc.dddd", "Sk-ünsafe-key-0123456789"};

std::string long_name()
{
    return std::string(10'000, 'x') + "-tail";
}

std::vector<std::string> hostile_strings()
{
    return {k_nasty,
            k_wide,
            k_markup,
            "prefix " + k_keys[0] + " suffix",
            "(" + k_keys[1] + ")",
            long_name(),
            k_keys[2],
            "url?key=" + k_keys[3],
            k_formula,
            "",
            "@SUM(1)",
            "-1+1",
            "+cmd|'/c calc'!A0"};
}

Evidence evidence(std::string const &text)
{
    return {.time = k_noon,
            .request_id = text,
            .model = text,
            .provider = text,
            .upstream = text,
            .tokens = 9'223'372'036'854'775'807,
            .spend_nano = -1};
}

Finding finding(std::string const &text, std::size_t number)
{
    Finding result;
    result.rule = Rule::upstream_mismatch;
    result.severity = Severity::error;
    result.fingerprint = "deadbeef0000000" + std::string{"0123456789abcdef"[number % 16]};
    result.issuer = "host:" + text;
    result.instance = text;
    result.object = text;
    result.requests = 1;
    result.message = text;
    result.expected = text;
    result.observed = text;
    result.evidence = {evidence(text)};
    result.steps = {{.text = text}, {.text = "second step", .object = text, .patch = text}, {.command = text}};
    result.location = Location{.file = text, .line = -5};
    return result;
}

IssuerReport issuer(std::string const &text)
{
    IssuerReport result;
    result.issuer = {IssuerKind::host, text};
    result.instance = text;
    result.verdict = Verdict::misrouted;
    result.counts.home = 1;
    result.counts.foreign = 1;
    result.foreign_share = Share{.estimate = 0.5, .low = 0.0945, .high = 0.9055};
    Sums const one{.requests = 1, .tokens = 10, .spend_nano = 5, .first = k_noon, .last = k_noon};
    result.backends = {
        {.backend = {text, text, text}, .owner = text, .row_class = RowClass::home, .sums = one, .models = {text}},
        {.backend = {text, "", text}, .owner = "", .row_class = RowClass::foreign, .sums = one, .models = {text}}};
    result.onset = Onset{.earliest = k_noon, .at = k_noon};
    result.dispatch = Dispatch{.order = text};
    return result;
}

Cluster cluster(std::string const &text)
{
    Cluster result;
    result.workloads = {{.kind = text,
                         .name = {text, text},
                         .pod_labels = {{text, text}},
                         .match_labels = {{text, text}},
                         .instance = text,
                         .serves = {{text, text}},
                         .config_map = text,
                         .location = {text, 1}}};
    result.services = {
        {.name = {text, text}, .selector = {{text, text}}, .instance = text, .workloads = {0}, .location = {text, 2}}};
    result.routes = {{.host = text, .kind = text, .name = {text, text}, .service = 0, .instance = text}};
    result.problems = {text};
    return result;
}

} // namespace

std::vector<std::string> const &raw_keys()
{
    return k_keys;
}

Report hostile()
{
    Report report;
    report.command = "scan";
    report.generated_at = k_noon + 1h;
    report.window = Window{.since = k_noon, .until = k_noon + 1h};
    report.source = SourceInfo{.kind = "postgres", .database = k_nasty, .host = k_wide, .relation = k_markup};
    report.by = "tag:" + k_nasty;
    report.gaps = {{.window = {k_noon, k_noon + 1min}, .reason = k_nasty}};
    report.cost = Cost{.foreign_tokens = 130, .foreign_spend_nano = 65, .estimated_unbilled_usd = 1e300};
    report.config_file = k_nasty;

    ClassCounts totals;
    std::size_t number = 0;
    for (auto const &text : hostile_strings()) {
        totals.home += 1;
        totals.foreign += 1;
        report.issuers.push_back(issuer(text));
        report.instances.push_back({.name = text,
                                    .verdict = Verdict::misrouted,
                                    .counts = report.issuers.back().counts,
                                    .answered_by = {{text, 1}, {"(nobody)", 1}},
                                    .location = Location{.file = text, .line = 3}});
        report.findings.push_back(finding(text, number++));
        report.causes.push_back({.cause = text,
                                 .score = 0.5,
                                 .evidence_for = {text},
                                 .evidence_against = {text},
                                 .next = {{.text = text}, {.command = text}},
                                 .steps = {{.text = text}, {.text = text, .command = text, .patch = text}}});
        report.notes.push_back(text);
    }
    report.totals = totals;
    report.cluster = cluster(k_nasty + k_keys[0]);
    report.check = CheckResult{
        .verdict = k_nasty, .instances = {{.name = k_nasty, .home = 1, .effective = 1}}, .sentence = k_nasty};
    return report;
}

} // namespace misroute::samples
