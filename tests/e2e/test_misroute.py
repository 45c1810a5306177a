# SPDX-License-Identifier: Apache-2.0
"""misroute on the rows that LiteLLM wrote: it must find the fault, explain it, and be silent after the fix."""
import json
import os
import subprocess
from datetime import datetime, timezone

import pytest
from conftest import HOSTS, PROVIDERS, UPSTREAMS, WORK

BINARY = os.environ["MISROUTE_BIN"]
DATABASE = f"postgresql://misroute@/{os.environ['PGDATABASE']}?host={os.environ['PGHOST']}"
KEYS = {"claude": "jms-test", "kelly": "kelly-app", "yxaiapp": "yxaiapp-app"}
OK, FINDINGS, ERROR, INCONCLUSIVE = range(4)


def write_config(name, upstreams):
    path = WORK / name  # not misroute.yaml: that would be read without being asked for
    lines = ["instances:"]
    for instance, host in HOSTS.items():
        upstream = f', upstream: "{UPSTREAMS[instance]}"' if upstreams else ""
        lines += [f"  {instance}:", f"    hosts: [{host}]", f"    keys: [{KEYS[instance]}]",
                  f"    expect: [{{provider: {PROVIDERS[instance]}{upstream}}}]"]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


@pytest.fixture(scope="session")
def config():
    return write_config("fleet.yaml", upstreams=True)


@pytest.fixture(scope="session")
def coarse_config():
    """kelly and yxaiapp expect the same: only the stamp can tell them apart."""
    return write_config("coarse.yaml", upstreams=False)


