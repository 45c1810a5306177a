#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""html_test.py MISROUTE RENDER_SAMPLE [FOLDER]

Opens the HTML pages in a real browser: nothing on the console, no request but the file itself, hostile names stay text,
axe-core finds nothing serious, the pictures have the numbers of the JSON, and a thousand issuers open and filter within a
second. With FOLDER it only leaves screenshots there, to be looked at.
"""
import base64
import copy
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "formats"))
# pylint: disable=wrong-import-position
from samples import CONTROLS, RAW_KEY
from webdriver import browser

AXE = pathlib.Path(__file__).resolve().parent / "node_modules/axe-core/axe.min.js"
WIDTHS = (360, 820, 2000)
MISROUTE, RENDER_SAMPLE = (str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:3])

AUDIT = """const done = arguments[0];
axe.run().then(found => done(found.violations.filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => [one.id, one.nodes.map(node => node.html.slice(0, 200))])), error => done([['axe', String(error)]]));"""

# Of a figure by the beginning of its caption: the rows of its table, and what its marks say.
FIGURE = """const figure = [...document.querySelectorAll('figure')].filter(
    one => one.querySelector('figcaption').textContent.includes(arguments[0]))[0];
const cells = row => [...row.children].map(cell => cell.textContent);
return {head: cells(figure.querySelector('thead tr')), rows: [...figure.querySelectorAll('tbody tr')].map(cells),
    titles: [...figure.querySelectorAll('svg g > title, svg rect > title')].map(title => title.textContent),
    bars: [...figure.querySelectorAll('rect.bar')].map(bar => [bar.textContent, +bar.getAttribute('height')]),
    marks: [...figure.querySelectorAll('g.mark')].map(
        mark => [mark.querySelector('text').textContent, mark.querySelector('rect') ? 'rect' : 'circle']),
    described: figure.querySelector('svg').getAttribute('aria-labelledby').split(' ').map(
        id => document.getElementById(id).textContent)};"""


def sample(form, name):
    return subprocess.run([RENDER_SAMPLE, form, name], check=True, capture_output=True).stdout


def samples():
    return subprocess.run([RENDER_SAMPLE], check=True, capture_output=True, text=True).stdout.split()


def rendered(*reports, form="html"):
    """`misroute render` of JSON reports; it exits 1 for their findings."""
    with tempfile.TemporaryDirectory() as folder:
        files = [pathlib.Path(folder) / f"{number}.json" for number in range(len(reports))]
        for file, report in zip(files, reports):
            file.write_text(json.dumps(report), encoding="utf-8")
        done = subprocess.run([MISROUTE, "render", *files, "--format", form], capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.decode())
    return done.stdout


def busy_issuer(model, number):
    """Forty of them have a full course and a full sequence."""
    issuer = copy.deepcopy(model)
    issuer["issuer"] = f"host:tenant-{number:04}.example.org"
    issuer["instance"] = f"instance-{number:04}"
    point, mark = model["series"][0], model["sequence"]
    hour = lambda index: f"2026-11-{22 + (14 + index // 4) // 24:02}T{(14 + index // 4) % 24:02}:{index % 4 * 15:02}:00.000Z"
    full = number < 40
    issuer["series"] = [{**point, "since": hour(index), "until": hour(index + 1)} for index in range(96)] if full else []
    issuer["sequence"] = [mark[index % len(mark)] for index in range(400)] if full else []
    return issuer


def thousand():
    report = json.loads(sample("json", "incident"))
    model, finding = report["issuers"][0], report["findings"][0]
    report["issuers"] = [busy_issuer(model, number) for number in range(1000)]
    report["findings"] = [{**finding, "issuer": issuer["issuer"], "instance": issuer["instance"],
                           "fingerprint": f"{number:016x}"} for number, issuer in enumerate(report["issuers"])]
    instance = report["instances"][0]
    report["instances"] = [{**instance, "name": issuer["instance"]} for issuer in report["issuers"]]
    return report


def trace():
    incident = json.loads(sample("json", "incident"))
    issuer = incident["issuers"][0]
    requests = [{"time": one["time"], "request_id": f"r{number}", "model": one["model"], "model_group": "opus",
                 "provider": "openai", "upstream": "kellycloudai.com", "answered_by": one["answered_by"],
                 "class": one["class"], "reason": None, "tokens": 7, "spend_usd": 0.0, "key": "jms", "host": "x"}
                for number, one in enumerate(issuer["sequence"])]
    return {"schema": "misroute.trace/1", "issuer": issuer["issuer"], "instance": "claude",
            "window": incident["window"], "requests": requests, "dispatch": issuer["dispatch"], "truncated": False}


def history():
    """Two episodes of one finding and a hostile one, of which one goes on."""
    one = {"fingerprint": "0123456789abcdef", "rule": "provider-mismatch", "issuer": "host:claude.example.org",
           "instance": "claude", "since": "2026-11-03T00:00:00.000Z", "until": "2026-11-06T00:00:00.000Z", "ongoing": False,
           "requests": 1061, "foreign": 41, "tokens": 41000, "estimated_unbilled_usd": 0.41,
           "cause": "service-selects-other-instances"}
    going_on = {**one, "since": "2026-11-24T00:00:00.000Z", "until": None, "ongoing": True, "requests": 8, "foreign": 5}
    hostile = {**one, "fingerprint": "fedcba9876543210", "issuer": "key:<img src=x onerror=alert(1)> sk-abcdef0123456789",
               "instance": None, "cause": None, "estimated_unbilled_usd": None}
    return {"schema": "misroute.incidents/1", "tool": {"name": "misroute", "version": "0.2.0"},
            "window": {"since": "2026-11-01T00:00:00.000Z", "until": "2026-12-01T00:00:00.000Z"},
            "incidents": [going_on, hostile, one], "complete": True, "judged": True}


def pages():
    """Every page that is opened, by name."""
    incident = json.loads(sample("json", "incident"))
    clean = json.loads(sample("json", "clean"))
    return {**{name: sample("html", name) for name in samples()}, "days": rendered(clean, incident, clean),
            "trace": rendered(trace()), "history": rendered(history()), "thousand": rendered(thousand())}


class Pages(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.browser = cls.enterClassContext(browser())
        cls.pages = pages()
        cls.axe = AXE.read_text(encoding="utf-8")

    def open(self, name, page=None):
        file = pathlib.Path(self.folder) / f"{name}.html"
        file.write_bytes(self.pages[name] if page is None else page)
        return self.browser.open(file)

    def figure(self, caption):
        return self.browser.run(FIGURE, caption)

    def audit(self, name):
        self.browser.run(self.axe + "; return 0")
        self.assertEqual(self.browser.wait_for(AUDIT), [], name)

    def test_nothing_is_complained_about_and_nothing_is_asked_for(self):
        for name in self.pages:
            self.open(name)
            self.assertEqual(self.browser.console(), [], name)
            self.assertEqual([url for url in self.browser.requests() if not url.endswith(f"/{name}.html")], [], name)

    def test_a_page_is_not_silent_where_its_policy_is_broken(self):
        """What the test above rests on: the console tells, and the policy holds."""
        broken = self.pages["incident"].replace(b"<main>", b'<main><img src="https://example.org/x.png">', 1)
        self.assertNotEqual(broken, self.pages["incident"])
        self.open("broken", broken)
        self.assertIn("Content Security Policy", "".join(self.browser.console()))
        self.browser.run(self.axe + "; return 0")
        self.assertIn("image-alt", [rule for rule, _ in self.browser.wait_for(AUDIT)])

    def test_axe_finds_nothing_serious(self):
        for name in self.pages:
            if name != "thousand":  # the same as the others, and slow
                for scheme in ("light", "dark"):
                    self.browser.media(scheme=scheme)
                    self.open(name)
                    self.audit(f"{name}, {scheme}")
        self.browser.media()

    def test_hostile_names_stay_text(self):
        self.open("hostile")
        self.assertIn("<img src=x onerror=alert(1)>", self.browser.run("return document.body.textContent"))
        self.assertEqual(self.browser.run("return document.querySelectorAll('img,iframe,object,embed,link,base').length"), 0)
        self.assertEqual(self.browser.run("return document.scripts.length"), 1)
        handlers = """return [...document.querySelectorAll('*')].flatMap(one => one.getAttributeNames()).filter(
            name => name.startsWith('on') || name === 'style')"""
        self.assertEqual(self.browser.run(handlers), [])
        self.assertEqual(self.browser.run("return [...document.links].filter(one => one.protocol !== 'file:').length"), 0)

    def test_no_page_has_a_key_or_a_control_character(self):
        for name, page in self.pages.items():
            text = page.decode("utf-8", "strict")
            self.assertIsNone(RAW_KEY.search(text), name)
            self.assertIsNone(CONTROLS.search(text), name)

    def test_pictures_have_the_numbers_of_the_report(self):
        report = json.loads(sample("json", "incident"))
        self.open("incident")
        issuer = report["issuers"][0]
        point = issuer["series"][0]

        timeline = self.figure("requests over time")
        self.assertEqual(timeline["rows"], [["2026-11-22 20:15", *(str(count) for count in point["by_owner"].values()),
                                             str(point["home"]), str(point["foreign"])]])
        heights = {title.split()[-2].rstrip(":"): height for title, height in timeline["bars"]}
        counts = point["by_owner"]
        self.assertEqual(set(heights), set(counts))
        for owner, height in heights.items():
            self.assertAlmostEqual(height / heights["claude"], counts[owner] / counts["claude"], delta=0.02)

        order = self.figure("newest requests in order")
        self.assertEqual(" ".join(letter for letter, _ in order["marks"]), "C K Y C K Y C K")
        self.assertEqual([shape for _, shape in order["marks"]],
                         ["circle" if one["class"] == "home" else "rect" for one in issuer["sequence"]])
        self.assertEqual([row[1:] for row in order["rows"]],
                         [[one["answered_by"], one["class"], one["model"]] for one in issuer["sequence"]])
        self.assertIn("compatible with a round-robin over 3 pods", order["described"][1])

        matrix = self.figure("Entered at")
        for instance in report["instances"]:
            row = next(row for row in matrix["rows"] if row[0] == instance["name"])
            shown = dict(zip(matrix["head"][1:], (int(cell) for cell in row[1:])))
            self.assertEqual({owner: count for owner, count in shown.items() if count}, instance["answered_by"])
        self.assertIn("entered at claude, answered by kelly: 3", matrix["titles"])

        cost = self.figure("without a price")
        self.assertEqual(cost["rows"], [["2026-11-22 20:15", "38,672", "$0.21"]])

    def test_wrong_arrows_are_those_of_the_manifests(self):
        self.open("gaps_and_cluster")
        way = self.figure("way of a request")
        self.assertEqual(sum(row[-1] == "wrong" for row in way["rows"]), 6)
        self.assertEqual(self.browser.run("return document.querySelectorAll('path.edge.wrong').length"), 6)
        shown = {row[2].split("/")[-1]: row[5:7] for row in way["rows"] if "claude" in row[0]}
        self.assertEqual(shown["kelly-litellm"], ["33 %", "38 %"])
        self.assertEqual(self.browser.run("return document.querySelectorAll('rect.gap').length"), 2)

    def test_days_stand_beside_each_other(self):
        self.open("days")
        days = self.figure("Requests by report")
        self.assertEqual([row[1:3] for row in days["rows"]], [["1,175", "0"], ["3", "5"], ["1,175", "0"]])
        row = self.browser.run("""return [...document.querySelectorAll('#instances tbody tr')].map(
            row => [...row.children].map(cell => cell.textContent))[0]""")
        self.assertEqual(row, ["claude", "✓ clean, 800", "✗ 5 of 8", "✓ clean, 800"])

    def test_incidents_stand_where_they_were(self):
        self.open("history")
        titles = self.browser.run("return [...document.querySelectorAll('figure rect.bar > title')].map(one => one.textContent)")
        self.assertEqual(titles,
                         ["2026-11-24 00:00 → ongoing: 5 of 8 requests",
                          "2026-11-03 00:00 → 2026-11-06 00:00: 41 of 1,061 requests",
                          "2026-11-03 00:00 → 2026-11-06 00:00: 41 of 1,061 requests"])
        bars = self.browser.run("""return [...document.querySelectorAll('rect.bar')].map(
            bar => ['x', 'y', 'width'].map(name => +bar.getAttribute(name)))""")
        (newest, first, other) = bars
        self.assertEqual(newest[1], first[1], "one issuer and rule, one lane")
        self.assertNotEqual(first[1], other[1])
        day = newest[2] / 7  # from the 24th to the end of the window
        self.assertAlmostEqual(first[2], 3 * day, delta=0.2)
        self.assertAlmostEqual(newest[0] - first[0], 21 * day, delta=0.2)
        rows = self.browser.run("""return [...document.querySelectorAll('#incidents > div tbody tr')].map(
            row => [...row.children].map(cell => cell.textContent))""")
        self.assertEqual(rows[2], ["2026-11-03 00:00", "2026-11-06 00:00", "host:claude.example.org", "claude",
                                   "provider-mismatch", "41 of 1,061", "41,000", "$0.41", "service-selects-other-instances"])
        self.assertEqual(rows[1][2:4] + rows[1][7:], ["key:<img src=x onerror=alert(1)> sk-***", "", "-", "-"])

    def test_a_thousand_issuers_open_and_filter_within_a_second(self):
        self.assertLess(len(self.pages["thousand"]), 1_000_000)
        self.assertLess(min(self.open("thousand") for _ in range(3)), 1.0)
        took, shown, said = self.browser.run("""const begin = performance.now();
            const field = document.getElementById('filter');
            field.value = 'tenant-07';
            field.dispatchEvent(new Event('input'));
            const rows = [...document.querySelectorAll('#issuers tbody tr')].filter(row => row.offsetParent).length;
            return [performance.now() - begin, rows, document.getElementById('shown').textContent];""")
        self.assertLess(took, 1000)
        self.assertEqual(shown, 100)
        self.assertEqual(said, "100 of 1000 issuers")

    def test_it_is_read_without_its_script(self):
        self.browser.devtools("Emulation.setScriptExecutionDisabled", value=True)
        try:
            self.open("thousand")
        finally:
            self.browser.devtools("Emulation.setScriptExecutionDisabled", value=False)
        self.assertEqual(self.browser.run("return document.querySelectorAll('button').length"), 0)
        self.assertTrue(self.browser.run("return document.getElementById('filtering').hidden"))
        self.assertEqual(self.browser.run("return document.querySelectorAll('#issuers tbody tr').length"), 1000)
        self.assertTrue(self.browser.run("return document.querySelector('#issuers tbody tr').offsetHeight > 0"))

    def test_no_width_is_too_narrow(self):
        for name in self.pages:
            self.open(name)
            for width in WIDTHS:
                self.browser.resize(width)
                beyond = self.browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
                self.assertLessEqual(beyond, 0, f"{name} at {width} px")
        self.browser.resize(1280)

    def test_the_keyboard_opens_the_numbers(self):
        self.open("incident")
        summary = self.browser.call("/element", {"using": "css selector", "value": "figure summary"})
        element = next(iter(summary.values()))
        self.browser.call(f"/element/{element}/value", {"text": "\ue007"})
        self.assertTrue(self.browser.run("return document.querySelector('figure details').open"))

    def test_it_prints_on_a4(self):
        self.open("gaps_and_cluster")
        printed = base64.b64decode(self.browser.call("/print", {"page": {"width": 21.0, "height": 29.7}}))
        self.assertTrue(printed.startswith(b"%PDF"))
        self.browser.media("print")
        self.browser.resize(718)  # A4 at 96 dpi without its margins
        wider = self.browser.run("""return [...document.querySelectorAll('svg, table')].filter(
            one => one.getBoundingClientRect().right > innerWidth + 1).length""")
        self.browser.media(), self.browser.resize(1280)
        self.assertEqual(wider, 0)


def screenshots(folder):
    with tempfile.TemporaryDirectory() as scratch, browser() as look:
        for name, page in pages().items():
            file = pathlib.Path(scratch) / f"{name}.html"
            file.write_bytes(page)
            for width in WIDTHS:
                look.resize(width)
                look.open(file)
                look.resize(width, min(6000, look.run("return document.documentElement.scrollHeight")))
                image = base64.b64decode(look.call("/screenshot"))
                (pathlib.Path(folder) / f"{name}-{width}.png").write_bytes(image)


if len(sys.argv) > 3:
    screenshots(sys.argv[3])
else:
    unittest.main(argv=sys.argv[:1])
