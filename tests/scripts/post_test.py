#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""misroute --post against real HTTP: a small server that stands for chats and programs, and Alertmanager itself.
usage: post_test.py MISROUTE"""
import contextlib
import datetime
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BINARY = os.path.abspath(sys.argv.pop(1))
GOLDEN = Path("tests/cli/scan/incident_json/stdout")
SECRET = "T00/B00/very-secret-path"


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it is sent, and answers with the next of `server.answers`, else 200."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((self.path, json.loads(body)))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(status)
        self.end_headers()
        self.wfile.write(self.path.encode())

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def receiver(*answers, tls=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.answers = [], list(answers)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def saved(folder, **changes):
    report = json.loads(GOLDEN.read_text())
    report.update(changes)
    file = Path(folder, "report.json")
    file.write_text(json.dumps(report))
    return str(file)


def render(file, *arguments, **environment):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MISROUTE_")}
    return subprocess.run([BINARY, "render", file, *arguments], env=kept | environment, capture_output=True, text=True,
                          timeout=60, check=False)


class Post(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name
        self.file = saved(self.folder)

    def test_a_chat_gets_five_lines(self):
        with receiver() as server:
            result = render(self.file, MISROUTE_POST=f"http://127.0.0.1:{server.server_port}/hooks/{SECRET}")
        self.assertEqual(result.returncode, 1)
        path, body = server.got[0]
        self.assertEqual((path, list(body)), (f"/hooks/{SECRET}", ["text"]))
        self.assertIn("5 of 8 requests answered by another instance", body["text"])
        self.assertEqual(body["text"].count("\n"), 7, "a heading, five lines, and the block around them")

    def test_a_program_gets_the_report(self):
        with receiver() as server:
            render(self.file, MISROUTE_POST=f"http://127.0.0.1:{server.server_port}/report")
        self.assertEqual(server.got[0][1]["schema"], "misroute.report/1")

    def test_a_chat_is_not_told_that_nothing_changed(self):
        report = json.loads(GOLDEN.read_text())
        for finding in report["findings"]:
            finding["state"] = "ongoing"
        file = saved(self.folder, findings=report["findings"],
                     changes={"since": "2026-11-22T20:00:00.000Z", "lost_sight": False})
        with receiver() as server:
            url = f"http://127.0.0.1:{server.server_port}"
            chat = render(file, MISROUTE_POST=url + "/hooks/x")
            program = render(file, MISROUTE_POST=url + "/report")
        self.assertEqual([chat.returncode, chat.stdout, chat.stderr, program.returncode], [0, "", "", 0])
        self.assertEqual([path for path, _ in server.got], ["/report"])

    def test_what_is_over_for_a_moment_is_tried_again(self):
        with receiver(503, 429) as server:
            result = render(self.file, MISROUTE_POST=f"http://127.0.0.1:{server.server_port}/hooks/x")
        self.assertEqual([len(server.got), result.stderr, result.returncode], [3, "", 1])

    def test_what_is_refused_is_not_tried_again_and_the_url_is_never_shown(self):
        with receiver(403) as server:
            result = render(self.file, MISROUTE_POST=f"http://127.0.0.1:{server.server_port}/hooks/{SECRET}")
        self.assertEqual(len(server.got), 1)
        self.assertIn("could not be sent to 127.0.0.1: it answers 403", result.stderr)
        self.assertNotIn("secret", result.stdout + result.stderr)
        self.assertEqual(result.returncode, 1, "the table on stdout told it")

    def test_what_nobody_was_told_is_a_failure(self):
        report = json.loads(GOLDEN.read_text())
        for finding in report["findings"]:
            finding["state"] = "ongoing"
        file = saved(self.folder, findings=report["findings"],
                     changes={"since": "2026-11-22T20:00:00.000Z", "lost_sight": False})
        result = render(file, MISROUTE_POST=f"http://127.0.0.1:{free_port()}/report")
        self.assertEqual(result.returncode, 2)

    def test_a_full_disk_keeps_the_report_from_nobody_else(self):
        written = Path(self.folder, "written.json")
        with receiver() as server:
            result = render(self.file, "-o", "/dev/full", "-o", str(written), MISROUTE_POST=f"http://127.0.0.1:{server.server_port}/x")
        self.assertEqual(result.returncode, 2)
        self.assertIn("No space left", result.stderr)
        self.assertEqual(len(server.got), 1)
        self.assertEqual(json.loads(written.read_text())["schema"], "misroute.report/1")

    def test_quiet_says_why_it_fails(self):
        file = saved(self.folder, findings=[], issuers=[], causes=[], notes=[], changes={"since": None, "lost_sight": False})
        result = render(file, "-q", MISROUTE_POST=f"http://127.0.0.1:{free_port()}/x")
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("error: the report could not be sent", result.stderr)

    def test_an_unknown_certificate_is_refused(self):
        pem = Path(self.folder, "server.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(pem) + ".key", "-out",
                        str(pem) + ".crt", "-subj", "/CN=127.0.0.1", "-days", "1"], check=True, capture_output=True)
        pem.write_text(Path(str(pem) + ".key").read_text() + Path(str(pem) + ".crt").read_text())
        with receiver(tls=pem) as server:
            result = render(self.file, MISROUTE_POST=f"https://127.0.0.1:{server.server_port}/hooks/x")
        self.assertEqual(server.got, [])
        self.assertIn("could not be sent", result.stderr)

    def test_no_url_is_an_error_that_does_not_repeat_it(self):
        result = render(self.file, MISROUTE_POST=f"hooks.slack.com:{SECRET}")
        self.assertEqual(result.returncode, 2)
        self.assertNotIn("secret", result.stdout + result.stderr)


@unittest.skipUnless(shutil.which("prometheus-alertmanager"),
                     "SKIPPED: prometheus-alertmanager is not installed: apt-get install prometheus-alertmanager")
class Alertmanager(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name
        Path(scratch.name, "am.yml").write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
        self.url = f"http://127.0.0.1:{free_port()}"
        process = subprocess.Popen(
            ["prometheus-alertmanager", f"--config.file={scratch.name}/am.yml", f"--storage.path={scratch.name}/data",
             f"--web.listen-address={self.url[7:]}", "--cluster.listen-address="], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        for _ in range(100):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(self.url + "/-/ready", timeout=1).close()
                return
            time.sleep(0.1)
        self.fail("alertmanager does not start")

    def alerts(self):
        with urllib.request.urlopen(self.url + "/api/v2/alerts", timeout=5) as answer:
            return json.load(answer)

    def post(self, ended):
        now = datetime.datetime.now(datetime.timezone.utc)
        stamp = lambda minutes: (now - datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        report = json.loads(GOLDEN.read_text())
        for issuer in report["issuers"]:
            if issuer["onset"]:
                issuer["onset"] = {"earliest": stamp(90), "at": stamp(80), "ended_at": stamp(1) if ended else None,
                                   "ongoing": not ended, "episodes": 1}
        file = saved(self.folder, issuers=report["issuers"], generated_at=stamp(0))
        result = render(file, MISROUTE_POST=self.url + "/api/v2/alerts")
        self.assertEqual(result.stderr, "")

    def test_an_alert_begins_once_and_is_resolved(self):
        self.post(ended=False)
        self.post(ended=False)
        firing = self.alerts()
        self.assertEqual(sorted(alert["labels"]["rule"] for alert in firing), ["provider-mismatch", "unpriced-traffic"])
        self.assertEqual({alert["labels"]["instance"] for alert in firing}, {"claude"})
        self.assertEqual({alert["status"]["state"] for alert in firing} - {"active", "unprocessed"}, set())
        self.post(ended=True)
        self.assertEqual(self.alerts(), [], "resolved alerts are not listed")


if __name__ == "__main__":
    unittest.main()