@pytest.fixture(scope="session")
def run(phases):
    """run(arguments, first phase, last phase) → (exit code, stdout) over the time of these phases."""
    def stamp(seconds):
        return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def call(arguments, first=None, last=None):
        window = []
        if first:
            since, until = phases[first][0], phases[last or first][1] + 0.5
            end = [] if arguments[0] == "check" else ["--until", stamp(until)]  # check looks until now
            window = ["--since", stamp(since), *end, "--now", stamp(until)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MISROUTE_")}
        done = subprocess.run([BINARY, *arguments, "--db", DATABASE, *window], capture_output=True, text=True,
                              timeout=120, env=environment, cwd=WORK)
        assert done.returncode != ERROR, done.stderr
        return done.returncode, done.stdout
    return call


@pytest.fixture(scope="session")
def scan(run, config):
    def call(first, last=None, by="host", config=config):
        arguments = ["scan", "--by", by, "--format", "json", *(["--config", config] if config else [])]
        code, out = run(arguments, first, last)
        report = json.loads(out)
        totals = report["totals"]
        assert totals["scanned"] == sum(totals[c] for c in ("home", "foreign", "unknown", "excluded", "unassigned"))
        assert report["complete"] is True
        return code, report
    return call


def of(report, list_name, key, value):
    (found,) = [item for item in report[list_name] if item[key] == value]
    return found


def rules(report, **wanted):
    return {f["rule"] for f in report["findings"] if all(f[name] == value for name, value in wanted.items())}


def test_doctor_can_read_what_litellm_wrote(run, config):
    code, out = run(["doctor", "--config", config])
    assert code in (OK, FINDINGS)
    assert "no hostnames" not in out and "never appears" not in out


def test_the_fault_is_found_with_exact_counts(scan, rows):
    code, report = scan("faulty")
    assert code == FINDINGS
    total = len(rows["faulty"])
    assert report["totals"]["scanned"] == total
    assert report["totals"]["home"] == total // 3
    assert report["totals"]["foreign"] == total - total // 3
    for name, host in HOSTS.items():
        mine = total // len(HOSTS)
        instance = of(report, "instances", "name", name)
        assert instance["verdict"] == "misrouted"
        assert instance["answered_by"] == {other: mine // 3 for other in HOSTS}
        issuer = of(report, "issuers", "issuer", f"host:{host}")
        assert (issuer["instance"], issuer["verdict"]) == (name, "misrouted")
        assert (issuer["requests"], issuer["home"], issuer["foreign"]) == (mine, mine // 3, mine - mine // 3)
        share = issuer["foreign_share"]
        assert share["low"] < 2 / 3 < share["high"] and abs(share["estimate"] - 2 / 3) < 0.001


def test_every_backend_is_named_by_provider_and_upstream(scan):
    _, report = scan("faulty")
    for issuer in report["issuers"]:
        found = {(b["provider"], b["upstream"], b["owner"]) for b in issuer["backends"]}
        assert found == {(PROVIDERS[name], UPSTREAMS[name], name) for name in HOSTS}
        for backend in issuer["backends"]:
            assert backend["class"] == ("home" if backend["owner"] == issuer["instance"] else "foreign")


def test_findings_tell_provider_from_upstream(scan):
    _, report = scan("faulty")
    assert "provider-mismatch" in rules(report, instance="claude")
    for name in ("kelly", "yxaiapp"):
        assert {"provider-mismatch", "upstream-mismatch"} <= rules(report, instance=name)
    for finding in report["findings"]:
        assert finding["message"] and finding["remedy"]


def test_the_cause_is_named(scan):
    _, report = scan("faulty")
    assert report["causes"][0]["cause"] == "service-selects-other-instances"
    assert report["causes"][0]["for"] and report["causes"][0]["next"]


def test_the_dispatch_is_a_round_robin_over_three(scan):
    _, report = scan("faulty")
    for issuer in report["issuers"]:
        assert issuer["dispatch"]["pattern"] == "round-robin"
        assert issuer["dispatch"]["backends"] == 3


def test_the_misrouted_tokens_have_no_price(scan, rows):
    _, report = scan("faulty")
    strays = [row for row in rows["faulty"] if row.host == HOSTS["claude"] and row.answered_by != "claude"]
    assert "unpriced-traffic" in rules(report, instance="claude")
    assert report["cost"]["unpriced_requests"] >= len(strays)
    assert report["cost"]["unpriced_tokens"] >= sum(row["total_tokens"] for row in strays)


def test_by_key_it_is_the_same_fault(scan):
    code, report = scan("faulty", by="key")
    assert code == FINDINGS
    for name, alias in KEYS.items():
        issuer = of(report, "issuers", "issuer", f"key:{alias}")
        assert (issuer["instance"], issuer["verdict"]) == (name, "misrouted")


def test_without_configuration_it_is_mixed(scan):
    code, report = scan("faulty", config=None)
    assert {issuer["verdict"] for issuer in report["issuers"]} == {"mixed"}
    assert rules(report) >= {"mixed-backends"}
    assert code == OK, "a warning, and --fail-on is error"


def test_the_stamp_tells_apart_what_the_configuration_cannot(scan, coarse_config, new):
    code, report = scan("stamped", config=coarse_config)
    assert code == FINDINGS
    kelly = of(report, "instances", "name", "kelly")
    assert kelly["foreign"] == (4 if new else 2)
    assert ("instance-mismatch" in rules(report, instance="kelly")) == new
    if new:
        assert kelly["answered_by"] == {name: 2 for name in HOSTS}


def test_the_fix_is_clean(scan, rows):
    code, report = scan("fixed")
    assert code == OK
    assert report["totals"]["home"] == report["totals"]["scanned"] == len(rows["fixed"])
    assert {instance["verdict"] for instance in report["instances"]} == {"clean"}
    assert not rules(report, severity="error") and not report["causes"]


def test_before_and_after_the_episode_has_ended(scan, rows):
    _, report = scan("faulty", "fixed")
    last = max(row["startTime"] for phase in ("faulty", "stamped") for row in rows[phase]
               if row.host == HOSTS["claude"] and row.answered_by != "claude")
    onset = of(report, "issuers", "issuer", f"host:{HOSTS['claude']}")["onset"]
    assert onset["ongoing"] is False
    assert onset["ended_at"].rstrip("Z")[:19] == last[:19]


def test_a_key_used_on_all_hosts_is_clean_where_the_host_decides(scan):
    code, report = scan("shared")
    assert code == OK and report["totals"]["foreign"] == 0
    code, report = scan("shared", by="key")
    assert code == OK and report["totals"]["foreign"] == 0
    _, report = scan("shared", by="key", config=None)
    assert "key-used-on-several-instances" in {cause["cause"] for cause in report["causes"]}


def test_odd_requests_are_excluded_by_reason(scan, rows, new):
    _, report = scan("odd")
    reasons = report["totals"]["excluded_by_reason"]
    failures = sum(row["status"] == "failure" and row["call_type"] != "pass_through_endpoint" for row in rows["odd"])
    assert reasons["cache-hit"] == 2
    assert reasons["health-check"] == 3
    assert reasons["failure"] + reasons["pass-through"] == failures + 2
    # A fallback has no mark in old rows: there it cannot be told from a request that went astray.
    assert reasons.get("fallback", 0) == (5 if new else 0)
    assert report["totals"]["foreign"] == (0 if new else 5)
    assert report["totals"]["unknown"] == 0


def test_old_fallbacks_are_explained(scan, new):
    if new:
        pytest.skip("new rows mark a fallback")
    _, report = scan("odd")
    assert "fallback-between-providers" in {cause["cause"] for cause in report["causes"]}


@pytest.mark.parametrize("arguments", [["scan", "--format", "json"], ["scan", "--format", "json", "--by", "key"]])
def test_no_key_leaves_the_report(run, config, arguments):
    _, out = run([*arguments, "--config", config], "faulty", "odd")
    assert not [key for key in json.loads((WORK / "keys.json").read_text()).values() if key in out]


def test_trace_shows_every_request_in_order(run, config, rows):
    issuer = f"host:{HOSTS['claude']}"
    code, out = run(["trace", issuer, "--format", "json", "--config", config], "faulty")
    assert code == OK
    trace = json.loads(out)
    mine = [row for row in rows["faulty"] if row.host == HOSTS["claude"]]
    assert [r["request_id"] for r in trace["requests"]] == [row["request_id"] for row in mine]
    assert [r["answered_by"] for r in trace["requests"]] == [row.answered_by for row in mine]
    assert {r["host"] for r in trace["requests"]} == {HOSTS["claude"]}
    assert trace["dispatch"]["pattern"] == "round-robin" and trace["truncated"] is False


def test_check_fails_on_the_fault_and_passes_the_fix(run, config):
    arguments = ["check", "--format", "json", "--wait", "0s", "--exclude-share", "0.5", "--config", config]
    code, out = run(arguments, "faulty")
    assert (code, json.loads(out)["check"]["verdict"]) == (FINDINGS, "fail")
    code, out = run(arguments, "fixed")
    assert (code, json.loads(out)["check"]["verdict"]) == (OK, "pass")


def probe(gateway, instances, config, *arguments):
    """Asks the hostnames of these instances at one of the gateways; both are still up."""
    port = os.environ[gateway].rsplit(":", 1)[1]
    hosts = [HOSTS[instance] for instance in instances]
    resolve = [f"--resolve={host}:{port}:127.0.0.1" for host in hosts]
    key = json.loads((WORK / "keys.json").read_text())["jms-test"]
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("MISROUTE_") and "proxy" not in name.lower()} | {"MISROUTE_KEY": key}
    done = subprocess.run([BINARY, "probe", *(f"http://{host}:{port}" for host in hosts), *resolve, "--format", "json",
                           "--requests", "20", "--config", config, *arguments], capture_output=True, text=True,
                          timeout=120, env=environment, cwd=WORK)
    assert done.returncode != ERROR, done.stderr
    assert key not in done.stdout + done.stderr
    return done.returncode, json.loads(done.stdout)


def test_probe_finds_three_pods_behind_one_hostname(config):
    code, report = probe("E2E_FAULTY", ["claude"], config)
    assert (code, report["check"]["verdict"]) == (FINDINGS, "fail")
    issuer = of(report, "issuers", "issuer", f"host:{HOSTS['claude']}")
    assert {(b["provider"], b["upstream"], b["owner"]) for b in issuer["backends"]} == \
        {(PROVIDERS[name], UPSTREAMS[name], name) for name in HOSTS}
    assert (issuer["dispatch"]["pattern"], issuer["dispatch"]["backends"]) == ("round-robin", 3)
    assert (issuer["requests"], issuer["home"] in (6, 7)) == (20, True)
    assert report["causes"][0]["cause"] == "service-selects-other-instances"


def test_probe_finds_one_pod_behind_each_hostname_after_the_fix(config):
    code, report = probe("E2E_FIXED", HOSTS, config)
    assert (code, report["check"]["verdict"]) == (OK, "pass")
    for name, host in HOSTS.items():
        issuer = of(report, "issuers", "issuer", f"host:{host}")
        assert [(b["owner"], b["requests"]) for b in issuer["backends"]] == [(name, 20)]


def test_probe_by_completions(config, model):
    code, report = probe("E2E_FAULTY", ["kelly"], config, "--completion", model)
    assert code == FINDINGS
    backends = of(report, "issuers", "issuer", f"host:{HOSTS['kelly']}")["backends"]
    assert sum(b["requests"] for b in backends) == 20 and {b["owner"] for b in backends} <= set(HOSTS)
    code, report = probe("E2E_FIXED", ["kelly"], config, "--completion", model)
    assert (code, report["totals"]["home"]) == (OK, 20)
