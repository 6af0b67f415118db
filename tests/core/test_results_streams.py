"""Results of the stream commands, from every shape a server sends."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.core.results.streams import (
    autoclaimed,
    autoclaimed_ids,
    by_stream,
    claimed_by_stream,
    claimed_entries,
    description,
    entries,
    full_description,
    pending_entries,
    pending_summary,
)


@pytest.mark.parametrize("convert", [entries, claimed_entries])
@pytest.mark.parametrize(
    ("reply", "result"),
    [
        (
            [[b"1-1", [b"a", b"b"]], [b"1-2", [b"a", b"b", b"c", b"d"]]],
            [(b"1-1", {b"a": b"b"}), (b"1-2", {b"a": b"b", b"c": b"d"})],
        ),
        ([["1-1", ["a", "b"]]], [("1-1", {"a": "b"})]),
        ([[b"1-1", None]], [(b"1-1", {})]),  # deleted, but still owned by a consumer
        ([[b"1-1", [b"a", b"b", b"a", b"c"]]], [(b"1-1", {b"a": b"c"})]),
        ([], []),
        (None, []),
    ],
)
def test_entries(convert: Any, reply: Any, result: Any) -> None:
    found = convert(reply)
    assert found == result
    assert all(type(entry) is tuple for entry in found)


def test_claimed_entries_with_what_follows_them() -> None:
    assert claimed_entries([[b"1-1", [b"a", b"b"], 1500, 2], None]) == [
        (b"1-1", {b"a": b"b"}, 1500, 2),
        (None, None),
    ]


@pytest.mark.parametrize("convert", [by_stream, claimed_by_stream])
@pytest.mark.parametrize(
    ("reply", "result"),
    [
        (
            [[b"s", [[b"1-1", [b"a", b"b"]]]], [b"t", []]],
            [[b"s", [(b"1-1", {b"a": b"b"})]], [b"t", []]],
        ),
        (
            {b"s": [[b"1-1", [b"a", b"b"]]], b"t": []},
            [[b"s", [(b"1-1", {b"a": b"b"})]], [b"t", []]],
        ),
        ({"s": [["1-1", ["a", "b"]]]}, [["s", [("1-1", {"a": "b"})]]]),
        (None, []),
        ({}, []),
    ],
)
def test_by_stream(convert: Any, reply: Any, result: Any) -> None:
    assert convert(reply) == result


@pytest.mark.parametrize("shape", [lambda name, found: [[name, found]], lambda name, found: {name: found}])
def test_claimed_by_stream_with_what_follows_entries(shape: Any) -> None:
    assert claimed_by_stream(shape(b"s", [[b"1-1", [b"a", b"b"], 10, 1]])) == [[b"s", [(b"1-1", {b"a": b"b"}, 10, 1)]]]


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        ([b"0-0", [[b"1-1", [b"a", b"b"]]], [b"1-2"]], [b"0-0", [(b"1-1", {b"a": b"b"})], [b"1-2"]]),
        (["0-0", [], []], ["0-0", [], []]),
    ],
)
def test_autoclaimed(reply: Any, result: Any) -> None:
    assert autoclaimed(reply) == result


def test_autoclaimed_ids() -> None:
    assert autoclaimed_ids([b"0-0", [b"1-1", b"1-2"], []]) == [b"1-1", b"1-2"]


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        (
            [2, b"1-1", b"1-2", [[b"c", b"2"]]],
            {"pending": 2, "min": b"1-1", "max": b"1-2", "consumers": [{"name": b"c", "pending": 2}]},
        ),
        (
            [1, "1-1", "1-1", [["c", 1]]],
            {"pending": 1, "min": "1-1", "max": "1-1", "consumers": [{"name": "c", "pending": 1}]},
        ),
        ([0, None, None, None], {"pending": 0, "min": None, "max": None, "consumers": []}),
    ],
)
def test_pending_summary(reply: Any, result: Any) -> None:
    assert pending_summary(reply) == result


def test_pending_entries() -> None:
    assert pending_entries([[b"1-1", b"c", 30, 2]]) == [
        {"message_id": b"1-1", "consumer": b"c", "time_since_delivered": 30, "times_delivered": 2}
    ]
    assert pending_entries([]) == []


def _flat(mapping: Any) -> Any:
    return [item for pair in mapping.items() for item in pair]


@pytest.mark.parametrize("shape", [_flat, dict])
@pytest.mark.parametrize("name", [str.encode, str], ids=["bytes", "str"])
def test_description(shape: Any, name: Any) -> None:
    entry = [name("1-1"), [name("a"), name("b")]]
    reply = shape({name("length"): 1, name("first-entry"): entry, name("last-entry"): None})
    assert description(reply) == {
        "length": 1,
        "first-entry": (name("1-1"), {name("a"): name("b")}),
        "last-entry": None,
    }


@pytest.mark.parametrize("shape", [_flat, dict])
def test_full_description(shape: Any) -> None:
    consumer = {b"name": b"c", b"pel-count": 1, b"pending": [[b"1-1", 17, 1]]}
    group = {b"name": b"g", b"pending": [[b"1-1", b"c", 17, 1]], b"consumers": [shape(consumer)]}
    reply = {b"length": 1, b"entries": [[b"1-1", [b"a", b"b"]]], b"groups": [shape(group)]}
    assert full_description(shape(reply)) == {
        "length": 1,
        "entries": {b"1-1": {b"a": b"b"}},
        "groups": [
            {
                "name": b"g",
                "pending": [[b"1-1", b"c", 17, 1]],
                "consumers": [{"name": b"c", "pel-count": 1, "pending": [[b"1-1", 17, 1]]}],
            }
        ],
    }
