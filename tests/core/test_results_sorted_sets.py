"""Results of the sorted set commands, from every shape a server sends."""

from __future__ import annotations

import math
from typing import Any

import pytest

from multiplexer.core.results.sorted_sets import (
    popped_from_key,
    rank_with_score,
    scored,
    scored_page,
    scored_with,
    scores,
)


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        ([b"a", b"1.5", b"b", b"2", b"c", b"inf"], [(b"a", 1.5), (b"b", 2.0), (b"c", math.inf)]),
        ([[b"a", 1.5], [b"b", 2.0], [b"c", math.inf]], [(b"a", 1.5), (b"b", 2.0), (b"c", math.inf)]),
        (["a", "-inf", "b", "1.7e+18"], [("a", -math.inf), ("b", 1.7e18)]),
        ([["a", -math.inf]], [("a", -math.inf)]),
        ([b"a", b"3"], [(b"a", 3.0)]),
        ([b"a", 3.0], [(b"a", 3.0)]),  # ZPOPMIN without a count, RESP3
        ([b"a", b"0.10000000000000001"], [(b"a", 0.1)]),
        ([], []),
        (None, []),
    ],
)
def test_scored(reply: Any, result: Any) -> None:
    found = scored(reply)
    assert found == result
    assert all(type(pair) is tuple and type(pair[1]) is float for pair in found)


@pytest.mark.parametrize(
    "reply", [[b"a", b"1", b"b", b"1.7732526297292595e+18"], [[b"a", 1.0], [b"b", 1.7732526297292595e18]]]
)
def test_a_callers_own_conversion_sees_floats(reply: Any) -> None:
    assert scored_with(int)(reply) == [(b"a", 1), (b"b", 1773252629729259520)]
    assert scored_with(str)(reply) == [(b"a", "1.0"), (b"b", "1.7732526297292595e+18")]


def test_the_usual_conversion_costs_nothing_more() -> None:
    assert scored_with(float) is scored


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        ([b"1.5", None, b"inf"], [1.5, None, math.inf]),
        ([1.5, None, math.inf], [1.5, None, math.inf]),
        (["0", None], [0.0, None]),
        ([], []),
    ],
)
def test_scores(reply: Any, result: Any) -> None:
    assert scores(reply) == result


@pytest.mark.parametrize("reply", [[1, b"3.5"], [1, "3.5"], [1, 3.5]])
def test_rank_with_score(reply: Any) -> None:
    assert rank_with_score(float)(reply) == [1, 3.5]
    assert rank_with_score(int)(reply) == [1, 3]


def test_no_rank() -> None:
    assert rank_with_score(float)(None) is None


@pytest.mark.parametrize("reply", [[b"z", [[b"a", b"1.5"], [b"b", b"2"]]], [b"z", [[b"a", 1.5], [b"b", 2.0]]]])
def test_popped_from_key(reply: Any) -> None:
    assert popped_from_key(reply) == (b"z", [(b"a", 1.5), (b"b", 2.0)])


def test_popped_from_nothing() -> None:
    assert popped_from_key(None) is None


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        ([b"0", [b"a", b"1.5"]], (0, [(b"a", 1.5)])),
        (["9", ["a", "1.5", "b", "2"]], (9, [("a", 1.5), ("b", 2.0)])),
        ([b"0", [[b"a", 1.5]]], (0, [(b"a", 1.5)])),
        ([b"0", []], (0, [])),
    ],
)
def test_scored_page(reply: Any, result: Any) -> None:
    assert scored_page(float)(reply) == result


def test_scored_page_with_a_conversion() -> None:
    assert scored_page(round)([b"0", [b"a", b"1.6"]]) == (0, [(b"a", 2)])
