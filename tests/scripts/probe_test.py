#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""misroute probe against real HTTP: three stand-ins for LiteLLM pods behind nginx, which spreads in turn, at random, by
client address, or correctly. usage: probe_test.py MISROUTE"""
import contextlib
import gzip
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BINARY = os.path.abspath(sys.argv.pop(1))
NGINX = "/usr/sbin/nginx"
KEY = "sk-the-key-of-this-test"
HOSTS = {"claude": "claude.goodvision.tech", "kelly": "llm.goodvision.tech", "yxaiapp": "ai.goodvision.tech"}
BACKENDS = {"claude": ("anthropic", "api.anthropic.com", "https://api.anthropic.com"),
            "kelly": ("openai", "kellycloudai.com", "https://kellycloudai.com/v1"),
            "yxaiapp": ("openai", "yxaiapp.com", "https://yxaiapp.com/v1")}
FOREIGN_FALLBACK = {"model_name": "reserve", "model_info": {"id": "id-reserve"},
                    "litellm_params": {"model": "openai/reserve", "api_base": "https://kellycloudai.com/v1"}}
CONFIG = "instances:\n" + "".join(
    f"  {name}: {{hosts: [{host}], expect: [{{provider: {BACKENDS[name][0]}, upstream: {BACKENDS[name][1]}}}]}}\n"
    for name, host in HOSTS.items())


def deployment(name, model, suffix=""):
    provider, _, base = BACKENDS[name]
    return {"model_name": model, "model_info": {"id": f"id-{name}{suffix}"},
            "litellm_params": {"model": f"{provider}/{model}", "api_base": base}}


class Pod(BaseHTTPRequestHandler):
    """What a probe sees of a LiteLLM pod; `server.name` is its instance."""
    protocol_version = "HTTP/1.1"

    def answer(self, status, body, **headers):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def allowed(self):
        self.server.connections.add(self.client_address)
        self.server.requests.append(self.path)
        if self.headers.get("authorization") == f"Bearer {KEY}":
            return True
        self.answer(401, {"error": "Authentication Error"})
        return False

    def do_GET(self):
        name = self.server.name
        if self.path == "/health/liveliness":
            self.answer(200, "I'm alive!")
        elif self.path == "/moved/v1/model/info":
            self.answer(307, {}, location="/v1/model/info")
        elif self.path == "/away/v1/model/info":
            self.answer(307, {}, location=f"http://127.0.0.2:{self.server.server_port}/v1/model/info")
        elif self.path == "/page/v1/model/info":
            self.answer(200, {"hello": "world"})
        elif self.path == "/slow/v1/model/info":
            time.sleep(5)
        elif self.path == "/stalls/v1/model/info" and len(self.server.requests) >= self.server.stalls_after:
            time.sleep(5)
        elif self.path == "/echo/v1/model/info":
            key = self.headers["authorization"].removeprefix("Bearer ")
            self.answer(200, {"data": [{"litellm_params": {"model": f"openai/{key}", "api_base": f"https://{key}.example"},
                                        "model_info": {"id": key}}]}, x_litellm_call_id="c" * 190 + key)
        elif self.path == "/bomb/v1/model/info":
            self.send_response(200)
            body = gzip.compress(b"[" * (33 << 20))
            self.send_header("content-encoding", "gzip")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)
        elif self.path.endswith("/v1/model/info") and self.allowed():
            if self.path.startswith("/flaky") and len(self.server.requests) % 3 == 0:
                self.answer(503, {})
            elif self.path.startswith("/hostile"):
                self.answer(200, {"data": [{"litellm_params": {"model": "openai/\x1b[31m‮evil", "api_base": 7},
                                            "model_info": []}, "no object", {}]})
            elif self.path.startswith("/empty"):
                self.answer(200, {"data": []})
            else:  # a wildcard is listed under many names with one id
                self.answer(200, {"data": [deployment(name, "*"), deployment(name, "*"), FOREIGN_FALLBACK,
                                           deployment(name, "stamped-*", "-2")]}, x_litellm_call_id="call")

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.allowed():
            assert body["max_tokens"] == 1
            provider_free = {"x_litellm_model_id": f"id-{self.server.name}"}
            self.answer(200, {"choices": []}, **provider_free)

    def log_message(self, *_):
        pass


def start(name, context=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pod)
    server.daemon_threads = True
    server.name, server.connections, server.requests, server.stalls_after = name, set(), [], 0
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Probe(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.work = Path(cls.folder.name)
        (cls.work / "fleet.yaml").write_text(CONFIG)
        (cls.work / "key").write_text(KEY + "\n")
        cls.pods = {name: start(name) for name in HOSTS}
        cls.ports = {kind: free_port() for kind in ("turn", "random", "address", "right")}
        every = "".join(f"server 127.0.0.1:{pod.server_port};" for pod in cls.pods.values())
        rules = {"turn": "", "random": "random;", "address": "ip_hash;"}
        text = "".join(f"upstream {kind} {{ {rule} {every} }}\n" for kind, rule in rules.items())
        for kind in rules:
            text += f"server {{ listen 127.0.0.1:{cls.ports[kind]}; location / {{ proxy_pass http://{kind}; }} }}\n"
        for name, host in HOSTS.items():
            text += (f"server {{ listen 127.0.0.1:{cls.ports['right']}; server_name {host}; "
                     f"location / {{ proxy_pass http://127.0.0.1:{cls.pods[name].server_port}; }} }}\n")
        folders = "".join(f"{kind}_temp_path {cls.work}/{kind};\n"
                          for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (cls.work / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {cls.work}/pid; error_log {cls.work}/log;\nevents {{}}\n"
            f"http {{ access_log off; proxy_http_version 1.1; proxy_next_upstream off;\n{folders}{text} }}\n")
        os.chmod(cls.work, 0o755)
        cls.nginx = subprocess.Popen([NGINX, "-p", cls.folder.name, "-c", str(cls.work / "nginx.conf")],
                                     stderr=subprocess.DEVNULL)
        for port in cls.ports.values():
            for _ in range(100):
                with socket.socket() as attempt:
                    if attempt.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)

    @classmethod
    def tearDownClass(cls):
        cls.nginx.terminate()
        cls.nginx.wait()
        cls.folder.cleanup()

    def run_probe(self, *arguments, key=KEY, config="fleet.yaml", **more):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("MISROUTE_") and "proxy" not in name.lower()}
        environment |= {"HOME": self.folder.name, "XDG_CONFIG_HOME": self.folder.name,
                        **({"MISROUTE_KEY": key} if key else {})}
        done = subprocess.run([BINARY, "probe", *(["-c", config] if config else []), *arguments], cwd=self.work,
                              env=environment, capture_output=True, text=True, timeout=60, check=False, **more)
        self.assertNotIn(KEY, done.stdout + done.stderr)
        return done

    def probe(self, kind, host, *arguments, code, path="", **more):
        port = self.ports[kind]
        done = self.run_probe(f"http://{host}:{port}{path}", "--resolve", f"{host}:{port}:127.0.0.1",
                              "--format", "json", *arguments, **more)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def direct(self, path, *arguments, **more):
        return self.run_probe(f"http://127.0.0.1:{self.pods['claude'].server_port}{path}", *arguments, **more)

    def test_in_turn_three_pods_are_found_within_twenty_requests(self):
        report = self.probe("turn", HOSTS["claude"], "--requests", "20", code=1)
        issuer, = report["issuers"]
        self.assertEqual((issuer["issuer"], issuer["verdict"]), ("host:" + HOSTS["claude"], "misrouted"))
        self.assertEqual({(b["provider"], b["upstream"], b["owner"]) for b in issuer["backends"]},
                         {(BACKENDS[name][0], BACKENDS[name][1], name) for name in HOSTS})
        self.assertEqual(issuer["dispatch"]["pattern"], "round-robin")
        self.assertEqual(issuer["dispatch"]["backends"], 3)
        self.assertEqual(issuer["requests"], 20)
        self.assertIn(issuer["home"], (6, 7))
        self.assertEqual(report["totals"]["foreign"], 20 - issuer["home"])
        self.assertEqual([instance["name"] for instance in report["instances"]], ["claude"])
        self.assertEqual(report["check"]["verdict"], "fail")
        self.assertIn("provider-mismatch", {finding["rule"] for finding in report["findings"]})
        self.assertEqual(report["causes"][0]["cause"], "service-selects-other-instances")
        self.assertIn("met pods of 3 different configurations", report["notes"][0])

    def test_at_random_too(self):
        report = self.probe("random", HOSTS["kelly"], "--requests", "20", code=1)
        self.assertEqual({backend["owner"] for backend in report["issuers"][0]["backends"]}, set(HOSTS))

    def test_one_pod_behind_a_correct_hostname(self):
        for name, host in HOSTS.items():
            report = self.probe("right", host, "--requests", "20", code=0)
            self.assertEqual({backend["owner"] for backend in report["issuers"][0]["backends"]}, {name})
            self.assertEqual((report["totals"]["home"], report["check"]["verdict"]), (20, "pass"))
            # 1 - 0.05^(1/20) = 13.9 %
            self.assertIn("20 clean requests: a share above 13.9 % would have been seen with 95 % confidence",
                          report["check"]["sentence"])
            self.assertIn("met pods of one configuration; another one that gets more than 13.9 %", report["notes"][0])
            self.assertIn("from one address", report["notes"][1])

    def test_by_client_address_one_pod_is_all_a_probe_sees_and_it_says_so(self):
        codes = [self.probe("address", host, "--requests", "20", "--exit-zero", code=0) for host in HOSTS.values()]
        owners = [{backend["owner"] for backend in report["issuers"][0]["backends"]} for report in codes]
        self.assertEqual([len(seen) for seen in owners], [1, 1, 1])
        self.assertEqual(owners[0], owners[1], "one address, one pod, whatever the hostname")
        clean = [report for report in codes if report["totals"]["foreign"] == 0]
        self.assertEqual(len(clean), 1)
        self.assertIn("goes by client address", clean[0]["notes"][-1])

    def test_without_numbers_as_many_requests_as_ten_per_cent_take(self):
        report = self.probe("right", HOSTS["claude"], code=0)
        self.assertEqual(report["totals"]["scanned"], 29)
        report = self.probe("right", HOSTS["claude"], "--exclude-share", "0.33", code=0)
        self.assertEqual(report["totals"]["scanned"], 8)
        report = self.probe("right", HOSTS["claude"], "--requests", "20", "--exclude-share", "0.1", code=3)
        self.assertEqual(report["check"]["verdict"], "inconclusive")

    def test_deployments_are_written_as_a_block_of_configuration(self):
        self.probe("right", HOSTS["claude"], "--requests", "5", "--deployments", "seen.yaml", code=0)
        seen = (self.work / "seen.yaml").read_text()
        ids = seen.split("deployments:\n", 1)[1].split()[1::2]
        self.assertTrue(ids and all(name.startswith("id-claude") or name == "id-reserve" for name in ids), seen)
        self.assertIn("as /v1/model/info listed them on 20", seen)
        taken = CONFIG.replace("  claude: {", "  claude: {deployments: [" + ", ".join(ids) + "], ")
        (self.work / "taken.yaml").write_text(taken)
        self.probe("right", HOSTS["claude"], "--requests", "5", config="taken.yaml", code=0)
        report = self.probe("turn", HOSTS["kelly"], "--requests", "9", "--deployments", "mixed.yaml", code=1)
        self.assertEqual(report["totals"]["foreign"], 6)
        self.assertNotIn("deployments:", (self.work / "mixed.yaml").read_text())
        self.assertIn("  kelly:\n    # not written", (self.work / "mixed.yaml").read_text())
        done = self.direct("", "--deployments", "x.yaml", "--completion", "m")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--deployments does not go with --completion", done.stderr)

    def test_every_request_has_a_connection_of_its_own(self):
        pod = self.pods["yxaiapp"]
        before = len(pod.connections)
        done = self.run_probe(f"http://127.0.0.1:{pod.server_port}", "--requests", "7", "--format", "json")
        self.assertEqual(len(pod.connections) - before, 7, done.stderr)

    def test_every_configured_hostname_where_none_is_named(self):
        resolve = [f"--resolve={host}:443:127.0.0.1" for host in HOSTS.values()]
        done = self.run_probe(*resolve, "--requests", "1", "--timeout", "2s")
        self.assertEqual(done.returncode, 2)
        for host in HOSTS.values():
            self.assertIn(f"https://{host}: ", done.stderr)

    def test_without_configuration_it_is_a_mixture(self):
        report = self.probe("turn", HOSTS["claude"], "--requests", "6", config=None, code=0)
        self.assertEqual([issuer["verdict"] for issuer in report["issuers"]], ["mixed"])
        self.assertEqual({finding["rule"] for finding in report["findings"]}, {"mixed-backends"})
        self.assertNotIn("check", report)
        report = self.probe("right", HOSTS["claude"], "--requests", "6", config=None, code=3)
        self.assertEqual(report["findings"], [])

    def test_completions_are_told_by_the_headers(self):
        report = self.probe("turn", HOSTS["claude"], "--requests", "9", "--completion", "claude-opus-4-6", code=1)
        self.assertEqual(report["totals"]["scanned"], 9)
        backends = report["issuers"][0]["backends"]
        self.assertTrue({backend["owner"] for backend in backends} <= set(HOSTS))
        self.assertEqual({model for backend in backends for model in backend["models"]}, {"claude-opus-4-6"})
        posts = sum(pod.requests.count("/v1/chat/completions") for pod in self.pods.values())
        self.assertEqual(posts, 9)

    def test_the_key(self):
        done = self.direct("", key=None)
        self.assertEqual(done.returncode, 2)
        self.assertIn("HTTP 401 from /v1/model/info", done.stderr)
        self.assertIn("MISROUTE_KEY", done.stderr)
        self.assertEqual(done.stdout, "")
        done = self.direct("", key="sk-another")
        self.assertIn("not accepted", done.stderr)
        done = self.direct("", "--key-file", "key", "--requests", "1", key=None, config=None)
        self.assertEqual(done.returncode, 3, done.stderr)  # nothing configured: nothing to judge
        done = self.direct("", "--key-file", "absent", key=None)
        self.assertIn('cannot read a key from "absent"', done.stderr)
        done = self.direct("", key="sk-two words")
        self.assertEqual(done.returncode, 2)
        self.assertNotIn("two words", done.stderr)
        done = self.run_probe("https://user:secret@claude.goodvision.tech")
        self.assertEqual(done.returncode, 2)
        self.assertNotIn("secret", done.stderr)

    def test_a_refused_key_is_not_tried_again(self):
        pod = self.pods["claude"]
        before = len(pod.requests)
        self.direct("", key="sk-another")
        self.assertEqual(len(pod.requests) - before, 1)

    def test_unreachable(self):
        done = self.run_probe(f"http://127.0.0.1:{free_port()}", "--timeout", "2s")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("--resolve HOST:PORT:ADDRESS", done.stderr)
        done = self.run_probe("gopher://claude.goodvision.tech")
        self.assertIn('no URL of a web server: "gopher://claude.goodvision.tech"', done.stderr)

    def test_one_unreachable_hostname_makes_the_report_incomplete(self):
        closed = free_port()
        port = self.ports["right"]
        claude, kelly = HOSTS["claude"], HOSTS["kelly"]
        done = self.run_probe(f"http://{claude}:{port}", f"http://{kelly}:{closed}", "--requests", "20", "--resolve",
                              f"{claude}:{port}:127.0.0.1", "--resolve", f"{kelly}:{closed}:127.0.0.1", "-f", "json")
        report = json.loads(done.stdout)
        self.assertEqual((done.returncode, report["complete"]), (3, False))
        self.assertIn(f"http://{kelly}:{closed}", report["gaps"][0]["reason"])

    def test_a_server_that_stalls_ends_with_the_time_of_the_run(self):
        pod = self.pods["claude"]
        pod.stalls_after = len(pod.requests) + 2
        began = time.monotonic()
        done = self.direct("/stalls", "--max-time", "2s", "--requests", "29", "--format", "json")
        self.assertLess(time.monotonic() - began, 8)
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        notes = " ".join(json.loads(done.stdout)["notes"])
        self.assertRegex(notes, "2 requests on connections of their own")
        self.assertRegex(notes, "1 request failed; 26 requests not made, for the time was over: --max-time gives more")

    def test_each_url_has_a_part_of_the_time(self):
        pod = self.pods["kelly"]
        pod.stalls_after = 0
        done = self.run_probe(f"http://127.0.0.1:{self.pods['claude'].server_port}/slow",
                              f"http://127.0.0.1:{pod.server_port}", "--max-time", "2s", "--requests", "3",
                              "--format", "json")
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertIn("no answer before the time was over", done.stderr)
        self.assertIn("3 requests on connections of their own", " ".join(json.loads(done.stdout)["notes"]))

    def test_a_timeout(self):
        began = time.monotonic()
        done = self.direct("/slow", "--timeout", "200ms", "--requests", "50")
        self.assertEqual(done.returncode, 2)
        self.assertLess(time.monotonic() - began, 4)

    def test_redirects(self):
        done = self.direct("/moved", "--requests", "2", "--format", "json", config=None)
        self.assertEqual(json.loads(done.stdout)["totals"]["unassigned"], 2)
        done = self.direct("/away", "--requests", "2")
        self.assertEqual(done.returncode, 2)
        self.assertIn("it redirects to 127.0.0.2, which is not followed", done.stderr)

    def test_what_is_no_litellm(self):
        done = self.direct("/page")
        self.assertEqual(done.returncode, 2)
        self.assertIn("not as LiteLLM does", done.stderr)
        done = self.direct("/empty")
        self.assertIn("no deployment for this key", done.stderr)

    def test_failures_are_counted_and_excluded(self):
        done = self.direct("/flaky", "--requests", "9", "--format", "json", config=None)
        totals = json.loads(done.stdout)["totals"]
        self.assertEqual((totals["scanned"], totals["excluded_by_reason"]["failure"]), (9, 3))

    def test_hostile_answers(self):
        done = self.direct("/hostile", "--requests", "3", config=None)
        self.assertIn(done.returncode, (0, 3))
        self.assertNotIn("\x1b", done.stdout + done.stderr)
        self.assertNotIn("‮", done.stdout + done.stderr)

    def test_a_key_that_is_sent_back_is_not_shown(self):
        for style in ("table", "json", "csv", "sarif", "markdown"):
            done = self.direct("/echo", "--requests", "2", "-v", "--format", style, key="Summer-Rain-Canary", config=None)
            self.assertIn(done.returncode, (0, 3), done.stderr)
            self.assertNotIn("summer", (done.stdout + done.stderr).lower())

    def test_an_answer_has_a_bound_when_it_is_decoded(self):
        done = self.direct("/bomb", "--requests", "1", config=None)
        self.assertEqual(done.returncode, 2)
        self.assertIn("longer than 8 MB", done.stderr)

    def test_certificates_are_verified(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "tls.key", "-out",
                        "tls.pem", "-days", "1", "-subj", "/CN=claude.goodvision.tech", "-addext",
                        "subjectAltName=DNS:claude.goodvision.tech"], cwd=self.work, check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.work / "tls.pem", self.work / "tls.key")
        port = start("claude", context).server_port
        host = HOSTS["claude"]
        resolve = ["--resolve", f"{host}:{port}:127.0.0.1", "--requests", "20"]
        done = self.run_probe(f"https://{host}:{port}", *resolve)
        self.assertEqual(done.returncode, 2)
        self.assertIn("certificate", done.stderr)
        done = self.run_probe(f"https://{host}:{port}", *resolve, "--cacert", "tls.pem")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        done = self.run_probe(f"https://127.0.0.1:{port}", "--cacert", "tls.pem")
        self.assertEqual(done.returncode, 2, "the certificate is for another name")

    def test_every_format(self):
        port, host = self.ports["turn"], HOSTS["claude"]
        for name in ("table", "json", "markdown", "junit", "sarif", "github", "csv", "nagios", "prometheus"):
            done = self.run_probe(f"http://{host}:{port}", "--resolve", f"{host}:{port}:127.0.0.1", "--requests", "6",
                                  "-f", name)
            self.assertEqual(done.returncode, 2 if name == "nagios" else 1, (name, done.stdout, done.stderr))
            self.assertTrue(done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=1)
