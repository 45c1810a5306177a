# SPDX-License-Identifier: Apache-2.0
"""SARIF: the structure that OASIS' SARIF 2.1.0 demands of what we write, and what GitHub's code scanning adds."""

import json
import re
import sys
import urllib.parse

from samples import CONTROLS, every, sample

LEVELS = {"none", "note", "warning", "error"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
URI = re.compile(r"[A-Za-z0-9\-._~/%:]+")
INVISIBLE = re.compile("[\u00ad\u034f\u200b\u200c\u3164\ufe0f\ufeff]")
EMBEDDED_LINK = re.compile(r"\[[^\]]*\]\(")


def check_message(report, message, where):
    report.check(set(message) <= {"text", "markdown"} and message.get("text"), f"{where}: no text")
    report.check(not EMBEDDED_LINK.search(message["text"]), f"{where}: a link in a message")


def check_rules(report, rules):
    ids = [rule["id"] for rule in rules]
    report.check(len(ids) == len(set(ids)) and ids, "rules without or with equal ids")
    for rule in rules:
        for part in ("shortDescription", "fullDescription", "help"):
            check_message(report, rule[part], part)
        report.check(rule["defaultConfiguration"]["level"] in LEVELS, "level of a rule")
    return ids


def check_location(report, location):
    physical = location["physicalLocation"]
    uri = physical["artifactLocation"]["uri"]
    report.check(URI.fullmatch(uri), f"no URI reference: {uri!r}")
    relative = not urllib.parse.urlsplit(uri).scheme
    report.check(relative == (physical["artifactLocation"].get("uriBaseId") == "%SRCROOT%"), f"base of {uri}")
    report.check(relative or uri.startswith("file:///"), f"{uri} is no file")
    report.check(not (relative and uri.startswith("/")), f"{uri} is not below the root")
    report.check(physical["region"]["startLine"] >= 1, "a line below 1")
    for logical in location.get("logicalLocations", []):
        report.check(logical["fullyQualifiedName"], "a logical location without a name")


def check_result(report, ids, result):
    report.check(ids[result["ruleIndex"]] == result["ruleId"], "ruleIndex and ruleId differ")
    report.check(result["level"] in LEVELS, "level of a result")
    check_message(report, result["message"], "result")
    report.check(len(result["locations"]) == 1, "GitHub shows no result without a location")
    check_location(report, result["locations"][0])
    prints = result["partialFingerprints"]
    report.check(prints["primaryLocationLineHash"] == prints["misroute/v1"] + ":1", "fingerprints")
    for suppression in result.get("suppressions", []):
        report.check(suppression["kind"] in ("inSource", "external"), "kind of a suppression")
        report.check(suppression["status"] in ("accepted", "underReview", "rejected"), "status of a suppression")


def check_report(report):
    log = json.loads(report.text)
    report.check(list(log) == ["$schema", "version", "runs"] and log["version"] == "2.1.0", "top level")
    report.check(len(log["runs"]) == 1, "one run")
    run = log["runs"][0]
    driver = run["tool"]["driver"]
    report.check(driver["name"] == "misroute", "driver")
    report.check(re.fullmatch(r"\d+\.\d+\.\d+", driver["semanticVersion"]), "semanticVersion")
    ids = check_rules(report, driver["rules"])
    report.check(re.fullmatch(r"misroute/[a-z0-9]+/", run["automationDetails"]["id"]), "automationDetails.id")
    for invocation in run["invocations"]:
        report.check(isinstance(invocation["executionSuccessful"], bool), "executionSuccessful")
        report.check(TIME.fullmatch(invocation["endTimeUtc"]), "endTimeUtc")
        for notification in invocation["toolExecutionNotifications"]:
            check_message(report, notification["message"], "notification")
    for result in run["results"]:
        check_result(report, ids, result)
    having = sum("suppressions" in result for result in run["results"])
    report.check(having in (0, len(run["results"])), "suppressions on some results only (3.27.23)")
    return run


def places(run):
    return [
        (
            result["ruleId"],
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            result["locations"][0]["physicalLocation"]["region"]["startLine"],
        )
        for result in run["results"]
    ]


def main(program):
    for report in every(program, "sarif"):
        # The file as it stands: a viewer of text shows it before any reader of JSON undoes an escape.
        report.check(not CONTROLS.search(report.text), "a control or bidirectional character that is no escape")
        report.check(not INVISIBLE.search(report.text), "an invisible letter that is no escape")
        check_report(report)
    nasty = [report.text for report in every(program, "sarif") if "\\u202e" in report.text and "\\u009b" in report.text]
    if not nasty:
        sys.exit("no sample carries U+202E and U+009B: the escapes prove nothing")
    report = sample(program, "sarif", "manifests_only", 1)
    expected = [("service-selects-other-instance", "deploy/base/service.yaml", 1)] * 3
    expected.append(("label-not-in-selector", "deploy/instances/claude/kustomization.yaml", 7))
    report.check(places(check_report(report)) == expected, f"places {places(check_report(report))}")
    report = sample(program, "sarif", "incident", 1)
    report.check(places(check_report(report))[0] == ("provider-mismatch", "misroute.yaml", 6), "place of the incident")
    report = sample(program, "sarif", "gaps_and_cluster", 1)
    run = check_report(report)
    suppressed = [result["ruleId"] for result in run["results"] if result["suppressions"]]
    report.check(suppressed == ["upstream-mismatch"], f"suppressed {suppressed}")
    report.check(not run["invocations"][0]["executionSuccessful"], "gaps count as success")
    report.check(len(run["invocations"][0]["toolExecutionNotifications"]) == 2, "two gaps")


main(sys.argv[1])
