# SPDX-License-Identifier: Apache-2.0
"""JUnit by expat, and the rules on which the readers of CI systems agree."""

import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter

from samples import CONTROLS, every, sample

RESULTS = {"failure", "error", "skipped"}
COUNTS = {"tests": None, "failures": "failure", "errors": "error", "skipped": "skipped"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def check_counts(report, node):
    cases = node.findall(".//testcase")
    for attribute, tag in COUNTS.items():
        number = len(cases) if tag is None else sum(case.find(tag) is not None for case in cases)
        report.check(int(node.attrib[attribute]) == number, f"{attribute} of {node.tag} is not {number}")
    report.check(TIME.fullmatch(node.attrib["timestamp"]) and float(node.attrib["time"]) >= 0, "time")


def check_case(report, suite, case):
    name = case.attrib["name"]
    report.check(case.attrib["classname"].startswith(suite.attrib["name"] + "."), f"classname of {name}")
    report.check(float(case.attrib["time"]) >= 0, "time")
    report.check("\n" not in name and "\n" not in case.attrib["classname"], "a name of two lines")
    results = [child for child in case if child.tag in RESULTS]
    report.check(len(results) <= 1, f"{len(results)} results of one case")
    for result in results:
        report.check(result.tag == "skipped" or result.attrib["type"], "no type")
        report.check("message" in result.attrib, "no message")
    report.check({child.tag for child in case} <= RESULTS | {"system-out"}, "an element nobody knows")
    report.check("file" not in case.attrib or int(case.attrib["line"]) >= 1, "a line below 1")


def check_report(report):
    report.check(report.text.startswith('<?xml version="1.0" encoding="UTF-8"?>'), "no declaration")
    root = ElementTree.fromstring(report.text.encode())
    text = "".join(root.itertext()) + "".join(value for node in root.iter() for value in node.attrib.values())
    report.check(not CONTROLS.search(text), "a control character")
    report.check(root.tag == "testsuites", "no testsuites")
    check_counts(report, root)
    seen = Counter()
    for suite in root:
        report.check(suite.tag == "testsuite" and len(suite) > 0, "an empty suite")
        check_counts(report, suite)
        for case in suite:
            check_case(report, suite, case)
            seen[case.attrib["classname"], case.attrib["name"]] += 1
    report.check(seen and max(seen.values()) == 1, f"cases of one name: {seen.most_common(1)}")
    return root


def outcome(root, classname, name):
    """The tag of the result of that case, "passed" without one, None when there is no such case."""
    for case in root.iter("testcase"):
        if (case.attrib["classname"], case.attrib["name"]) == (classname, name):
            return next((child.tag for child in case if child.tag in RESULTS), "passed")
    return None


EXPECTED = [
    ("incident", "claude.provider-mismatch", "host:claude.goodvision.tech", "failure"),
    ("incident", "claude.upstream-mismatch", "host:claude.goodvision.tech", "passed"),
    ("incident", "claude.unpriced-traffic", "host:claude.goodvision.tech", "passed"),
    ("incident", "kelly.no-traffic", "kelly", "skipped"),
    ("clean", "kelly.provider-mismatch", "host:llm.goodvision.tech", "passed"),
    ("clean", "misroute.examined", "something could be judged", "passed"),
    ("empty", "misroute.examined", "something could be judged", "skipped"),
    ("nothing_judged", "misroute.examined", "something could be judged", "skipped"),
    ("gaps_and_cluster", "kelly.upstream-mismatch", "key:batch-import", "skipped"),
    ("gaps_and_cluster", "misroute.read", "2026-11-22T14:00:00.000Z to 2026-11-22T15:00:00.000Z", "error"),
    ("manifests_only", "kelly.service-selects-other-instance", "Service litellm/kelly-litellm", "failure"),
    ("manifests_clean", "kelly.service-selects-other-instance", "Service litellm/kelly-litellm", "passed"),
    ("check_pass", "yxaiapp.check", "a wrong share of 10 % is excluded at 95 %", "passed"),
    ("check_fail", "claude.check", "a wrong share of 10 % is excluded at 95 %", "failure"),
    ("check_inconclusive", "claude.check", "a wrong share of 10 % is excluded at 95 %", "skipped"),
    ("check_inconclusive", "kelly.check", "a wrong share of 10 % is excluded at 95 %", "skipped"),
]


def main(program):
    for report in every(program, "junit"):
        check_report(report)
    for name, classname, case, expected in EXPECTED:
        report = sample(program, "junit", name)
        found = outcome(check_report(report), classname, case)
        report.check(found == expected, f"{classname} / {case} is {found}, not {expected}")


main(sys.argv[1])
