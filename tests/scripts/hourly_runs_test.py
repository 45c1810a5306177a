#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A week of hourly runs of `misroute scan --changes-since` over one incident, on a real log that grows: one run is missed,
one row is written late, and the database is away for three hours. What is told must be exactly one "new", one reminder a
day, and one "ended". usage: hourly_runs_test.py MISROUTE"""
import datetime
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BINARY = os.path.abspath(sys.argv.pop(1))
ROOT = Path(__file__).resolve().parents[2]
MONDAY = datetime.datetime(2026, 11, 23)
HOUR = datetime.timedelta(hours=1)
CLAUDE = "'claude.goodvision.tech', 'jms-test'"
HOME = "'anthropic', 'api.anthropic.com'"
AWAY = "'openai', 'kellycloudai.com'"


def psql(database, *arguments):
    subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", database, *arguments], check=True,
                   stdout=subprocess.DEVNULL)


class Week(unittest.TestCase):
    def setUp(self):
        self.database = f"week{os.getpid()}"
        psql("postgres", "-c", f'create database "{self.database}"')
        self.addCleanup(psql, "postgres", "-c", f'drop database "{self.database}" with (force)')
        for file in ("sql/demo/01_schema.sql", "tests/db/rows.sql"):
            psql(self.database, "-f", str(ROOT / file))
        # Every five minutes a request; from Tuesday 09:00 to Thursday 17:00 two in three are answered elsewhere.
        psql(self.database, "-c", f"""
            select case when at >= '2026-11-24 09:00' and at < '2026-11-26 17:00' and i % 3 > 0
                        then add_row(at, {CLAUDE}, {AWAY}, 1000, 0.0) else add_row(at, {CLAUDE}, {HOME}) end
            from (select i, '2026-11-22 00:00'::timestamp + make_interval(mins => 5 * i) as at
                  from generate_series(0, 8 * 288) i) rows""")
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = scratch.name

    def run_at(self, now, since, database=None):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MISROUTE_")}
        environment = kept | {"PGDATABASE": self.database, "XDG_STATE_HOME": self.scratch, "TZ": "UTC"}
        result = subprocess.run(
            [BINARY, "scan", "-c", str(ROOT / "tests/cli/scan/three_instances.yaml"), "--changes-since", since, "--now",
             now.strftime("%Y-%m-%dT%H:%M:%SZ"), "--format", "table", "--format", "json", "-o",
             f"{self.scratch}/report.json", *(["--db", database] if database else [])],
            env=environment, capture_output=True, text=True, timeout=60, check=False)
        return result

    def told(self, now, result):
        states = []
        if result.returncode != 2:
            report = json.loads(Path(self.scratch, "report.json").read_text())
            states = [finding["state"] for finding in report["findings"] if finding["rule"] == "provider-mismatch"]
        told = [f"{now:%a %H:%M} {state}" for state in states if state not in ("ongoing", None)]
        words = {"new": 1, "reminded": 1, "ended": 0}
        self.assertEqual(result.returncode, words[told[0].split()[-1]] if told else 0, (now, result))
        self.assertEqual(bool(result.stdout), bool(told), "silence is no line")
        return told

    def runs(self):
        now = MONDAY + datetime.timedelta(minutes=7)
        while now < MONDAY + 5 * 24 * HOUR:
            yield now
            now += HOUR

    def test_last_run(self):
        missed = MONDAY + 34 * HOUR  # Tuesday 10:07, which would have told that it began
        away = [MONDAY + hours * HOUR for hours in (60, 61, 62)]
        told = []
        for now in self.runs():
            run = now - datetime.timedelta(minutes=7)
            if run == MONDAY + 9 * HOUR:  # began before the run, written after it
                psql(self.database, "-c", f"select add_row('2026-11-24 09:00:01', {CLAUDE}, {AWAY})")
            if run == missed:
                continue
            if run in away:
                self.assertEqual(self.run_at(now, "last-run", "postgresql://127.0.0.1:1/nowhere").returncode, 2)
                continue
            news = self.told(now, self.run_at(now, "last-run")) if run != MONDAY else self.run_at(now, "last-run") and []
            told += news
        self.assertEqual(told, ["Tue 11:07 new", "Wed 01:07 reminded", "Thu 01:07 reminded", "Thu 19:07 ended"])

    def test_an_hour(self):
        told = []
        for now in self.runs():
            told += self.told(now, self.run_at(now, "1h"))
        self.assertEqual(told, ["Tue 10:07 new", "Wed 01:07 reminded", "Thu 01:07 reminded", "Thu 19:07 ended"])


if __name__ == "__main__":
    unittest.main()
