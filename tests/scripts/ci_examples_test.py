#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The examples of docs/ci do what they say: each is run as its own system would run it, on a log that is clean, on one with
the incident and on an empty one. usage: ci_examples_test.py MISROUTE

From the files themselves come the scripts, arguments and variables; only what belongs to the machine is replaced: paths, the
Secret and the ConfigMap, kubectl (a deploy that ends well), and the five minutes that a check waits. Needs the server of
script/test."""
import datetime
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

import yaml

BINARY = os.path.abspath(sys.argv.pop(1))
ROOT = Path(__file__).resolve().parents[2]
CI = ROOT / "docs/ci"
MANIFESTS = ROOT / "tests/fixtures/k8s/incident"
# Requests of all three instances, every ten minutes for two days, every half minute for fifty minutes and every second for
# the last forty: a check begins with the deploy, and --changes-since leaves the newest minutes to the next run. In the
# incident, fifty minutes ago, two of three requests of claude are answered by kelly.
TRAFFIC = """select add_row(at, host, key, case when astray then 'openai' else provider end,
                               case when astray then 'kellycloudai.com' else upstream end)
    from (select now() at time zone 'utc' - make_interval(secs => 30 * i) as at, i from generate_series(2, 100) i
          union all select now() at time zone 'utc' - make_interval(mins => 10 * i), 0 from generate_series(6, 288) i
          union all select now() at time zone 'utc' - make_interval(secs => i), i from generate_series(0, 39) i) as times,
         (values ('claude.goodvision.tech', 'jms-test', 'anthropic', 'api.anthropic.com'),
                 ('llm.goodvision.tech', 'kelly-app', 'openai', 'kellycloudai.com'),
                 ('ai.goodvision.tech', 'yx-app', 'openai', 'yxaiapp.com')) as fleet(host, key, provider, upstream),
         lateral (select {incident} and key = 'jms-test' and i % 3 > 0 as astray) as answers"""
LOGS = {"clean": TRAFFIC.format(incident="false"), "incident": TRAFFIC.format(incident="true"), "empty": "select 1"}


def psql(database, *arguments):
    subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", database, *arguments], check=True, stdout=subprocess.DEVNULL)


def read(name):
    return yaml.safe_load((CI / name).read_text(encoding="utf-8"))


class Example(unittest.TestCase):
    """A folder as a checkout has it, a path with misroute on it, and one database for each log."""

    @classmethod
    def setUpClass(cls):
        cls.databases = {name: f"misroute_ci_{name}_{os.getpid()}" for name in LOGS}
        for name, database in cls.databases.items():
            psql("postgres", "-c", f"create database {database}")
            cls.addClassCleanup(psql, "postgres", "-c", f"drop database {database} with (force)")
            for file in ("sql/demo/01_schema.sql", "tests/db/rows.sql"):
                psql(database, "-f", str(ROOT / file))
            psql(database, "-c", LOGS[name])

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.here = Path(scratch.name)
        tools = self.here / "tools"
        tools.mkdir()
        (tools / "misroute").symlink_to(BINARY)
        (tools / "kubectl").write_text("#!/bin/sh\nexit 0\n")
        (tools / "kubectl").chmod(0o755)
        self.checkout = self.here / "checkout"
        (self.checkout / "deploy").mkdir(parents=True)
        shutil.copy(ROOT / "docs/examples/misroute.yaml", self.checkout)
        self.manifests("rendered-before.yaml")

    def manifests(self, name):
        shutil.copy(MANIFESTS / name, self.checkout / "deploy/all.yaml")

    def environment(self, log, **more):
        kept = {name: value for name, value in os.environ.items() if not re.match("MISROUTE_|XDG_|DATABASE_URL|PGDATABASE", name)}
        return kept | {"PATH": f"{self.here / 'tools'}:{os.environ['PATH']}", "HOME": str(self.here), "TZ": "UTC",
                       "MISROUTE_DB": f"dbname={self.databases[log]}"} | more

    def shell(self, script, environment, *options):
        """What a runner's shell makes of a script; a check waits for two seconds, and begins before the rows that are there."""
        script = script.replace("--wait 5m", "--wait 2s")
        return subprocess.run(["bash", *options, "-c", script], cwd=self.checkout, env=environment, capture_output=True,
                              stdin=subprocess.DEVNULL, text=True, timeout=120, check=False)

    def junit(self):
        suites = ElementTree.parse(self.checkout / "junit.xml").getroot()
        return sum(int(suites.get(name) or 0) for name in ("failures", "errors"))


