// SPDX-License-Identifier: Apache-2.0
#include "misroute/model/text.hpp"
#include "report/formats.hpp"
#include "report/junit_suites.hpp"
#include "report/markup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

namespace misroute {

namespace {

using junit::Case;
using junit::Outcome;
using junit::Suite;

void set(pugi::xml_node node, char const *attribute, std::string const &value)
{
    node.append_attribute(attribute).set_value(legal_xml(value).c_str());
}

void set_counts(pugi::xml_node node, std::vector<Suite> const &suites)
{
    auto const count = [&](auto matches) {
        std::ptrdiff_t number = 0;
        for (auto const &suite : suites) {
            number += std::count_if(suite.cases.begin(), suite.cases.end(), matches);
        }
        return std::to_string(number);
    };
    auto const with = [&](Outcome outcome) { return count([=](Case const &test) { return test.outcome == outcome; }); };
    set(node, "tests", count([](Case const &) { return true; }));
    set(node, "failures", with(Outcome::failed));
    set(node, "errors", with(Outcome::error));
    set(node, "skipped", with(Outcome::skipped));
    set(node, "time", "0");
}

void write(pugi::xml_node parent, Case const &test)
{
    auto node = parent.append_child("testcase");
    set(node, "classname", test.classname);
    set(node, "name", test.name);
    set(node, "time", "0");
    if (test.location) {
        set(node, "file", text::printable(test.location->file));
        set(node, "line", std::to_string(std::max(1, test.location->line)));
    }
    if (test.outcome == Outcome::passed) {
        if (!test.text.empty()) {
            node.append_child("system-out").text().set(legal_xml(test.text).c_str());
        }
        return;
    }
    auto result = node.append_child(test.outcome == Outcome::failed    ? "failure"
                                    : test.outcome == Outcome::skipped ? "skipped"
                                                                       : "error");
    auto const more = test.failures > 1 ? fmt::format(" (and {} more)", test.failures - 1) : "";
    set(result, "message", test.message + more);
    if (test.outcome != Outcome::skipped) {
        set(result, "type", test.rule);
    }
    result.text().set(legal_xml(test.text).c_str());
}

/// JUnit's readers know no zone and no fraction: the time is UTC.
std::string timestamp(Instant at)
{
    return to_rfc3339(at).substr(0, std::string_view{"2026-11-22T20:28:15"}.size());
}

} // namespace

std::string render_junit(Report const &report, RenderOptions const &options)
{
    auto const suites = junit::suites_of(report, options.fail_on);
    pugi::xml_document document;
    auto declaration = document.append_child(pugi::node_declaration);
    set(declaration, "version", "1.0");
    set(declaration, "encoding", "UTF-8");
    auto root = document.append_child("testsuites");
    set(root, "name", "misroute " + text::printable(report.command));
    set_counts(root, suites);
    set(root, "timestamp", timestamp(report.generated_at));
    for (auto const &suite : suites) {
        auto node = root.append_child("testsuite");
        set(node, "name", suite.name);
        set_counts(node, {suite});
        set(node, "timestamp", timestamp(report.generated_at));
        for (auto const &test : suite.cases) {
            write(node, test);
        }
    }
    std::ostringstream out;
    document.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
    return out.str();
}

} // namespace misroute
