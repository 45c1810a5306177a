#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every command that a golden report suggests is one that a shell accepts, with the words that were meant.

commands_test.py MISROUTE [FOLDER]

Reads the JSON reports among the golden files, and renders each in every format. A placeholder such as <name> would be a
redirection to a shell, and a hostile name a command of its own; both are found by `sh -n` and by splitting the command
into its words. What a format shows is decoded by a reader of that format, and every command in it must be one of the
report's, letter for letter: broken, cut or escaped it would be another.
"""

import collections
import csv
import html.parser
import io
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import urllib.parse
import xml.etree.ElementTree

TOOLS = ("misroute ", "kubectl ", "grep ", "git ")
BINARY = str(pathlib.Path(sys.argv[1]).resolve())
ROOT = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else pathlib.Path(__file__).parent.parent)


def reports():
    """The golden files that are reports in JSON, with their paths."""
    for path in sorted(ROOT.rglob("*")):
        if not path.is_file() or path.suffix not in ("", ".json"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if not text.startswith("{"):
            continue
        try:
            report = json.loads(text)
        except ValueError:
            continue
        if "findings" in report:
            yield path, report


def commands(report):
    """(issuer or None, command) of every step; a cause gives its steps as lines, commands among prose."""
    for finding in report["findings"]:
        for step in finding["steps"]:
            yield finding.get("issuer"), step["command"]
    for cause in report.get("causes") or []:
        for command in cause["next"]:
            yield None, command
        for step in cause["remedy"]:
            for line in step.splitlines():
                if line.startswith(TOOLS):
                    yield None, line


def trouble(issuer, command):
    """What is wrong with a command, or None."""
    checked = subprocess.run(["sh", "-n", "-c", command], capture_output=True, text=True, check=False)
    if checked.returncode != 0:
        return checked.stderr.strip()
    words = list(shlex.shlex(command, posix=True, punctuation_chars=True))
    if "<" in words or ">" in words:
        return "a placeholder would be a redirection"
    words = shlex.split(command, comments=True)
    if issuer and words[:2] == ["misroute", "trace"] and words[2] != issuer:
        return f"traces {words[2]!r}, and not {issuer!r}"
    return None


class Text(html.parser.HTMLParser):
    """The texts of a page, an element a line."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def handle_data(self, data):
        self.lines += data.splitlines()


def of_html(text):
    parser = Text()
    parser.feed(re.sub(r"<(style|script)\b.*?</\1>", "", text, flags=re.S))
    return parser.lines


def of_xml(text):
    root = xml.etree.ElementTree.fromstring(text)
    parts = [part for element in root.iter() for part in (element.text, *element.attrib.values()) if part]
    return [line for part in parts for line in part.splitlines()]


def texts_of(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [line for part in value for line in texts_of(part)]
    return value.splitlines() if isinstance(value, str) else []


def of_markdown(text):
    """Lines of fenced blocks, and code spans."""
    spans = [found.group(2).strip() for found in re.finditer(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", text)]
    return spans + [line.strip() for line in text.splitlines()]


DECODERS = {
    "table": lambda text: text.splitlines(),
    "nagios": lambda text: text.splitlines(),
    "prometheus": lambda text: text.splitlines(),
    "markdown": of_markdown,
    "html": of_html,
    "csv": lambda text: [part for row in csv.reader(io.StringIO(text)) for cell in row for line in cell.splitlines()
                         for part in line.split("; ")],
    "junit": of_xml,
    "json": lambda text: texts_of(json.loads(text)),
    "sarif": lambda text: texts_of(json.loads(text)),
    "github": lambda text: urllib.parse.unquote(text).splitlines(),
}
# What begins like a command and is the name of one, or a sentence about it.
TITLES = re.compile(r"misroute (scan|trace|k8s|check|probe)?( *$|[:,]|  |`)|misroute  |misroute `|misroute k8s MANIFESTS$|misroute ' *$")
LABELS = re.compile(r"^[\s|•└·*-]*(?:\d+[.)] |settle +|next +|fix +|run |\$ )?\s*")


def shown_commands(form, text):
    """What a person would copy: a line that begins with a tool's name, behind a label or a number."""
    for line in DECODERS[form](text):
        line = LABELS.sub("", line).rstrip()
        if line.startswith(TOOLS) and not TITLES.match(line):
            yield line


def unlike(report, path):
    """(format, line) of every command that a format shows and the report does not have."""
    known = {line.strip() for _, command in commands(report) if command for line in command.splitlines()}
    known |= {part for line in known for part in line.split("; ")}
    known |= {line for text in texts_of(report) for line in (LABELS.sub("", text).rstrip(),)}
    for form in DECODERS:
        with tempfile.TemporaryDirectory() as home:
            done = subprocess.run([BINARY, "render", str(path), "--format", form], capture_output=True, check=False,
                                  env={"LC_ALL": "C.UTF-8", "COLUMNS": "100", "HOME": home})
        if done.stderr and b"error" in done.stderr:
            yield form, done.stderr.decode()
        for line in shown_commands(form, done.stdout.decode()):
            SHOWN[form] += 1
            bare = re.sub(r" {2,}# .*$", "", line)
            made_here = form == "html" and line.startswith(f"misroute {report['command']} ") and not trouble(None, line)
            if line not in known and bare not in {re.sub(r" {2,}# .*$", "", one) for one in known} and not made_here:
                yield form, line


SHOWN = collections.Counter()


def main():
    seen = 0
    failures = 0
    for path, report in reports():
        for form, line in unlike(report, path):
            failures += 1
            print(f"{path.relative_to(ROOT)}: as {form}: {line}")
        for issuer, command in commands(report):
            if not command:
                continue
            seen += 1
            wrong = trouble(issuer, command)
            if wrong:
                failures += 1
                print(f"{path.relative_to(ROOT)}: {command}\n    {wrong}")
    print(f"{seen} commands, {failures} of them wrong; shown as {dict(SHOWN)}")
    return 1 if failures or seen == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
