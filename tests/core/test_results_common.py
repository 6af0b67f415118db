"""Reply converters that several groups of commands share."""

from __future__ import annotations

import math

import pytest

from multiplexer.core.results import common

MAPPINGS = [
    {b"a": 1, b"b": [2]},
    [b"a", 1, b"b", [2]],
    [[b"a", 1], [b"b", [2]]],
    [(b"a", 1), (b"b", [2])],
]


@pytest.mark.parametrize(
    ("convert", "reply", "expected"),
    [
        (common.ok, b"OK", True),
        (common.ok, "OK", True),
        (common.ok, None, False),
        (common.ok, b"NOKEY", False),
        (common.ok_or_none, b"OK", True),
        (common.ok_or_none, "OK", True),
        (common.ok_or_none, None, None),
        (common.to_bool, 1, True),
        (common.to_bool, 0, False),
        (common.to_bool, False, False),
        (common.to_bools, [1, 0, True, False], [True, False, True, False]),
        (common.always_true, b"Background saving started", True),
        (common.text, b"w\xc3\xb6rld", "wörld"),
        (common.text, b"\xff", "\\xff"),
        (common.text, "a", "a"),
        (common.text, 5, 5),
        (common.text, None, None),
        (common.texts, [b"a", "b"], ["a", "b"]),
        (common.texts, None, []),
        (common.to_float, b"1.5", 1.5),
        (common.to_float, "1.5", 1.5),
        (common.to_float, 1.5, 1.5),
        (common.to_float, 3, 3.0),
        (common.to_float, b"inf", math.inf),
        (common.to_float, "-inf", -math.inf),
        (common.to_float_or_none, None, None),
        (common.to_float_or_none, b"2", 2.0),
        (common.to_list, [1, 2], [1, 2]),
        (common.to_list, {1}, [1]),
        (common.to_list, None, []),
        (common.to_set, [b"a", b"b"], {b"a", b"b"}),
        (common.to_set, {b"a"}, {b"a"}),
        (common.to_set, None, set()),
        (common.pairs_to_dict, None, {}),
        (common.pairs_to_dict, [], {}),
        (common.pairs_to_dict, {}, {}),
        (common.scan_page, [b"12", [b"a"]], (12, [b"a"])),
        (common.scan_page, ["0", []], (0, [])),
        (common.list_of(common.to_float), [b"1", 2.5], [1.0, 2.5]),
        (common.list_of(common.to_float), None, []),
    ],
)
def test_converters(convert, reply, expected):
    result = convert(reply)
    assert result == expected
    assert type(result) is type(expected)


def test_not_a_number():
    assert math.isnan(common.to_float(b"nan"))


@pytest.mark.parametrize("reply", MAPPINGS, ids=["RESP3", "RESP2", "lists", "tuples"])
def test_mappings(reply):
    assert list(common.pairs(reply)) == [(b"a", 1), (b"b", [2])]
    assert common.pairs_to_dict(reply) == {b"a": 1, b"b": [2]}
    assert common.text_keyed(reply) == {"a": 1, "b": [2]}
    assert common.text_dict([b"a", b"x", "b", [b"y"]]) == {"a": "x", "b": ["y"]}


def test_half_a_pair_is_an_error():
    with pytest.raises(ValueError, match="zip"):
        common.pairs_to_dict([b"a", 1, b"b"])


def test_deep_text():
    reply = {b"a": [b"b", {b"c"}, (b"d", 1)], "e": None, b"f": {b"g": 1.5}}
    assert common.deep_text(reply) == {"a": ["b", {"c"}, ["d", 1]], "e": None, "f": {"g": 1.5}}


def test_chunks():
    assert common.chunks([1, 2, 3, 4, 5, 6], 3) == [(1, 2, 3), (4, 5, 6)]
    assert common.chunks([], 2) == []
    with pytest.raises(ValueError, match="zip"):
        common.chunks([1, 2, 3], 2)
