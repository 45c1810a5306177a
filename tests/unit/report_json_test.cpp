// SPDX-License-Identifier: Apache-2.0
#include "misroute/version.hpp"
#include "report/json.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace misroute {
namespace {

using Keys = std::vector<std::string>;

Json parsed(Report const &report)
{
    return Json::parse(render_json(report, {}));
}

Keys keys_of(Json const &object)
{
    Keys keys;
    for (auto const &item : object.items()) {
        keys.push_back(item.key());
    }
    return keys;
}

// Whether the keys of docs/report.schema.json stand in `object` in their order; further ones may follow or stand
// between.
::testing::AssertionResult in_order(Json const &object, Keys const &expected)
{
    auto const keys = keys_of(object);
    auto at = keys.begin();
    for (auto const &key : expected) {
        at = std::find(at, keys.end(), key);
        if (at == keys.end()) {
            return ::testing::AssertionFailure() << key << " is missing or too early";
        }
    }
    return ::testing::AssertionSuccess();
}

class Folder
{
public:
    Folder()
    {
        std::filesystem::remove_all(m_path);
        std::filesystem::create_directories(m_path);
    }
    ~Folder() { std::filesystem::remove_all(m_path); }
    Folder(Folder const &) = delete;
    Folder &operator=(Folder const &) = delete;

