from __future__ import annotations

from typing import Any

import hiredis
import pytest

from tests.servers import Boundaries, Error, Push, Raw, Simple, Verbatim, encode

VALUES: list[Any] = [
    None,
    True,
    7,
    -1,
    1.5,
    b"bytes",
    "text\r\n",
    b"",
    [],
    [1, [b"a", None], {}],
    {"a": 1, "b": [2.5]},
    {1, 2},
    Simple("OK"),
    Verbatim("text"),
]


def parse(data: bytes) -> Any:
    reader = hiredis.Reader()
    reader.feed(data)
    reply = reader.gets()
    assert not reader.has_data()
    return reply


def test_resp3_types():
    reply = parse(encode([None, True, 7, 1.5, 2.0, b"b", "s", {"a": 1}, {4}, Verbatim("v")], 3))
    assert reply == [None, True, 7, 1.5, 2.0, b"b", b"s", {b"a": 1}, [4], b"v"]  # hiredis makes sets lists


def test_resp2_has_legacy_shapes():
    reply = parse(encode([None, True, 1.5, 2.0, {"a": 1}, {4}, Verbatim("v")], 2))
    assert reply == [None, 1, b"1.5", b"2", [b"a", 1], [4], b"v"]


def test_push_is_an_array_in_resp2():
    assert encode(Push("message", "c", "d"), 3).startswith(b">3\r\n")
    assert encode(Push("message", "c", "d"), 2).startswith(b"*3\r\n")


def test_errors_and_raw_bytes():
    assert isinstance(parse(encode(Error("MOVED 1 h:1"))), hiredis.ReplyError)
    assert encode(Raw(b"any\nthing")) == b"any\nthing"


def test_what_has_no_place_in_resp_is_refused():
    with pytest.raises(TypeError, match="object"):
        encode(object())


@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 10_000])
def test_boundaries_are_where_the_replies_end(protocol: int, size: int):
    parts = [encode(value, protocol) for value in VALUES]
    ends = [sum(map(len, parts[: n + 1])) for n in range(len(parts))]
    stream, boundaries, found = b"".join(parts), Boundaries(), []
    for at in range(0, len(stream), size):
        found += boundaries.feed(stream[at : at + size])
    assert [item.end for item in found] == ends
    assert [item.start for item in found] == [0, *ends[:-1]]
    assert boundaries.whole == len(VALUES)
    assert not boundaries.under_way


def test_boundaries_tell_pushes_apart_and_count_attributes_with_their_value():
    boundaries = Boundaries()
    data = encode(Push("invalidate", ["k"]), 3) + b"|1\r\n+ttl\r\n:1\r\n" + encode("v", 3)
    push, reply = boundaries.feed(data)
    assert push.is_push
    assert not reply.is_push
    assert reply.end == len(data)
    assert boundaries.whole == 1


def test_boundaries_know_the_item_under_way():
    boundaries = Boundaries()
    boundaries.feed(b"+OK\r\n>2\r\n+a\r\n")
    assert boundaries.under_way
    assert boundaries.is_push
    assert boundaries.start == 5
    boundaries.feed(b"+b\r\n$1")
    assert boundaries.under_way
    assert not boundaries.is_push


@pytest.mark.parametrize("garbage", [b"HTTP/1.1 200\r\n+OK\r\n", b"$x\r\n", b"\r\n"])
def test_boundaries_give_up_on_garbage(garbage: bytes):
    boundaries = Boundaries()
    assert boundaries.feed(garbage) == []
    assert boundaries.lost
    assert boundaries.feed(b"+OK\r\n") == []
