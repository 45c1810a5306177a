# SPDX-License-Identifier: Apache-2.0
"""The two formats of lines: workflow commands of GitHub Actions, and the output of a Nagios plugin."""

import re
import sys
from collections import Counter

from samples import CONTROLS, every, sample

COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-z]+=[^,:]*)(?:,[a-z]+=[^,:]*)*)::(.*)")
STATUS = re.compile(r"MISROUTE (OK|WARNING|CRITICAL|UNKNOWN): [^|]+ \| (.+)")
# Monitoring Plugins' guidelines: 'label'=value[UOM];[warn];[crit];[min];[max]
PERFORMANCE = re.compile(r"'([^'=]+)'=(-?[\d.]+)(s|%|B|c)?(;[\d.:@~]*){0,4}")


def check_github(report):
    kinds = Counter()
    for line in report.text.splitlines():
        match = COMMAND.fullmatch(line)
        report.check(match, f"no workflow command: {line[:120]!r}")
        kinds[match[1]] += 1
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        report.check(set(properties) <= {"file", "line", "title"} and properties["title"], f"properties {properties}")
        report.check("line" not in properties or int(properties["line"]) >= 1, "a line below 1")
        report.check(not re.search(r"%(?!25|0A|0D|3A|2C)", line), f"an escape GitHub does not know: {line[:120]!r}")
    report.check(kinds and max(kinds.values()) <= 10, f"GitHub drops all but ten of a kind: {kinds}")


def check_nagios(report):
    report.check(len(report.text.encode()) <= 8192, "longer than Nagios reads")
    first, *others = report.text.splitlines()
    match = STATUS.fullmatch(first)
    report.check(match, f"no status line: {first[:120]!r}")
    labels = [re.fullmatch(PERFORMANCE, part) for part in match[2].split(" ")]
    report.check(all(labels), f"performance data {match[2]!r}")
    report.check(len({label[1] for label in labels}) == len(labels), "a label twice")
    report.check(not any("|" in line for line in others), "a second bar")
    report.check(not re.search(r"[`$&<>\"]", report.text), "what a shell would act on")
    return match[1]


STATES = [
    ("incident", 1, "CRITICAL"),
    ("clean", 0, "OK"),
    ("empty", 3, "UNKNOWN"),
    ("unconfigured", 0, "WARNING"),
    ("check_inconclusive", 3, "UNKNOWN"),
]


def main(program):
    for report in every(program, "github"):
        report.check(not CONTROLS.search(report.text), "a control character")
        check_github(report)
    for report in every(program, "nagios"):
        report.check(not CONTROLS.search(report.text), "a control character")
        check_nagios(report)
    for name, exit_code, expected in STATES:
        report = sample(program, "nagios", name, exit_code)
        state = check_nagios(report)
        report.check(state == expected, f"exit {exit_code} is {state}, not {expected}")


main(sys.argv[1])
