"""Forms of results that are redis-py's, of replies that only clusters and modules give; others: test_same_results."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.compat.machinery.forms import FORMS, flat_scores, of_text, popped, score_text
from multiplexer.core.results import json
from multiplexer.core.results.time_series import TimeSeriesInfo


def made(command: str, reply: Any, convert: Any = None) -> Any:
    form, _ = FORMS[command](convert, (command,))
    assert form is not None
    return form(reply)


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