class GitHub(Example):
    def job(self, name, log):
        """Exit codes of the job's own steps, by name, until one fails; then those with `if: always()` only."""
        job = read("github-actions.yaml")["jobs"][name]
        output, summary = self.here / "output", self.here / "summary"
        summary.write_text("")
        environment = self.environment(log, GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(summary))
        codes = {}
        for step in job["steps"]:
            if "run" not in step or (any(codes.values()) and "always()" not in step.get("if", "")):
                continue
            since = output.read_text().split("since=")[1].strip() if output.exists() else ""
            if since:  # the deploy of this job was a minute ago: the rows are there already
                since = (datetime.datetime.fromisoformat(since[:-1]) - datetime.timedelta(minutes=1)).isoformat() + "Z"
            script = step["run"].replace("${{ steps.deploy.outputs.since }}", since)
            self.assertNotIn("${{", script, "an expression that this test does not know")
            # "bash -e {0}" is what GitHub runs where a step names no shell.
            self.result = self.shell(script, environment, "-e")
            codes[step["name"]] = self.result.returncode
        return codes, summary.read_text()

    def test_manifests_with_the_fault_fail_the_step_and_are_told_all_the_same(self):
        codes, summary = self.job("manifests", "empty")
        self.assertEqual(codes, {"Services that select another instance's pods": 1, "Summary": 0})
        self.assertIn("identical-selectors", summary)
        sarif = json.loads((self.checkout / "misroute.sarif").read_text())
        self.assertGreater(len(sarif["runs"][0]["results"]), 0)

    def test_right_manifests_pass(self):
        self.manifests("rendered-after-selectors.yaml")
        codes, _ = self.job("manifests", "empty")
        self.assertEqual(codes, {"Services that select another instance's pods": 0, "Summary": 0})
        self.assertEqual(json.loads((self.checkout / "misroute.sarif").read_text())["runs"][0]["results"], [])

    def test_traffic(self):
        step = "Answers come from the instance that was asked"
        for log, code in {"clean": 0, "incident": 1, "empty": 3}.items():
            codes, summary = self.job("traffic", log)
            self.assertEqual((codes.get("Deploy"), codes[step], codes["Summary"]), (0, code, 0), (log, self.result))
            self.assertIn("claude", summary)
            self.assertEqual(self.junit() > 0, log == "incident", log)


class GitLab(Example):
    def job(self, name, log, **variables):
        job = read("gitlab-ci.yaml")[name]
        result = self.shell("\n".join(job["script"]), self.environment(log, **variables), "-eo", "pipefail")
        allowed = job.get("allow_failure", {}).get("exit_codes", [])
        return result, "passed" if result.returncode == 0 else "warning" if result.returncode in allowed else "failed"

    def test_manifests(self):
        for file, code in {"rendered-before.yaml": 1, "rendered-after-selectors.yaml": 0}.items():
            self.manifests(file)
            result, _ = self.job("misroute-manifests", "empty")
            self.assertEqual(result.returncode, code, result)
            self.assertEqual(self.junit() > 0, code == 1)

    def test_traffic(self):
        self.job("deploy", "empty")
        name, at = (self.checkout / "deploy.env").read_text().strip().split("=")
        at = (datetime.datetime.fromisoformat(at[:-1]) - datetime.timedelta(minutes=1)).isoformat() + "Z"
        for log, outcome in {"clean": "passed", "incident": "failed", "empty": "warning"}.items():
            result, told = self.job("misroute-traffic", log, **{name: at})
            self.assertEqual(told, outcome, result)
            self.assertIn("claude", result.stdout)


