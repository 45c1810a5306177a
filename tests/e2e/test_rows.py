# SPDX-License-Identifier: Apache-2.0
"""What LiteLLM really writes, where misroute stands on it. docs/litellm-rows.md has the whole."""
import hashlib
import json
from collections import Counter
from datetime import datetime, timedelta

import pytest
from conftest import EVERYDAY, HOSTS, PROVIDERS, UPSTREAMS, WORK

HEALTH_CHECK = "litellm-internal-health-check"


@pytest.mark.parametrize("phase", EVERYDAY)
def test_every_answered_call_left_one_row(phase, rows, sent):
    calls = [call for call in sent if call["phase"] == phase]
    assert len(calls) == len(rows[phase]) > 0
    assert Counter(row.host for row in rows[phase]) == Counter(call["host"] for call in calls)


@pytest.mark.parametrize("phase", EVERYDAY)
def test_columns_of_everyday_rows(phase, rows, new, model):
    asked = f"stamped-{model}" if phase == "stamped" else model
    for row in rows[phase]:
        provider = PROVIDERS[row.answered_by]
        assert row["custom_llm_provider"] == provider
        assert row["model_group"] == asked
        assert row["model"] == (f"{provider}/{asked}" if new else asked)
        assert row["status"] == "success"
        assert row["cache_hit"] in ("None", "False")
        assert row.tags[-1] == f"host: {row.host}"
        assert row["total_tokens"] > 0


def test_one_deployment_has_many_spellings_of_api_base_and_one_model_id(rows, new):
    everyday = [row for phase in ("faulty", "fixed", "shared") for row in rows[phase]]
    for instance in UPSTREAMS:
        mine = [row for row in everyday if row.answered_by == instance]
        assert len({row["model_id"] for row in mine}) == 1
        assert len({row["api_base"] for row in mine}) == (1 if instance == "claude" else 3 if new else 2)
    assert len({row["model_id"] for row in everyday}) == 3


@pytest.mark.parametrize("phase", ["faulty", "stamped"])
def test_the_fault_spreads_every_host_over_all_instances(phase, rows):
    for host in HOSTS.values():
        shares = Counter(row.answered_by for row in rows[phase] if row.host == host)
        assert set(shares) == set(UPSTREAMS)
        assert max(shares.values()) == min(shares.values())


@pytest.mark.parametrize("phase", ["fixed", "shared", "odd"])
def test_after_the_fix_every_host_is_answered_by_its_own(phase, rows):
    for row in rows[phase]:
        if row.host and "reserve" not in row["model"] and row["status"] == "success":
            assert HOSTS[row.answered_by] == row.host


def test_stamp_of_the_deployment(rows, new):
    for row in rows["stamped"]:
        stamps = [tag for tag in row.tags if tag.startswith("instance:")]
        assert stamps == ([f"instance:{row.answered_by}"] if new else [])


def test_keys_are_hashes_and_their_alias_is_in_the_metadata(rows):
    keys = json.loads((WORK / "keys.json").read_text())
    hashes = {hashlib.sha256(key.encode()).hexdigest(): alias for alias, key in keys.items()}
    for phase in EVERYDAY:
        for row in rows[phase]:
            assert hashes[row["api_key"]] == row.meta["user_api_key_alias"]
    assert {row.meta["user_api_key_alias"] for row in rows["shared"]} == {"shared-app"}


def test_only_the_provider_that_knows_the_model_has_a_price(rows):
    for row in rows["faulty"]:
        assert (row["spend"] > 0) == (row["custom_llm_provider"] == "anthropic")
        entry = row.meta["model_map_information"]["model_map_value"]
        assert (entry is None) == (row["custom_llm_provider"] == "openai")


def test_call_type_of_messages_answered_by_openai(rows, new):
    bridged = {row["call_type"] for row in rows["faulty"] if row["custom_llm_provider"] == "openai"}
    assert bridged == ({"acompletion", "anthropic_messages"} if new else {"acompletion", "completion"})


def test_the_call_id_of_the_response_header(rows, sent, new):
    everyday = [row for phase in EVERYDAY for row in rows[phase]]
    ids = {call["call_id"] for call in sent if call["phase"] in EVERYDAY}
    if new:
        assert {row["litellm_call_id"] for row in everyday} == ids
        assert {row.meta["litellm_call_id"] for row in everyday} == ids
    else:
        assert "litellm_call_id" not in everyday[0] and "litellm_call_id" not in everyday[0].meta


