"""Replies that announce too much, or do not end: the connection ends before memory is taken, or at the bound."""

from __future__ import annotations

from collections import deque
from typing import Any

import hiredis
import pytest

from multiplexer.core.physical_connection import PhysicalConnection
from multiplexer.core.wire import python_resp
from multiplexer.core.wire.resp import RespReader
from multiplexer.errors import ProtocolError

from .engine import Remembering, connection, feed

PARSERS = [hiredis.Reader, python_resp.Reader]


class OnlyOnce(RespReader):
    """Takes no second look at anything."""

    def let_go(self) -> None:
        super().let_go()
        self._look = None  # type: ignore[assignment]  # whoever looks once more fails


def bounded(parser: Any, *messages: Remembering, now: float = 1.0) -> PhysicalConnection:
    """Make a connection that takes replies of a thousand bytes, and send messages over it."""
    up = connection()
    up.read_with(RespReader(parser, longest=1000))
    up.take(deque(messages), now)
    return up


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    "begin",
    [
        b"$2000000000\r\n",
        b"$1001\r\nx",
        b"=1001\r\ntxt:",
        b"*1000000000\r\n",
        b"*334\r\n:1\r\n",
        b"~1000000000\r\n",
        b"%500000000\r\n",
        b"*2\r\n*1000000000\r\n",
        b"*2\r\n$5\r\nfirst\r\n%2\r\n+key\r\n*1000000000\r\n",
        b"*300\r\n" * 2,  # together
    ],
)
def test_what_announces_too_much_is_refused_before_it_comes(parser: Any, begin: bytes) -> None:
    up = bounded(parser, Remembering("GET", "a"))
    with pytest.raises(ProtocolError, match=r"announces .* the bound is max_reply_bytes=1000"):
        feed(up, begin, 2.0)


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    "begin",
    [b"$1073741825\r\n", b"*400000000\r\n", b"%400000000\r\n", b"*2\r\n*1\r\n*400000000\r\n", b"*300000000\r\n" * 2],
)
def test_so_it_is_by_the_usual_bound(parser: Any, begin: bytes) -> None:
    up = connection()
    up.read_with(RespReader(parser, longest=1 << 30))
    up.take(deque([Remembering("GET", "a")]), 1.0)
    with pytest.raises(ProtocolError, match=r"announces .* the bound is max_reply_bytes=1073741824"):
        feed(up, begin, 2.0)


def test_what_announces_little_is_looked_at_once() -> None:
    """By the parser that understands it: the other one costs as much as a twentieth of a reply of a thousand values."""
    many = Remembering("LRANGE", "b", 0, -1)
    up = connection()
    up.read_with(OnlyOnce(hiredis.Reader, longest=1 << 30))
    up.take(deque([many]), 1.0)
    feed(up, b"*1000\r\n$5\r\n12345\r\n", 2.0)
    feed(up, b":1\r\n" * 999, 2.1)
    assert many.reply == [b"12345", *[1] * 999]


@pytest.mark.parametrize("parser", PARSERS)
def test_what_announces_as_much_as_is_allowed_is_taken(parser: Any) -> None:
    value, many = Remembering("GET", "a"), Remembering("LRANGE", "b", 0, -1)
    up = bounded(parser, value)
    feed(up, b"$990\r\n", 2.0)
    feed(up, b"x" * 990 + b"\r\n", 2.1)
    assert value.reply == b"x" * 990
    up.take(deque([many]), 3.0)
    feed(up, b"*200\r\n", 4.0)
    feed(up, b":1\r\n" * 200, 4.1)
    assert many.reply == [1] * 200


@pytest.mark.parametrize("parser", PARSERS)
def test_what_does_not_end_is_refused_at_the_bound(parser: Any) -> None:
    """Elements that a parser has taken out of its buffer count as well; so does what began behind another reply."""
    up = bounded(parser, Remembering("GET", "a"), Remembering("LRANGE", "b", 0, -1))
    feed(up, b"+x\r\n*300\r\n:1\r\n", 2.0)
    for _ in range(9):
        feed(up, b":1234567\r\n" * 10, 2.1)
    assert 900 <= up.unfinished_bytes() <= 920
    with pytest.raises(ProtocolError, match=r"no end; the bound is max_reply_bytes=1000"):
        feed(up, b":1234567\r\n" * 11, 2.2)


@pytest.mark.parametrize("parser", PARSERS)
def test_pushes_between_replies_are_no_reply_that_does_not_end(parser: Any) -> None:
    message = Remembering("GET", "a")
    up = bounded(parser, message)
    for _ in range(10):
        feed(up, b">2\r\n+some\r\n+thing\r\n" * 20, 2.0)
        assert up.unfinished_bytes() == 0
    feed(up, b"$1\r\nx\r\n", 2.0)
    assert message.reply == b"x"


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("subscribes", [False, True])
def test_the_middle_of_a_value_announces_nothing(parser: Any, subscribes: bool) -> None:
    """However it is cut: what an application stores or publishes must not end its connection."""
    value = b"$2000000000\r\n*1000000000\r\n"
    pushes: list[Any] = []
    up = connection(pushes)
    up.read_with(RespReader(parser, longest=1000))
    up.pushes_are_replies = subscribes
    if subscribes:
        feed(up, b">3\r\n+message\r\n+c\r\n$%d\r\n" % len(value), 1.0)
        up.take(deque([Remembering("PING")]), 1.5)  # sent between the two reads
        feed(up, value, 2.0)
        feed(up, b"\r\n+PONG\r\n", 3.0)
        assert pushes == [[b"message", b"c", value]]
    else:
        first, second = Remembering("GET", "a"), Remembering("GET", "b")
        up.take(deque([first, second]), 0.5)
        feed(up, b"+x\r\n$%d\r\n" % len(value), 1.0)
        feed(up, value, 2.0)
        feed(up, b"\r\n", 3.0)
        assert (first.reply, second.reply) == (b"x", value)
