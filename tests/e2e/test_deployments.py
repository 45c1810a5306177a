# SPDX-License-Identifier: Apache-2.0
"""What model_id and the markers of a row really say: birch borrows claude's upstream, oak and ash share one."""
from collections import Counter

import pytest
from conftest import BIRCH, EVERYDAY, GROVE, TWIN_HOSTS, TWINS, UPSTREAMS

MARKERS = ("attempted_fallbacks", "original_model_group", "routing_decision", "router_metadata",
           "internal_call_origin")
OAK, ASH = TWIN_HOSTS.values()


def ids(rows, phase, group, host=None):
    return {row["model_id"] for row in rows[phase]
            if row["model_group"] == group and row["status"] == "success" and host in (None, row.host)}


def own(rows, model):
    """instance → the ids of its deployment `*`, from calls that nothing led astray."""
    found = {name: {row["model_id"] for row in rows["fixed"] if row.answered_by == name} for name in UPSTREAMS}
    found["birch"] = ids(rows, "borrowed", model)
    found.update({name: ids(rows, "apart", model, host) for name, host in TWIN_HOSTS.items()})
    return found


def answered(rows, call_type):
    return [row for row in rows["other"] if row["call_type"] == call_type]


# --- ids: one per entry of a model list


@pytest.mark.parametrize("phase", ["routed", *TWINS])
def test_every_answered_call_left_one_row(phase, rows, sent):
    calls = [call for call in sent if call["phase"] == phase]
    assert Counter(row.host for row in rows[phase]) == Counter(call["host"] for call in calls)


def test_every_instance_shows_one_id_and_no_two_the_same(rows, model):
    found = own(rows, model)
    assert {len(of_one) for of_one in found.values()} == {1}
    assert len(set.union(*found.values())) == len(found) == 6


def test_two_instances_on_one_upstream_are_told_apart_by_id_alone(rows, model):
    for phase in ("apart", "mixed"):
        assert {row.upstream for row in rows[phase]} == {GROVE}
        assert {row["custom_llm_provider"] for row in rows[phase]} == {"openai"}
    oak, ash = ids(rows, "apart", model, OAK), ids(rows, "apart", model, ASH)
    assert oak.isdisjoint(ash)
    for host in (OAK, ASH):
        assert ids(rows, "mixed", model, host) == oak | ash


def test_ids_that_two_instances_share(rows):
    """A key that stands in the entry makes a difference, literally or by os.environ; one that does not, makes none."""
    assert ids(rows, "copied", "by-environment", OAK).isdisjoint(ids(rows, "copied", "by-environment", ASH))
    for group in ("copied", "without-key", "by-credential", "given-id"):
        assert ids(rows, "copied", group, OAK) == ids(rows, "copied", group, ASH)
        assert len(ids(rows, "copied", group)) == 1
    assert ids(rows, "copied", "given-id") == {"grove-1"}


def test_one_shared_id_can_stand_for_two_upstreams(rows):
    found = {(row.host, row.upstream) for row in rows["copied"] if row["model_group"] == "by-credential"}
    assert found == {(OAK, GROVE), (ASH, BIRCH)}


def test_a_restart_keeps_the_ids_and_another_key_changes_those_with_the_key_in_the_entry(rows, model):
    """oak came back with another key; what does not name it in the entry is as it was."""
    for group in ("copied", "without-key", "by-credential", "given-id"):
        assert ids(rows, "rotated", group, OAK) == ids(rows, "copied", group, OAK)
    assert ids(rows, "rotated", model, OAK).isdisjoint(ids(rows, "mixed", model))
    assert ids(rows, "rotated", "by-environment", OAK).isdisjoint(ids(rows, "copied", "by-environment"))
    assert ids(rows, "rotated", model, ASH) == ids(rows, "apart", model, ASH)


# --- a fallback, and routers inside an instance


def test_a_fallback_to_another_s_upstream_has_an_id_of_its_own(rows, model):
    borrowed = [row for row in rows["borrowed"] if row.answered_by == "claude"]
    assert len(borrowed) == 5
    (only,) = {row["model_id"] for row in borrowed}
    assert only not in set.union(*own(rows, model).values())
    assert {row["custom_llm_provider"] for row in borrowed} == {"anthropic"}


