# SPDX-License-Identifier: Apache-2.0
"""The Prometheus format by promtool, Prometheus' own reader, and the promises of docs/formats.md about labels."""

import re
import shutil
import subprocess
import sys

from samples import CONTROLS, every, names, sample

SERIES = re.compile(r"(misroute_[a-z_]+)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\\n]|\\.)*)"')
LABELS = {"instance", "provider", "rule", "severity", "verdict", "class", "reason", "version", "fingerprint", "state"}
RULES = {"provider-mismatch", "upstream-mismatch", "mixed-backends", "no-traffic"}


def promtool(report):
    program = shutil.which("promtool")
    report.check(program, "promtool is missing: install the package prometheus")
    done = subprocess.run([program, "check", "metrics"], input=report.text.encode(), capture_output=True)
    report.check(done.returncode == 0, f"promtool: {(done.stdout + done.stderr).decode()}")


def series_of(report):
    series = {}
    for line in report.text.splitlines():
        if line.startswith("#"):
            continue
        match = SERIES.fullmatch(line)
        report.check(match, f"no series without time stamp: {line!r}")
        name, labels, value = match.groups()
        pairs = dict(LABEL.findall(labels or ""))
        report.check(set(pairs) <= LABELS, f"labels of {line!r}")
        key = (name, frozenset(pairs.items()))
        report.check(key not in series, f"twice: {line!r}")
        series[key] = float(value)
    return series


def check_report(report):
    promtool(report)
    report.check(not CONTROLS.search(report.text), "a control character")
    series = series_of(report)
    kinds = re.findall(r"^# TYPE (\S+) (\S+)$", report.text, re.MULTILINE)
    report.check(len(kinds) == len(set(name for name, _ in kinds)), "TYPE twice")
    report.check({kind for _, kind in kinds} == {"gauge"}, "not a gauge")
    report.check({name for name, _ in kinds} == {name for name, _ in series}, "TYPE without series")
    report.check("host:" not in report.text and "key:" not in report.text, "an issuer")
    return series


def value(series, name, **labels):
    return series.get((name, frozenset(labels.items())))


def main(program):
    for report in every(program, "prometheus"):
        check_report(report)
    report = sample(program, "prometheus", "clean")
    series = check_report(report)
    zeros = {dict(labels)["rule"] for (name, labels), number in series.items() if name == "misroute_findings"
             and dict(labels)["instance"] == "kelly" and number == 0}
    report.check(RULES <= zeros, f"zero series of {sorted(zeros)} only")
    report.check(value(series, "misroute_instance_requests", **{"instance": "kelly", "class": "foreign"}) == 0, "zero")
    report.check(value(series, "misroute_last_success_timestamp_seconds") == 1795442400, "time of success")
    report = sample(program, "prometheus", "incident", 1)
    series = check_report(report)
    found = value(series, "misroute_findings", instance="claude", rule="provider-mismatch", severity="error")
    report.check(found == 1, f"{found} findings")
    report.check(value(series, "misroute_requests", **{"class": "foreign"}) == 5, "foreign requests")
    report = sample(program, "prometheus", "empty", 3)
    report.check(value(check_report(report), "misroute_last_success_timestamp_seconds") == 0, "3 is no success")
    report.check("unconfigured" in names(program), "samples")


main(sys.argv[1])
