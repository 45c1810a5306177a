# SPDX-License-Identifier: Apache-2.0
"""A browser to look at pages with: Debian's Chromium without a window, through the plain WebDriver protocol (W3C)."""
import contextlib
import json
import pathlib
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Browser:
    """One tab. Everything a page asks for, and everything on its console, is recorded."""

    def __init__(self, base, session):
        self.base = f"{base}/session/{session}"

    def call(self, path, body=None, method=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"},
                                         method=method or ("GET" if body is None else "POST"))
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def run(self, script, *arguments):
        return self.call("/execute/sync", {"script": script, "args": list(arguments)})

    def wait_for(self, script, *arguments):
        """A script that calls its last argument when it is done."""
        return self.call("/execute/async", {"script": script, "args": list(arguments)})

    def devtools(self, command, **parameters):
        return self.call("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def resize(self, width, height=900):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def media(self, kind="screen", scheme="light"):
        self.devtools("Emulation.setEmulatedMedia", media=kind,
                      features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, file):
        """Seconds until the page has been laid out; what was logged before is forgotten."""
        self.logged("browser"), self.logged("performance")
        begin = time.monotonic()
        self.call("/url", {"url": pathlib.Path(file).resolve().as_uri()})
        self.run("return document.body.offsetHeight")
        return time.monotonic() - begin

    def logged(self, kind):
        return self.call("/se/log", {"type": kind})

    def console(self):
        """Everything that the page, or the browser about it, complained about."""
        return [entry["message"] for entry in self.logged("browser")]

    def requests(self):
        """The addresses that were asked for since open()."""
        messages = [json.loads(entry["message"])["message"] for entry in self.logged("performance")]
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"]


@contextlib.contextmanager
def browser():
    port = free_port()
    with tempfile.TemporaryDirectory() as profile, subprocess.Popen(
            ["chromedriver", f"--port={port}", "--log-level=SEVERE"], stdout=subprocess.DEVNULL) as driver:
        try:
            yield started(port, profile)
        finally:
            driver.terminate()


def started(port, profile):
    base = f"http://127.0.0.1:{port}"
    wanted = {"browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
              "goog:chromeOptions": {"args": [*FLAGS, f"--user-data-dir={profile}"]}}
    body = json.dumps({"capabilities": {"alwaysMatch": wanted}}).encode()
    for _ in range(100):
        try:
            with urllib.request.urlopen(urllib.request.Request(f"{base}/session", body), timeout=60) as answer:
                return Browser(base, json.load(answer)["value"]["sessionId"])
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from None
        except urllib.error.URLError:
            time.sleep(0.1)
    raise RuntimeError("chromedriver does not answer")
