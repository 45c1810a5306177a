# SPDX-License-Identifier: Apache-2.0
"""What the independent readers share: every sample report in a format, and assertions that name the sample."""

import re
import subprocess
import sys

# No format may contain a raw key: "sk-" and more than the mask. Samples carry four of them.
RAW_KEY = re.compile(r"sk-(?:1234567890|abcdefghij|proj-aaaa|\xfcnsafe)", re.IGNORECASE)

# C0 but newline, carriage return and tab, DEL, C1, bidirectional controls (Unicode 15, UAX #9) and the isolates.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Sample:
    """One sample in one format; `check` fails the run with the names of both."""

    def __init__(self, name, form, text):
        self.name = name
        self.form = form
        self.text = text

    def check(self, holds, message):
        if not holds:
            sys.exit(f"{self.form} of sample {self.name}: {message}")


def run(program, *arguments):
    return subprocess.run([program, *arguments], check=True, capture_output=True).stdout.decode("utf-8", "strict")


def names(program):
    return run(program).split()


def sample(program, form, name, exit_code=0):
    """Decoding is strict: a format that lets a bad byte through fails here."""
    result = Sample(name, form, run(program, form, name, str(exit_code)))
    result.check(not RAW_KEY.search(result.text), "a raw key")
    return result


def every(program, form):
    """All samples, each as it is rendered for three exit codes."""
    found = [sample(program, form, name, code) for name in names(program) for code in (0, 1, 3)]
    if len(found) < 30:
        sys.exit(f"only {len(found)} samples: the reader would prove nothing")
    return found
