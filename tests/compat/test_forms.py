"""Forms of results that are redis-py's, of replies that only clusters and modules give; others: test_same_results."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.compat.machinery.forms import FORMS, flat_scores, of_text, popped, score_text
from multiplexer.compat.machinery.other_families import RESP3, UNIFIED
from multiplexer.compat.machinery.responses import LEGACY, ResponseCallbacks, family_of
from multiplexer.core.results import json, search, vector_sets
from multiplexer.core.results.time_series import TimeSeriesInfo


def made(command: str, reply: Any, convert: Any = None, forms: Any = FORMS, words: tuple[Any, ...] = ()) -> Any:
    form, _ = forms[command](convert, (command, *words))
    return reply if form is None else form(reply)


@pytest.mark.parametrize(
    "reply", [[[b"direction", b"to", b"events", 1]], [{b"direction": b"to", b"events": 1}]], ids=["resp2", "resp3"]
)
def test_links_of_a_cluster(reply: Any) -> None:
    assert made("CLUSTER LINKS", reply) == [[b"direction", b"to", b"events", 1]]


@pytest.mark.parametrize(
    "reply",
    [
        [[b"slots", [0, 99, 200, 299], b"nodes", [[b"id", b"a", b"port", 7000]]]],
        [{b"slots": [0, 99, 200, 299], b"nodes": [{b"id": b"a", b"port": 7000}]}],
        [{"slots": [[0, 99], [200, 299]], "nodes": [{b"id": b"a", b"port": 7000}]}],
    ],
)
def test_shards_of_a_cluster(reply: Any) -> None:
    expected = [{"slots": [(0, 99), (200, 299)], "nodes": [{b"id": b"a", b"port": 7000}]}]
    assert made("CLUSTER SHARDS", reply) == expected


def test_elements_taken_off_arrays() -> None:
    convert = json.popped(lambda text: {"null": None, "1": 1}[text])
    assert made("JSON.ARRPOP", [b"null", None, b"1"], convert) == [None, None, "1"]
    assert made("JSON.ARRPOP", b"1", convert) == 1
    assert made("JSON.ARRPOP", None, convert) is None
    # Text stays as it is, bytes do not: redis-py's.
    assert made("JSON.ARRPOP", "null", convert) == "null"
    assert made("JSON.ARRPOP", b"null", convert) is None


def test_rules_of_a_series() -> None:
    by_key = made("TS.INFO", {b"rules": {b"other": [100, b"AVG", 0]}}, TimeSeriesInfo)
    assert by_key["rules"] == {"other": [100, "AVG", 0]}
    in_turn = made("TS.INFO", [b"rules", [[b"other", 100, b"AVG", 0]]], TimeSeriesInfo)
    assert in_turn["rules"] == [["other", 100, "AVG", 0]]


def test_keys_of_series_that_are_numbers() -> None:
    assert made("TS.QUERYINDEX", [b"2", b"a"]) == made("TS.QUERYINDEX", ["2", "a"]) == [2, "a"]


def test_a_series_tells_by_the_servers_names() -> None:
    info = TimeSeriesInfo({b"memoryUsage": 7, b"totalSamples": 3, b"rules": {b"other": [100, b"AVG", 0]}})
    assert info["memoryUsage"] == info["memory_usage"] == info.get("memoryUsage") == 7
    assert info["totalSamples"] == 3
    assert info.rules == [["other", 100, "AVG", 0]]
    assert info.get("none") is None
    with pytest.raises(KeyError):
        info["none"]


def test_scores_as_text() -> None:
    for score, expected in ((1.0, b"1"), (2.5, b"2.5"), (float("-inf"), b"-inf"), (1, b"1"), (b"7", b"7")):
        assert score_text(score, b"") == expected
    assert score_text(1.0, "") == "1"
    assert flat_scores([[b"a", 1.0], ["b", 2.5]]) == [b"a", b"1", "b", "2.5"]
    assert flat_scores([b"a", b"1"]) == [b"a", b"1"]
    assert popped([b"z", [[b"a", 1.5]]]) == [b"z", [[b"a", b"1.5"]]]
    assert popped(None) is None


def test_what_conversions_of_scores_are_given() -> None:
    assert of_text(lambda score: score, False)(1.0) == b"1"
    assert of_text(lambda score: score, True)(2.5) == "2.5"
    assert of_text(int, True)(2.5) == 2


def test_which_family_a_client_is_of() -> None:
    for kwargs in ({}, {"protocol": None}, {"protocol": 2}, {"protocol": "2", "legacy_responses": True}):
        assert family_of(kwargs) is LEGACY
    for kwargs in ({"protocol": 3}, {"protocol": "3", "legacy_responses": True}):
        assert family_of(kwargs) is RESP3
    for kwargs in ({"legacy_responses": False}, {"protocol": 2, "legacy_responses": False}):
        assert family_of(kwargs) is UNIFIED
    copied = ResponseCallbacks(UNIFIED, is_cluster=True).copy()
    assert (copied.forms, copied.casts_text) == (UNIFIED.forms, False)
    reply = [[b"slots", [0, 99], b"nodes", []]]
    assert copied["CLUSTER SHARDS"](reply) == [{"slots": [(0, 99)], "nodes": []}]
    assert ResponseCallbacks(UNIFIED)["CLUSTER SHARDS"](reply) is reply  # a client of one server leaves it


@pytest.mark.parametrize(
    "reply",
    [
        [[b"slots", [0, 99], b"nodes", [[b"id", b"a", b"port", 7000]]]],
        [{b"slots": [0, 99], b"nodes": [{b"id": b"a", b"port": 7000}]}],
        [{"slots": [[0, 99]], "nodes": [{"id": b"a", "port": 7000}]}],
    ],
)
def test_shards_without_legacy(reply: Any) -> None:
    expected = [{"slots": [(0, 99)], "nodes": [{"id": b"a", "port": 7000}]}]
    assert made("CLUSTER SHARDS", reply, len, UNIFIED.forms) == expected
    assert made("CLUSTER SHARDS", reply, len, RESP3.forms) is reply
    assert made("CLUSTER SHARDS", reply, None, UNIFIED.forms) is reply  # word by word, of one server


@pytest.mark.parametrize(
    ("reply", "labels"),
    [
        ([[b"t", [[b"kind", b"one"]], [[1, b"1.5"]]]], ["avg", "max"]),
        ({b"t": [{b"kind": b"one"}, {b"aggregators": [b"avg", b"max"]}, [[1, 1.5]]]}, [b"avg", b"max"]),
    ],
    ids=["resp2", "resp3"],
)
def test_samples_of_several_series(reply: Any, labels: list[Any]) -> None:
    words = ("-", "+", "AGGREGATION", "AVG,max", 10, "FILTER", "a=b")
    found = made("TS.MRANGE", reply, None, UNIFIED.forms, words)
    (key, (kinds, told, samples)), *_ = found.items()
    assert (key, kinds, samples) == (b"t", {b"kind": b"one"}, [[1, 1.5]])
    assert list(told.values()) == [labels]
    assert made("TS.MRANGE", [[b"t", [], []]], None, UNIFIED.forms) == {b"t": [{}, {"aggregators": []}, []]}


def test_profiles_of_redis_8() -> None:
    """A mapping since Redis 8, which no server here is."""
    told = {b"Shards": [{b"Type": b"TEXT"}], b"Coordinator": {b"Time": 0.5}}
    convert = search.profiled(lambda reply: ("result", reply))
    result, profile = made("FT.PROFILE", {b"Results": [], b"Profile": told}, convert, UNIFIED.forms, ("i", "SEARCH"))
    assert result[0] == "result"
    assert profile.info == {"Shards": [{"Type": "TEXT"}], "Coordinator": {"Time": 0.5}}
    flat = [[], [b"Shards", [[b"Type", b"TEXT"]], b"Coordinator", [b"Time", b"0.5"]]]
    _, profile = made("FT.PROFILE", flat, convert, UNIFIED.forms, ("i", "AGGREGATE"))
    assert profile.info == {"Shards": [["Type", "TEXT"]], "Coordinator": ["Time", "0.5"]}
    _, profile = made("FT.PROFILE", [[], [[b"Total profile time", b"0"]]], convert, UNIFIED.forms, ("i", "SEARCH"))
    assert profile.info == [["Total profile time", "0"]]
    assert made("FT.PROFILE", {b"Profile": told}, convert, RESP3.forms).info == {b"Profile": told}


def test_searches_by_both() -> None:
    """FT.HYBRID is of Redis 8.4."""
    reply = {b"total_results": 1, b"results": [{b"k": b"\xff"}], b"warnings": [b"slow"], b"execution_time": 0.5}
    assert made("FT.HYBRID", reply, None, RESP3.forms) == {
        "total_results": 1,
        "results": [{"k": b"\xff"}],
        "warnings": ["slow"],
        "execution_time": 0.5,
    }
    assert made("FT.HYBRID", {b"SEARCH": 1, b"VSIM": 2}, None, RESP3.forms) == {"SEARCH": 1, "VSIM": 2}


def test_what_newer_servers_tell() -> None:
    """Of vector sets (Redis 8), and keys that are asked for often (Redis 8.6)."""
    told = {b"size": 1, b"quant-type": b"int8"}
    flat = [b"size", 1, b"quant-type", b"int8"]
    assert made("VINFO", told, vector_sets.description, RESP3.forms) is told
    assert made("VINFO", told, vector_sets.description, UNIFIED.forms) == told
    assert made("VINFO", flat, vector_sets.description, UNIFIED.forms) == told
    assert made("HOTKEYS GET", [flat], None, UNIFIED.forms) == [told]
    assert made("HOTKEYS GET", [told], None, RESP3.forms) == [told]


def test_types_of_what_a_path_matches() -> None:
    forms = UNIFIED.forms
    for reply in (b"string", [b"string"]):
        assert made("JSON.TYPE", reply, None, forms, ("k", ".a")) == [b"string"]
    for reply in ([b"string", b"integer"], [[b"string", b"integer"]]):
        assert made("JSON.TYPE", reply, None, forms, ("k", "$..a")) == [[b"string", b"integer"]]
    for reply in (None, [None]):
        assert made("JSON.TYPE", reply, None, forms, ("k", "$")) is None
    assert made("JSON.TYPE", [], None, forms, ("k", "$.none")) == [[]]
