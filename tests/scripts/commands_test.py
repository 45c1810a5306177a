#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every command that a golden report suggests is one that a shell accepts, with the words that were meant.

commands_test.py [FOLDER]

Reads the JSON reports among the golden files. A placeholder such as <name> would be a redirection to a shell, and a
hostile name a command of its own; both are found by `sh -n` and by splitting the command into its words.
"""

import json
import pathlib
import shlex
import subprocess
import sys

TOOLS = ("misroute ", "kubectl ", "grep ", "git ")
ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)


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


def main():
    seen = 0
    failures = 0
    for path, report in reports():
        for issuer, command in commands(report):
            if not command:
                continue
            seen += 1
            wrong = trouble(issuer, command)
            if wrong:
                failures += 1
                print(f"{path.relative_to(ROOT)}: {command}\n    {wrong}")
    print(f"{seen} commands, {failures} of them wrong")
    return 1 if failures or seen == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
