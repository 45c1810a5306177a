// SPDX-License-Identifier: Apache-2.0
#include "report/formats.hpp"
#include "report/summary.hpp"
#include "report/table.hpp"
#include "unit/samples.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace misroute {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::int64_t lines_with(std::string const &text, std::string const &beginning)
{
    std::int64_t number = 0;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
        number += text.compare(at, beginning.size(), beginning) == 0 ? 1 : 0;
    }
    return number;
}

Report with_findings(std::size_t number, Severity severity)
{
    auto report = samples::incident();
    auto finding = report.findings.front();
    finding.severity = severity;
    report.findings.assign(number, finding);
    return report;
}

TEST(Summary, WritesMoneyExactly)
{
    EXPECT_EQ(exact_usd(76'000'000), "0.076");
    EXPECT_EQ(exact_usd(0), "0");
    EXPECT_EQ(exact_usd(10'000'000'000), "10");
    EXPECT_EQ(exact_usd(-1), "-0.000000001");
    EXPECT_EQ(exact_usd(std::numeric_limits<std::int64_t>::max()), "9223372036.854775807");
    EXPECT_EQ(exact_usd(std::numeric_limits<std::int64_t>::min()), "-9223372036.854775808");
}

TEST(Summary, FindsThePlaceOfAFinding)
{
    auto const report = samples::incident();
    EXPECT_EQ(place_of(report, report.findings.front()), (Location{"misroute.yaml", 6}));
    EXPECT_EQ(place_of(report, Finding{.instance = "kelly"}), (Location{"misroute.yaml", 13}));
    EXPECT_EQ(place_of(report, Finding{}), (Location{"misroute.yaml", 1}));
    EXPECT_EQ(place_of(samples::empty(), Finding{}), std::nullopt);
    EXPECT_EQ(place_of(samples::empty(), Finding{.location = Location{"<stdin>", 3}}), std::nullopt);
}

TEST(Summary, SaysWhatWasSeen)
{
    EXPECT_EQ(headline(samples::nothing_judged()), "none of 1,420 requests could be judged");
    EXPECT_EQ(headline(samples::unconfigured()),
              "1 issuer interleaves between backends, and nothing says which is right");
    EXPECT_EQ(headline(samples::gaps_and_cluster()),
              "5 of 8 requests were answered by another instance; 2 stretches of the window could not be read");
    EXPECT_EQ(headline(samples::manifests_only()), "3 errors, 1 warning in the manifests");
    EXPECT_EQ(headline(Report{}), "no Service and no workload to examine");
}

TEST(Examined, MeansTheSameInEveryFormat)
{
    Report report;
    report.command = "k8s";
    report.cluster = Cluster{};
    EXPECT_FALSE(report.examined());
    EXPECT_THAT(render_table(report, {}), HasSubstr("nothing was examined"));
    EXPECT_THAT(render_junit(report, {}), HasSubstr("<skipped"));

    report.cluster->workloads.push_back({.kind = "Deployment", .name = {"litellm", "claude"}});
    EXPECT_TRUE(report.examined()) << "and the exit code is 0";
    EXPECT_THAT(render_table(report, {}), Not(HasSubstr("nothing was examined")));
    EXPECT_THAT(render_junit(report, {}), Not(HasSubstr("<skipped")));
    EXPECT_EQ(headline(report), "1 workload examined, and no Service to reach it");
}

TEST(Github, ShowsTenOfAKindAndCountsTheRest)
{
    auto const errors = render_github(with_findings(13, Severity::error), {});
    EXPECT_EQ(lines_with(errors, "::error "), 10);
    EXPECT_THAT(errors, HasSubstr("(3 more than the annotations shown)"));
    auto const notices = render_github(with_findings(13, Severity::info), {});
    EXPECT_EQ(lines_with(notices, "::notice "), 10);
    EXPECT_THAT(notices, HasSubstr("(4 more than the annotations shown)")) << "one of the ten is the outcome";
    EXPECT_THAT(render_github(samples::incident(), {}), Not(HasSubstr("more than")));
}

TEST(Github, EscapesPropertiesAndData)
{
    auto report = with_findings(1, Severity::error);
    auto &finding = report.findings.front();
    finding.location = Location{"a,b:c%.yaml", 7};
    finding.message = "100%, a:b";
    finding.steps = {{.text = "one", .command = "two"}};
    EXPECT_THAT(render_github(report, {}),
                StartsWith("::error file=a%2Cb%3Ac%25.yaml,line=7,title=misroute%3A provider-mismatch::"
                           "100%25, a:b%0A1. one%0A   two\n"));
}

TEST(Steps, ReadAsProsePatchAndCommandWithoutSayingThePatchTwice)
{
    EXPECT_EQ((Step{.text = "wait"}.lines()), "wait");
    EXPECT_EQ((Step{.text = "apply:", .command = "kubectl apply -k .", .patch = "a: b"}.lines()),
              "apply:\na: b\nkubectl apply -k .");
    EXPECT_EQ((Step{.command = "kubectl patch service a -p '{}'", .patch = "{}"}.lines()),
              "kubectl patch service a -p '{}'");
}

TEST(Steps, AreACommandOrProseInMarkdownAsTheyWereWritten)
{
    auto report = with_findings(1, Severity::error);
    report.findings.front().steps = {{.command = "helm get values x # all"}, {.text = "kubectl is not needed"}};
    auto const text = render_markdown(report, {});
    EXPECT_THAT(text, HasSubstr("1. `helm get values x # all`\n2. kubectl is not needed\n"));
}

TEST(Github, IsSilentOnSuppressedFindings)
{
    EXPECT_THAT(render_github(samples::gaps_and_cluster(), {}), Not(HasSubstr("upstream-mismatch")));
    EXPECT_THAT(render_github(samples::gaps_and_cluster(), {}), HasSubstr("1 suppressed"));
}

TEST(Nagios, MapsExitCodes)
{
    auto const incident = samples::incident();         // one error, one warning
    auto const unconfigured = samples::unconfigured(); // one warning
    auto const clean = samples::clean();
    EXPECT_EQ(nagios_status(clean, 0), 0);
    EXPECT_EQ(nagios_status(unconfigured, 0), 1);
    EXPECT_EQ(nagios_status(unconfigured, 1), 1) << "--fail-on warning";
    EXPECT_EQ(nagios_status(incident, 1), 2);
    EXPECT_EQ(nagios_status(incident, 0), 2) << "--fail-on never does not make an error well";
    EXPECT_EQ(nagios_status(clean, 1), 2) << "a 1 that no finding explains";
    for (int const code : {2, 3, 130, 143}) {
        EXPECT_EQ(nagios_status(incident, code), 3) << code;
    }
}

TEST(Nagios, GivesPerformanceData)
{
    auto const text = render_nagios(samples::incident(), {.exit_code = 1});
    EXPECT_THAT(text, StartsWith("MISROUTE CRITICAL: 5 of 8 requests were answered by another instance (1 error, "
                                 "1 warning, 2 informational) | 'errors'=1;;0;0 'warnings'=1;0;;0 'requests'=8;;;0 "
                                 "'home'=3;;;0 'foreign'=5;;0;0;8 'unknown'=0;;;0 'gaps'=0;;0;0 "
                                 "'claude_foreign_share'=62.5%;;0;0;100\n"));
    EXPECT_THAT(text, HasSubstr("about USD 0.21 was not billed"));
}

TEST(Csv, MakesTextOfFormulas)
{
    auto report = with_findings(1, Severity::error);
    report.findings.front().message = " =1+1, \"x\"";
    EXPECT_THAT(render_csv(report, {}), HasSubstr(",\"' =1+1, \"\"x\"\"\","));
}

TEST(Junit, FailsFromTheGivenSeverityOn)
{
    auto const failures = [](Severity fail_on) {
        auto const text = render_junit(samples::incident(), {.fail_on = fail_on});
        auto const at = text.find("failures=\"");
        return text.substr(at, text.find('"', at + 10) + 1 - at);
    };
    EXPECT_EQ(failures(Severity::error), "failures=\"1\"");
    EXPECT_EQ(failures(Severity::warning), "failures=\"2\"");
    EXPECT_EQ(failures(Severity::info), "failures=\"4\"");
}

TEST(Junit, JoinsFindingsOfOneCase)
{
    auto const text = render_junit(with_findings(3, Severity::error), {});
    EXPECT_THAT(text, HasSubstr("failures=\"1\""));
    EXPECT_THAT(text, HasSubstr("answered by kelly, yxaiapp (and 2 more)"));
}

TEST(Junit, WritesNoCharacterThatXmlLacks)
{
    auto report = with_findings(1, Severity::error);
    report.findings.front().message = "a\xef\xbf\xbe"
                                      "b\x01"
                                      "c";
    EXPECT_THAT(render_junit(report, {}), HasSubstr("message=\"a\xef\xbf\xbd"
                                                    "b\xef\xbf\xbd"
                                                    "c\""));
}

TEST(Sarif, FallsBackToANameThatStays)
{
    auto report = with_findings(1, Severity::error);
    report.findings.front().location.reset();
    report.instances.clear();
    report.config_file.clear();
    auto const log = json::parse(render_sarif(report, {}));
    auto const &place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    EXPECT_EQ(place["artifactLocation"]["uri"], "misroute.yaml");
    EXPECT_EQ(place["region"]["startLine"], 1);
}

TEST(Sarif, QuotesPathsAndBreaksLinks)
{
    auto report = with_findings(1, Severity::error);
    report.findings.front().location = Location{"./deploy/a b#1.yaml", 0};
    report.findings.front().message = "see [here](https://evil.example)";
    auto const log = json::parse(render_sarif(report, {}));
    auto const &result = log["runs"][0]["results"][0];
    EXPECT_EQ(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "deploy/a%20b%231.yaml");
    EXPECT_EQ(result["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
    EXPECT_THAT(result["message"]["text"].get<std::string>(), StartsWith("see [here] (https://evil.example)"));
    report.findings.front().location = Location{"/etc/misroute/config.yaml", 2};
    auto const absolute = json::parse(render_sarif(report, {}));
    auto const &place = absolute["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    EXPECT_EQ(place, json({{"uri", "file:///etc/misroute/config.yaml"}}));
}

TEST(Prometheus, AddsUpSeriesThatLookTheSame)
{
    auto report = samples::clean();
    report.instances.at(1).name = "a\x01";
    report.instances.at(2).name = "a\x02";
    auto const text = render_prometheus(report, {});
    EXPECT_THAT(text, HasSubstr("misroute_instance_requests{instance=\"a\xef\xbf\xbd\",class=\"home\"} 375\n"));
}

TEST(Prometheus, HidesProvidersThatOnlyARowKnows)
{
    auto report = samples::clean();
    report.issuers.front().backends.front().backend.provider = "chosen-by-a-client";
    auto const text = render_prometheus(report, {});
    EXPECT_THAT(text, Not(HasSubstr("chosen-by-a-client")));
    EXPECT_THAT(text, HasSubstr("{instance=\"claude\",provider=\"other\",class=\"home\"} 800\n"));
}

TEST(Prometheus, IsNoSuccessWhenNothingCouldBeDecided)
{
    auto const text = render_prometheus(samples::empty(), {.exit_code = 3});
    EXPECT_THAT(text, HasSubstr("\nmisroute_last_success_timestamp_seconds 0\n"));
    EXPECT_THAT(text, HasSubstr("\nmisroute_last_run_timestamp_seconds 1795442400\n"));
}

class EveryFormat : public testing::TestWithParam<Format>
{
};

TEST_P(EveryFormat, NeverPrintsAKeyAndIsTheSameTwice)
{
    for (auto const &sample : samples::all()) {
        auto const text = GetParam().render(sample.make(), {});
        EXPECT_FALSE(text.empty()) << sample.name;
        EXPECT_EQ(text, GetParam().render(sample.make(), {})) << sample.name;
        for (auto const &key : samples::raw_keys()) {
            EXPECT_THAT(text, Not(HasSubstr(key.substr(3)))) << sample.name;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat, testing::ValuesIn(formats().begin(), formats().end()),
                         [](auto const &sample) { return std::string{sample.param.name}; });

} // namespace
} // namespace misroute
