# SPDX-License-Identifier: Apache-2.0
"""CSV by Python's reader: a rectangle, numbers that are numbers, and no cell that a spreadsheet would run."""

import csv
import io
import re
import sys

from samples import CONTROLS, every, sample

NUMBERS = {"requests", "tokens", "spend_usd", "unpriced_requests", "line"}
NUMBER = re.compile(r"-?\d+(\.\d+)?")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def rows_of(report):
    report.check(report.text.endswith("\r\n"), "the last line has no CRLF")
    report.check("\n" not in report.text.replace("\r\n", ""), "a bare newline")
    report.check(not CONTROLS.search(report.text), "a control character")
    return list(csv.DictReader(io.StringIO(report.text, newline=""), strict=True, restkey="too many"))


def check_row(report, row):
    report.check("too many" not in row and None not in row.values(), f"a row of another length: {row}")
    report.check(row["record"] in ("traffic", "finding"), f"record {row['record']!r}")
    for column, cell in row.items():
        if column in NUMBERS:
            report.check(cell == "" or NUMBER.fullmatch(cell), f"{column} is no number: {cell!r}")
        else:
            report.check(not cell.lstrip(" ").startswith(FORMULA), f"{column} is a formula: {cell[:60]!r}")


def check_incident(report):
    traffic = [row for row in rows_of(report) if row["record"] == "traffic"]
    seen = [(row["owner"], row["class"], row["requests"], row["tokens"], row["spend_usd"]) for row in traffic]
    report.check(
        seen
        == [
            ("claude", "home", "3", "29215", "0.157"),
            ("kelly", "foreign", "3", "38374", "0"),
            ("yxaiapp", "foreign", "2", "298", "0"),
        ],
        f"other traffic: {seen}",
    )
    rules = [row["rule"] for row in rows_of(report) if row["record"] == "finding"]
    report.check(rules == ["provider-mismatch", "unpriced-traffic", "no-traffic", "no-traffic"], f"findings {rules}")


def main(program):
    for report in every(program, "csv"):
        for row in rows_of(report):
            check_row(report, row)
    check_incident(sample(program, "csv", "incident"))
    hostile = rows_of(sample(program, "csv", "hostile"))
    tamed = [row for row in hostile if row["message"].startswith("'=HYPERLINK")]
    sample(program, "csv", "hostile").check(len(tamed) == 1, "the formula is not there as text")


main(sys.argv[1])