def test_markers_of_a_fallback(rows, new):
    for row in rows["borrowed"]:
        fell_back = row.answered_by == "claude"
        if not new:
            assert not set(MARKERS) & set(row.meta)
            continue
        assert row.meta["attempted_fallbacks"] == (1 if fell_back else 0)
        assert row.meta["original_model_group"] == ("flaky-model" if fell_back else row["model_group"])
        assert row.meta["routing_decision"] is None and row.meta["internal_call_origin"] is None
        assert row.meta["router_metadata"] is None


def test_old_messages_that_fall_back_to_another_provider_name_no_host(rows, new):
    nameless = [row["call_type"] for row in rows["borrowed"] if row.host is None]
    assert nameless == ([] if new else ["completion"])


def test_an_alias_is_no_marker(rows, new):
    named = [row for row in rows["routed"] if row["model_group"] == "nickname"]
    assert {(row.answered_by, row["call_type"]) for row in named} == \
        {("claude", "acompletion"), ("claude", "anthropic_messages")}
    assert {row["model_id"] for row in named} == {row["model_id"] for row in rows["borrowed"]
                                                  if row.answered_by == "claude"}
    assert {row.meta.get("attempted_fallbacks") for row in named} == {0 if new else None}
    assert not [row for row in named if row.meta.get("routing_decision") or row.meta.get("router_metadata")]


def test_a_balanced_group_shows_all_its_ids_and_router_metadata_where_it_is_flagged(rows, new):
    balanced = [row for row in rows["routed"] if row["model_group"] == "balanced"]
    assert len(balanced) == 12 and {row.upstream for row in balanced} == {BIRCH}
    assert len({row["model_id"] for row in balanced}) == 2
    for row in balanced:
        if not new:
            assert "router_metadata" not in row.meta
            continue
        assert row.meta["router_metadata"]["requested_model"] == "balanced"
        assert row.meta["router_metadata"]["selected_provider"] == "openai"
        assert row.meta["attempted_fallbacks"] == 0


def test_a_router_inside_leaves_a_decision(rows, new):
    if not new:
        pytest.skip("the old version has only the semantic auto-router, which needs a package of its own")
    decided = [row for row in rows["routed"] if row.meta.get("routing_decision")]
    assert len(decided) == 4
    for row in decided:
        assert row.answered_by == "claude"
        assert row.meta["routing_decision"]["router_model_name"] == "chooser"
        assert row.meta["routing_decision"]["routed_model"] == "borrowed"


def test_an_everyday_row_of_new_has_all_markers_and_they_say_nothing(rows, new):
    for phase in (*EVERYDAY, *TWINS):
        for row in rows[phase]:
            assert set(MARKERS) & set(row.meta) == (set(MARKERS) if new else set())
            assert row.meta.get("original_model_group") == (row["model_group"] if new else None)
            assert not [name for name in MARKERS if name != "original_model_group" and row.meta.get(name)]


# --- calls that are neither chat nor messages


def test_a_picture_has_an_id_and_in_old_no_upstream(rows, new):
    (row,) = answered(rows, "aimage_generation")
    assert row["model_id"] and row["custom_llm_provider"] == "openai"
    assert row.upstream == (BIRCH if new else "")


def test_moderation_is_routed(rows):
    (row,) = answered(rows, "amoderation")
    assert row["model_id"] and row.upstream == BIRCH and row["model_group"] == "judge"


def test_embeddings_have_the_id_of_chat(rows, model):
    (row,) = answered(rows, "aembedding")
    assert {row["model_id"]} == ids(rows, "borrowed", model)


def test_a_search_has_no_id(rows):
    (row,) = answered(rows, "asearch")
    assert not row["model_id"] and row.upstream == BIRCH
    assert (row["custom_llm_provider"], row["model"], row["model_group"]) == \
        ("tavily", "tavily/search", "birch-search")


def test_a_vendor_s_path_with_a_model_of_the_list_is_routed_and_names_no_host(rows, sent, new):
    (call,) = [call for call in sent if call["kind"] == "pass-through-routed"]
    assert call["status"] == 200
    found = answered(rows, "allm_passthrough_route")
    assert len(found) == (1 if new else 0), "old: answered, and leaves no row"
    for row in found:
        assert row["model_id"] and row.upstream == BIRCH and row["custom_llm_provider"] == "vllm"
        assert row.tags == [] and row.meta["user_api_key_alias"] == "birch-app"