class Kubernetes(Example):
    def container(self, pod, log):
        """The container on its read-only file system: no home, no folder of its own."""
        spec = pod["spec"]["containers"][0]
        self.assertEqual([one["name"] for one in spec["env"]], ["MISROUTE_DB"])
        mount = spec["volumeMounts"][0]["mountPath"]
        self.assertIn(f"{mount}/misroute.yaml", spec["args"], "the configuration lies where the volume is mounted")
        config = str(self.checkout / "misroute.yaml")
        arguments = [config if one == f"{mount}/misroute.yaml" else "2s" if one == "10m" else one for one in spec["args"]]
        return subprocess.run([BINARY, *arguments], env=self.environment(log, HOME="/dev/null/home"), cwd="/", check=False,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)

    def test_argo_cd(self):
        for log, code in {"clean": 0, "incident": 1, "empty": 3}.items():
            result = self.container(read("argocd-postsync.yaml")["spec"]["template"], log)
            self.assertEqual(result.returncode, code, result)

    def test_cron_job(self):
        pod = read("kubernetes-cronjob.yaml")["spec"]["jobTemplate"]["spec"]["template"]
        for log, code in {"clean": 0, "incident": 1}.items():
            result = self.container(pod, log)
            self.assertEqual((result.returncode, bool(result.stdout)), (code, code == 1), result)


class Hosts(Example):
    def test_cron_mails_what_is_new_and_then_nothing(self):
        lines = [line for line in (CI / "crontab").read_text().splitlines() if line and not line.startswith(("#", "MAILTO="))]
        self.assertEqual(len(lines), 1)
        schedule, command = lines[0].split(" misroute ", 1)
        self.assertEqual(len(schedule.split()), 5)
        config = self.here / ".config/misroute/config.yaml"
        config.parent.mkdir(parents=True)
        text = (ROOT / "docs/examples/misroute.yaml").read_text()
        config.write_text(text.replace("postgresql://misroute@db.internal/litellm", f"dbname={self.databases['incident']}"))
        environment = self.environment("incident")
        del environment["MISROUTE_DB"]
        run = lambda: subprocess.run(["sh", "-c", f"misroute {command}"], cwd=self.here, env=environment, capture_output=True,
                                     stdin=subprocess.DEVNULL, text=True, timeout=120, check=False)
        first, second = run(), run()
        self.assertIn("claude.goodvision.tech", first.stdout)
        self.assertEqual((first.returncode, first.stderr), (1, ""), "what is mailed is the report alone")
        self.assertEqual((second.returncode, second.stdout, second.stderr), (0, "", ""))

    def test_systemd(self):
        unit = (CI / "misroute.service").read_text()
        words = shlex.split(re.search("^ExecStart=(.*)$", unit, re.M)[1])
        self.assertEqual(words[0], "/usr/bin/misroute")
        metrics = self.here / "misroute.prom"
        words = [BINARY] + [str(metrics) if word.startswith("/var/lib/prometheus/") else word for word in words[1:]]
        (self.here / "misroute").mkdir(mode=0o700)  # StateDirectory=
        for log, code in {"clean": 0, "incident": 1, "empty": 3}.items():
            environment = self.environment(log, XDG_STATE_HOME=str(self.here), MISROUTE_CONFIG=str(self.checkout / "misroute.yaml"))
            result = subprocess.run(words, env=environment, cwd="/", capture_output=True, stdin=subprocess.DEVNULL, text=True,
                                    timeout=120, check=False)
            self.assertEqual((result.returncode, result.stderr), (code, ""), log)
            self.assertTrue(result.stdout.startswith("misroute "), "the journal gets the report for people")
            self.assertTrue(metrics.read_text().startswith("# "), "the collector gets the metrics")
            found = sum(float(line.split()[-1]) for line in metrics.read_text().splitlines() if line.startswith("misroute_findings{") and "error" in line)
            self.assertEqual(found > 0, log == "incident", log)


if __name__ == "__main__":
    unittest.main()