    std::string write(std::string const &name, std::string const &text) const
    {
        auto const file = m_path / name;
        std::ofstream{file, std::ios::binary} << text;
        return file.string();
    }

private:
    std::filesystem::path m_path =
        std::filesystem::temp_directory_path() / ("misroute_json_" + std::to_string(::getpid()));
};

int validate(std::string const &files)
{
    std::string const source = MISROUTE_SOURCE_DIR;
    auto const command = "/usr/bin/python3 " + source + "/tests/unit/validate_json.py " + source +
                         "/docs/report.schema.json " + files + " >&2";
    return std::system(command.c_str());
}

TEST(Json, IncidentSaysWhatTheDesignSays)
{
    auto const json = parsed(samples::incident());
    EXPECT_EQ(json["schema"], "misroute.report/1");
    EXPECT_EQ(json["tool"], (Json{{"name", "misroute"}, {"version", k_version}}));
    EXPECT_EQ(json["generated_at"], "2026-11-23T14:00:00.000Z");
    EXPECT_EQ(json["window"]["since"], "2026-11-22T14:00:00.000Z");
    EXPECT_EQ(json["complete"], true);
    EXPECT_EQ(json["totals"]["scanned"], 8);
    EXPECT_EQ(json["cost"]["foreign_tokens"], 38672);
    EXPECT_EQ(json["cost"]["estimated_unbilled_usd"], 0.2078);
    EXPECT_EQ(json["instances"][0]["answered_by"], (Json{{"claude", 3}, {"kelly", 3}, {"yxaiapp", 2}}));

    auto const &issuer = json["issuers"][0];
    EXPECT_EQ(issuer["issuer"], "host:claude.goodvision.tech");
    EXPECT_EQ(issuer["verdict"], "misrouted");
    EXPECT_EQ(issuer["requests"], 8);
    EXPECT_EQ(issuer["foreign_share"], (Json{{"estimate", 0.625}, {"low", 0.306}, {"high", 0.863}}));
    EXPECT_EQ(issuer["backends"][1]["owner"], "kelly");
    EXPECT_EQ(issuer["backends"][1]["tokens"], 38374); // 9243 + 13498 + 15633
    EXPECT_EQ(issuer["backends"][0]["spend_usd"], 0.157);
    EXPECT_EQ(issuer["onset"]["at"], "2026-11-22T20:28:21.000Z");
    EXPECT_TRUE(issuer["onset"]["ended_at"].is_null());
    EXPECT_EQ(issuer["dispatch"]["pattern"], "round-robin");
    EXPECT_EQ(issuer["dispatch"]["confidence"], "compatible");
    EXPECT_EQ(issuer["dispatch"]["z"], 1.56);

    auto const &finding = json["findings"][0];
    EXPECT_EQ(finding["rule"], "provider-mismatch");
    EXPECT_EQ(finding["evidence"][4]["tokens"], 15633);
    EXPECT_TRUE(finding["suppressed"].is_null());
    EXPECT_EQ(json["causes"][0]["score"], 0.93);
    EXPECT_TRUE(json["cluster"].is_null());
    EXPECT_FALSE(json.contains("check"));
}

TEST(Json, KeysStandInTheOrderOfTheDesign)
{
    auto const json = parsed(samples::incident());
    EXPECT_TRUE(in_order(json, {"schema", "tool", "generated_at", "command", "window", "source", "by", "complete",
                                "gaps", "totals", "cost", "instances", "issuers", "findings", "causes", "cluster"}));
    EXPECT_TRUE(in_order(json["totals"],
                         {"scanned", "home", "foreign", "unknown", "excluded", "unassigned", "excluded_by_reason"}));
    EXPECT_TRUE(in_order(json["instances"][0], {"name", "verdict", "requests", "home", "foreign", "answered_by"}));
    EXPECT_TRUE(in_order(json["issuers"][0], {"issuer", "instance", "verdict", "requests", "home", "foreign", "unknown",
                                              "excluded", "foreign_share", "backends", "onset", "dispatch"}));
    EXPECT_TRUE(
        in_order(json["issuers"][0]["backends"][0], {"provider", "upstream", "owner", "class", "requests", "tokens",
                                                     "spend_usd", "models", "first_seen", "last_seen"}));
    EXPECT_TRUE(in_order(json["findings"][0],
                         {"rule", "severity", "fingerprint", "issuer", "instance", "requests", "message", "expected",
                          "observed", "evidence", "remedy", "location", "suppressed", "object", "steps"}));
    EXPECT_TRUE(in_order(json["findings"][0]["steps"][0], {"text", "command", "object", "patch"}));
    EXPECT_TRUE(in_order(json["causes"][0], {"cause", "score", "for", "against", "next"}));
}

TEST(Json, ManifestsHaveNullWhereNoRowsWereRead)
{
    auto const json = parsed(samples::manifests_only());
    for (auto const *key : {"window", "source", "totals", "cost"}) {
        EXPECT_TRUE(json[key].is_null()) << key;
    }
    EXPECT_TRUE(json["issuers"].empty());
    auto const &service = json["cluster"]["services"][0];
    EXPECT_EQ(service["selector"], (Json{{"app", "litellm"}}));
    EXPECT_EQ(service["workloads"].size(), 3U);
    EXPECT_EQ(service["workloads"][1]["upstream"], "kellycloudai.com");
    EXPECT_EQ(service["endpoints"], 3);
    auto const &route = json["cluster"]["routes"][0];
    EXPECT_EQ(route["service"], "litellm/claude-litellm");
    EXPECT_EQ(route["reaches"].size(), 3U);
    EXPECT_EQ(route["reaches"][0], (Json{{"instance", "claude"}, {"share", 0.333}}));
}

TEST(Json, EveryReasonOfExclusionIsNamedEvenWhenNoRowHasIt)
{
    EXPECT_EQ(keys_of(parsed(samples::empty())["totals"]["excluded_by_reason"]),
              (Keys{"cache-hit", "failure", "health-check", "fallback", "internal-call", "auto-router", "pass-through",
                    "mcp", "a2a", "batch", "other-call"}));
    EXPECT_EQ(parsed(samples::clean())["totals"]["excluded_by_reason"]["cache-hit"], 25);
}

TEST(Json, MoneyIsExactToTheNanoDollar)
{
    EXPECT_EQ(dump(usd_value(0), -1), "0.0");
    EXPECT_EQ(dump(usd_value(76'000'000), -1), "0.076");
    EXPECT_EQ(dump(usd_value(1'000'000'001), -1), "1.000000001");
    EXPECT_EQ(dump(usd_value(999'999'123'456'789), -1), "999999.123456789");
    EXPECT_EQ(dump(usd_value(-1), -1), "-1e-09");
}

TEST(Json, NumbersAreRoundedAndNeverNotANumber)
{
    EXPECT_EQ(dump(number_value(0.30574, 3), -1), "0.306");
    EXPECT_EQ(dump(number_value(-0.0001, 3), -1), "0.0");
    EXPECT_TRUE(number_value(std::nullopt, 2).is_null());
    EXPECT_TRUE(number_value(std::nan(""), 2).is_null());
    EXPECT_TRUE(number_value(HUGE_VAL, 2).is_null());
}

TEST(Json, CheckCarriesItsConclusion)
{
    auto const check = parsed(samples::check_pass())["check"];
    EXPECT_EQ(check["verdict"], "pass");
    EXPECT_EQ(check["waited_seconds"], 42);
    EXPECT_TRUE(in_order(check["instances"][2], {"name", "home", "foreign", "excludes_share", "confidence"}));
    EXPECT_EQ(check["instances"][2]["excludes_share"], 0.095);
    EXPECT_EQ(check["instances"][2]["confidence"], 0.95);
}

TEST(Json, SuppressedAndGapsAreSaid)
{
    auto const json = parsed(samples::gaps_and_cluster());
    EXPECT_EQ(json["complete"], false);
    EXPECT_EQ(json["gaps"][1], (Json{{"since", "2026-11-23T06:00:00.000Z"},
                                     {"until", "2026-11-23T07:30:00.000Z"},
                                     {"reason", "the connection was lost"}}));
    EXPECT_EQ(json["findings"][2]["suppressed"], (Json{{"reason", "migration to yxaiapp"}, {"until", "2027-01-31"}}));
}

TEST(Json, HostileNamesStayDataAndKeysStaySecret)
{
    auto const text = render_json(samples::hostile(), {});
    for (auto const &key : samples::raw_keys()) {
        EXPECT_EQ(text.find(key), std::string::npos) << key;
    }
    for (auto const byte : text) {
        auto const code = static_cast<unsigned char>(byte);
        EXPECT_TRUE((code >= 0x20 && code != 0x7f) || byte == '\n') << int{code};
    }
    for (auto const *hidden : {"\xc2\x9b", "\xe2\x80\xae", "\xe2\x81\xa6", "\xd8\x9c"}) {
        EXPECT_EQ(text.find(hidden), std::string::npos);
    }
    auto const json = Json::parse(text); // throws on bad UTF-8
    auto const database = json["source"]["database"].get<std::string>();
    EXPECT_NE(database.find("\x1b[2J"), std::string::npos) << "an escape survives as data";
    EXPECT_NE(database.find("\xe2\x80\xae"), std::string::npos);
    EXPECT_EQ(json["issuers"].size(), samples::hostile().issuers.size());
}

TEST(Json, NamesThatBecomeEqualKeepTheirCounts)
{
    auto report = samples::incident();
    report.instances.front().answered_by = {{"sk-1", 2}, {"sk-2", 3}};
    EXPECT_EQ(parsed(report)["instances"][0]["answered_by"], (Json{{"sk-***", 5}}));
}

TEST(Json, TheSameReportGivesTheSameBytes)
{
    for (auto const &sample : samples::all()) {
        auto const first = render_json(sample.make(), {.width = 80});
        EXPECT_EQ(first, render_json(sample.make(), {.width = 120, .color = true, .unicode = false})) << sample.name;
        EXPECT_EQ(first.back(), '\n');
    }
}

// Python's jsonschema, an independent reader of the schema, finds nothing against any report.
TEST(Json, ConformsToItsSchema)
{
    Folder const folder;
    std::string files;
    for (auto const &sample : samples::all()) {
        if (sample.name != "hostile") { // whose rules and causes are none
            files += folder.write(std::string{sample.name} + ".json", render_json(sample.make(), {})) + " ";
        }
    }
    EXPECT_EQ(validate(files), 0) << "needs /usr/bin/python3 with python3-jsonschema";
}

TEST(Json, TheSchemaIsStrict)
{
    Folder const folder;
    auto const refused = [&](auto change) {
        auto json = parsed(samples::incident());
        change(json);
        return validate(folder.write("changed.json", json.dump())) != 0;
    };
    EXPECT_FALSE(refused([](Json &) {}));
    EXPECT_TRUE(refused([](Json &json) { json["extra"] = 1; }));
    EXPECT_TRUE(refused([](Json &json) { json["issuers"][0]["verdict"] = "fine"; }));
    EXPECT_TRUE(refused([](Json &json) { json["issuers"][0].erase("onset"); }));
    EXPECT_TRUE(refused([](Json &json) { json["generated_at"] = "yesterday"; }));
    EXPECT_TRUE(refused([](Json &json) { json["totals"]["home"] = -1; }));
}

} // namespace
} // namespace misroute
