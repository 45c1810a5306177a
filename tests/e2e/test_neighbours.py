# SPDX-License-Identifier: Apache-2.0
"""What misroute makes of neighbours that are hard to judge: birch borrows claude's upstream by entries of its own, oak and
ash share one upstream and are told apart by the ids of their deployments alone."""
import pytest
from conftest import BIRCH, GROVE, HOSTS, PROVIDERS, TWIN_HOSTS, UPSTREAMS, WORK
from test_misroute import FINDINGS, OK, config, of, rules, run, scan  # noqa: F401 (fixtures)

BIRCH_HOST = "birch.goodvision.tech"
OAK, ASH = TWIN_HOSTS.values()


def write_fleet(name, deployments=None):
    """Everybody, each with what it is meant to serve; `deployments` by instance."""
    path = WORK / name
    lines = ["instances:"]
    for instance, host in HOSTS.items():
        lines += [f"  {instance}:", f"    hosts: [{host}]",
                  f'    expect: [{{provider: {PROVIDERS[instance]}, upstream: "{UPSTREAMS[instance]}"}}]']
    # birch's searches are tavily's at its own upstream; ash's credential leads to birch's upstream in part.
    serves = {"birch": [("openai", BIRCH)], "oak": [("openai", GROVE)], "ash": [("openai", GROVE), ("openai", BIRCH)]}
    for instance, host in {"birch": BIRCH_HOST, **TWIN_HOSTS}.items():
        expect = ", ".join(f'{{provider: {provider}, upstream: "{upstream}"}}' for provider, upstream in serves[instance])
        lines += [f"  {instance}:", f"    hosts: [{host}]", f"    keys: [{instance}-app]", f"    expect: [{expect}]"]
        ids = (deployments or {}).get(instance)
        lines += [f"    deployments: [{', '.join(sorted(ids))}]"] if ids else []
    path.write_text("\n".join(lines) + "\n")
    return str(path)


@pytest.fixture(scope="session")
def fleet():
    return write_fleet("neighbours.yaml")


def ids_of(rows, phase, host=None):
    return {row["model_id"] for row in rows[phase] if row["model_id"] and host in (None, row.host)}


@pytest.fixture(scope="session")
def told_fleet(rows):
    """The same, where birch's own entries are configured, those for claude's upstream too."""
    own = ids_of(rows, "borrowed") | ids_of(rows, "routed")
    return write_fleet("told.yaml", {"birch": own, "oak": ids_of(rows, "apart", OAK), "ash": ids_of(rows, "apart", ASH)})


def test_a_marked_fallback_to_a_neighbour_is_set_aside_and_said(scan, fleet, new):
    code, report = scan("fixed", "borrowed", config=fleet)
    birch = of(report, "issuers", "issuer", f"host:{BIRCH_HOST}")
    if new:
        assert code == OK and birch["foreign"] == 0
        assert birch["excluded_elsewhere"] == {"claude": 5}
    else:  # nothing marks it: by provider and upstream it is claude's answer
        assert code == FINDINGS and 0 < birch["foreign"] <= 5
        assert report["causes"][0]["cause"] == "fallback-between-providers"


@pytest.mark.parametrize("phase", ["borrowed", "routed"])
def test_configured_entries_are_home_whatever_upstream_they_lead_to(scan, told_fleet, phase):
    code, report = scan(phase, config=told_fleet)
    assert code == OK and report["totals"]["foreign"] == 0
    assert report["totals"]["home"] + report["totals"]["excluded"] == report["totals"]["scanned"]


def test_two_instances_on_one_upstream_are_clean_apart(scan, fleet):
    code, report = scan("apart", config=fleet)
    assert code == OK and report["totals"]["foreign"] == 0
    assert not [f for f in report["findings"] if f["rule"] == "indistinguishable-instances"
                and {"oak", "ash"} == set(f["instance"].split("|"))]


def test_the_mixture_of_two_instances_on_one_upstream_is_dated(scan, fleet, rows):
    own = {host: ids_of(rows, "apart", host) for host in (OAK, ASH)}
    strays = [row for row in rows["mixed"] if row["model_id"] not in own[row.host]]
    assert strays
    _, report = scan("apart", "mixed", config=fleet)
    assert report["totals"]["foreign"] == len(strays)
    for name, host in TWIN_HOSTS.items():
        assert "deployment-mismatch" in rules(report, instance=name)
        first = min(row["startTime"] for row in strays if row.host == host)
        onset = of(report, "issuers", "issuer", f"host:{host}")["onset"]
        assert onset["at"].rstrip("Z")[:19] == first[:19]


def test_configured_deployments_make_it_an_error_without_a_clean_time(scan, told_fleet, rows):
    own = {host: ids_of(rows, "apart", host) for host in (OAK, ASH)}
    strays = [row for row in rows["mixed"] if row["model_id"] not in own[row.host]]
    code, report = scan("mixed", config=told_fleet)
    assert code == FINDINGS and report["totals"]["foreign"] == len(strays)
    assert rules(report, severity="error") == {"deployment-mismatch"}


def test_without_a_clean_time_it_says_that_it_cannot_tell(scan, fleet):
    code, report = scan("mixed", config=fleet)
    assert code == OK and report["totals"]["foreign"] == 0
    assert {"oak", "ash"} in [set(f["instance"].split("|")) for f in report["findings"]
                              if f["rule"] == "indistinguishable-instances"]


def test_copied_entries_and_another_key_are_no_fault(scan, fleet):
    code, report = scan("copied", "rotated", config=fleet)
    assert code == OK and report["totals"]["foreign"] == 0


def test_calls_of_no_model_are_set_aside_and_the_others_are_at_home(scan, fleet, rows):
    code, report = scan("other", config=fleet)
    assert code == OK and report["totals"]["foreign"] == 0
    assert report["totals"]["excluded_by_reason"]["other-call"] == 1, "the search"
