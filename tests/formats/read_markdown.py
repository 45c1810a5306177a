# SPDX-License-Identifier: Apache-2.0
"""Markdown by a CommonMark parser with tables and bare links: nothing that a name may have smuggled in comes out."""

import re
import sys

from markdown_it import MarkdownIt
from samples import CONTROLS, every, sample

BLOCKS = {"paragraph", "heading", "bullet_list", "ordered_list", "list_item", "table", "thead", "tbody", "tr", "th", "td"}
INLINE = {"text", "code_inline", "strong_open", "strong_close", "softbreak"}

# What GitHub makes of plain text afterwards: mentions, issues, commits, addresses, short codes, formulas.
ALIVE = re.compile(r"@\w|#\d|\b(?=\d*[a-f])[0-9a-f]{7,40}\b|://|www\.|\w@|:\w+:|\$\S|[<>\[\]\\|*_~`]")

TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")

HEADINGS = re.compile(
    r"(OK: |WARN: |FAIL: |❌ |⚠️ |✅ )?misroute \w+: .*|Most likely cause|Less likely|Findings|Suppressed"
    r"|Who answered|Services|What could not be read|Notes|Check: .*|(error|warning|info): .*"
)


def check_inline(report, token):
    for child in token.children:
        report.check(child.type in INLINE, f"{child.type} in {token.content[:80]!r}")
        if child.type == "text":
            report.check(not ALIVE.search(TIME.sub("", child.content)), f"plain text that may come alive: {child.content!r}")


def check_report(parser, report):
    report.check(len(report.text.encode()) <= 1_000_000, "larger than the budget")
    report.check(not CONTROLS.search(report.text), "a control character")
    tokens = parser.parse(report.text)
    for number, token in enumerate(tokens):
        kind = token.type.removesuffix("_open").removesuffix("_close")
        report.check(kind in BLOCKS | {"inline", "fence"}, f"a block of kind {token.type}")
        if token.type == "inline":
            check_inline(report, token)
        if token.type == "heading_open":
            words = "".join(child.content for child in tokens[number + 1].children)
            report.check(HEADINGS.fullmatch(words), f"a heading that is not ours: {words!r}")
    return tokens


def table_rows(tokens):
    """Cells by row, as plain text."""
    rows = []
    for number, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        if token.type in ("td_open", "th_open"):
            rows[-1].append("".join(child.content for child in tokens[number + 1].children))
    return rows


def main(program):
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    for report in every(program, "markdown"):
        check_report(parser, report)
    report = sample(program, "markdown", "incident", 1)
    rows = table_rows(check_report(parser, report))
    report.check(["claude", "misrouted", "8", "3", "5", "claude 3, kelly 3, yxaiapp 2"] in rows, f"no row: {rows}")
    report.check(sum(token.type == "fence" for token in parser.parse(report.text)) == 2, "the patch and the proof are no code blocks")
    report = sample(program, "markdown", "hostile", 1)
    tokens = check_report(parser, report)
    spans = [child.content for token in tokens if token.type == "inline" for child in token.children
             if child.type == "code_inline"]
    report.check(any("<img" in span for span in spans), "the markup is not there as code: what was tested?")


main(sys.argv[1])