def test_the_model_id_of_the_response_header_is_the_row_s(rows, sent):
    for phase in EVERYDAY:
        calls = Counter(call["model_id"] for call in sent if call["phase"] == phase)
        assert calls == Counter(row["model_id"] for row in rows[phase])


def test_failures(rows, new):
    failed = [row for row in rows["odd"] if "broken-model" in row["model"]]
    assert {row["status"] for row in failed} == {"failure"}
    assert all(row["spend"] == 0 for row in failed)
    routed = [row for row in failed if row["call_type"] != "pass_through_endpoint"]
    assert len(routed) == 8
    for row in routed:
        assert (row["custom_llm_provider"] != "") == new
        assert (row.upstream != "") == new
        assert (row.host is not None) == new
        assert (row["total_tokens"] > 0) == new
    providers = {row.meta["error_information"]["llm_provider"] for row in routed}
    assert providers == ({"openai", "anthropic"} if new else {"openai", "anthropic", ""})


def test_an_unknown_key_leaves_a_failure_that_names_no_host(rows, new):
    key = hashlib.sha256(b"sk-nobody-knows").hexdigest()
    (row,) = [row for row in rows["odd"] if row["api_key"] == key]
    assert row["status"] == "failure"
    assert row.host is None and row.upstream == ""
    assert (row["custom_llm_provider"] or "") == ("anthropic" if new else "")


def test_cache_hits(rows):
    hits = [row for row in rows["odd"] if row["cache_hit"] == "True"]
    assert {row.answered_by for row in hits} == {"claude", "kelly"}
    for row in hits:
        assert "_cache_hit" in row["request_id"]
        assert row["spend"] == 0 and row["total_tokens"] > 0


def test_a_fallback_is_marked_in_new_rows_only(rows, new):
    answered = [row for row in rows["odd"] if row["model"].endswith("reserve") and row.host]
    assert len(answered) == 5
    for row in answered:
        assert row.answered_by == "kelly" and row.host == HOSTS["claude"]
        assert row.meta.get("attempted_fallbacks") == (1 if new else None)
        assert row.meta.get("original_model_group") == ("flaky-model" if new else None)
    groups = Counter(row["model_group"] for row in answered)
    assert groups == ({"reserve": 5} if new else {"reserve": 2, "flaky-model": 3})
    assert not [row for row in rows["odd"] if "flaky-model" in row["model"]], "the first attempt leaves no row"


def test_no_marker_of_a_fallback_without_one(rows, new):
    for phase in EVERYDAY:
        assert {row.meta.get("attempted_fallbacks") for row in rows[phase]} == {0 if new else None}


def test_a_prefix_asked_for_is_no_provider(rows, new, model):
    asked = f"anthropic/{model}"
    found = {(row["model"], row["custom_llm_provider"]) for row in rows["odd"] if row["model_group"] == asked}
    assert found == {(f"{provider}/{asked}" if new else asked, provider) for provider in ("anthropic", "openai")}


def test_health_checks(rows):
    checks = [row for row in rows["odd"] if row["api_key"] == HEALTH_CHECK]
    assert len(checks) == 3
    for row in checks:
        assert row["team_id"] == HEALTH_CHECK and row.tags == [HEALTH_CHECK]
        assert not row["model_id"] and not row["model_group"] and "/" not in row["model"]


def test_pass_through(rows, new, model):
    through = [row for row in rows["odd"] if row["call_type"] == "pass_through_endpoint"]
    assert Counter(row["status"] for row in through) == {"success": 1, "failure": 1}
    assert all(row.tags == [] and not row["model_id"] for row in through)
    (row,) = [row for row in through if row["status"] == "success"]
    assert (row["model"], row["custom_llm_provider"]) == (model, "anthropic")
    assert row["model_group"] == (model if new else "")


def test_responses_and_embeddings(rows, sent, new):
    for call_type, kinds in (("aresponses", ("responses", "responses-stream")), ("aembedding", ("embeddings",))):
        asked = [call for call in sent if call["phase"] == "odd" and call["kind"] in kinds and call["status"] == 200]
        found = [row for row in rows["odd"] if row["call_type"] == call_type and row["status"] == "success"]
        # Old: the streamed answer of the Responses API of openai is not written.
        lost = 1 if call_type == "aresponses" and not new else 0
        assert len(found) == len(asked) - lost


def test_time_of_insertion(rows, new):
    row = rows["faulty"][0]
    assert ("created_at" in row) == new
    if new:
        late = datetime.fromisoformat(row["created_at"]) - datetime.fromisoformat(row["endTime"])
        assert timedelta() < late < timedelta(minutes=1)
