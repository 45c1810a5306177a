# SPDX-License-Identifier: Apache-2.0
"""What script/e2e left in its working folder: the calls that were sent, and the rows that LiteLLM wrote."""
import json
import os
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

import pytest

WORK = Path(os.environ["E2E_WORK"])
PORT = os.environ["E2E_UPSTREAM_PORT"]
HOSTS = {"claude": "claude.goodvision.tech", "kelly": "llm.goodvision.tech", "yxaiapp": "ai.goodvision.tech"}
UPSTREAMS = {"kelly": f"127.0.0.11:{PORT}", "yxaiapp": f"127.0.0.12:{PORT}", "claude": f"127.0.0.13:{PORT}"}
PROVIDERS = {"kelly": "openai", "yxaiapp": "openai", "claude": "anthropic"}
EVERYDAY = ("faulty", "stamped", "fixed", "shared")
# birch borrows claude's upstream; oak and ash share one, grove.
BIRCH, GROVE = f"127.0.0.14:{PORT}", f"127.0.0.15:{PORT}"
TWIN_HOSTS = {"oak": "oak.goodvision.tech", "ash": "ash.goodvision.tech"}
TWINS = ("apart", "mixed", "copied", "rotated")


def read(name):
    return [json.loads(line) for line in (WORK / name).read_text().splitlines()]


def read_phases():
    return {phase["phase"]: (phase["since"], phase["until"]) for phase in read("phases.jsonl")}


def rows_by_phase(phases):
    rows = [Row(row) for row in read("rows.jsonl")]
    return {phase: [row for row in rows if since - 0.5 <= row.start <= until + 0.5]
            for phase, (since, until) in phases.items()}


class Row(dict):
    """A spend-log row, with what the tests ask of it."""

    @property
    def start(self):
        return datetime.fromisoformat(self["startTime"]).replace(tzinfo=timezone.utc).timestamp()

    @property
    def tags(self):
        return self["request_tags"] or []

    @property
    def host(self):
        return next((tag.removeprefix("host: ") for tag in self.tags if tag.startswith("host: ")), None)

    @property
    def upstream(self):
        return urlsplit(self["api_base"] or "").netloc

    @property
    def answered_by(self):
        return next((name for name, upstream in UPSTREAMS.items() if upstream == self.upstream), None)

    @property
    def meta(self):
        return self["metadata"] or {}


@pytest.fixture(scope="session")
def new():
    return os.environ["E2E_VERSION"] == "new"


@pytest.fixture(scope="session")
def model():
    return os.environ["E2E_MODEL"]


@pytest.fixture(scope="session")
def phases():
    return read_phases()


@pytest.fixture(scope="session")
def sent():
    return read("sent.jsonl")


@pytest.fixture(scope="session")
def rows(phases):
    """phase → its rows in order, told by "startTime" alone: that it is UTC is part of the proof."""
    result = rows_by_phase(phases)
    assert sum(map(len, result.values())) == len(read("rows.jsonl")), \
        "rows outside every phase: is startTime still UTC?"
    return result
