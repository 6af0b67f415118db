"""How long a reply may be that a borrowed connection reads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from multiplexer.configuration import ConfigurationOptions
from multiplexer.core.wire.resp import NO_REPLY
from multiplexer.errors import ProtocolError
from multiplexer.pools.parser import BaseParser, HiredisParser, parser_of


@pytest.fixture(params=["hiredis", "python"])
def parser(request: pytest.FixtureRequest) -> BaseParser:
    """A parser that takes replies of a thousand bytes."""
    return parser_of(ConfigurationOptions(endpoints=["localhost"], parser=request.param, max_reply_bytes=1000))(4096)


def replies(parser: BaseParser, *pieces: bytes) -> Iterator[object]:
    """Give a parser pieces, and yield what it makes of them, as a connection does."""
    for piece in pieces:
        parser.buffer[: len(piece)] = piece
        parser.feed(len(piece))
        while (reply := parser.gets()) is not NO_REPLY:
            yield reply


@pytest.mark.parametrize(
    "begin",
    [
        b"$2000000000\r\n",
        b"$1001\r\nx",
        b"*1000000000\r\n",
        b"*334\r\n:1\r\n",
        b"%500000000\r\n",
        b"*2\r\n*1000000000\r\n",
    ],
)
def test_what_announces_too_much_is_refused_before_it_comes(parser: BaseParser, begin: bytes) -> None:
    assert list(replies(parser, b"+OK\r\n")) == [b"OK"]
    with pytest.raises(ProtocolError, match=r"announces .* the bound is max_reply_bytes=1000"):
        list(replies(parser, begin))


@pytest.mark.parametrize(
    ("begin", "more"),
    [(b"+", b"x" * 90), (b"*300\r\n", b":1234567\r\n" * 9), (b"|1\r\n$9999\r\n", b"x" * 90)],
)
def test_what_does_not_end_is_refused_at_the_bound(parser: BaseParser, begin: bytes, more: bytes) -> None:
    assert list(replies(parser, begin, *[more] * 10)) == []
    with pytest.raises(ProtocolError, match="no end; the bound is max_reply_bytes=1000"):
        list(replies(parser, *[more] * 2))


def test_a_reply_before_does_not_count(parser: BaseParser) -> None:
    pieces = [b"$500\r\n" + b"x" * 300, b"x" * 200 + b"\r\n$700\r\n", b"y" * 700, b"\r\n"]
    assert list(replies(parser, *pieces)) == [b"x" * 500, b"y" * 700]


def test_many_replies_at_a_time_are_not_one_that_is_too_long(parser: BaseParser) -> None:
    whole = b"$90\r\n" + b"x" * 90 + b"\r\n"
    assert len(list(replies(parser, *[whole * 30 + whole[:50], whole[50:]] * 20))) == 20 * 31
    assert len(list(replies(parser, *[b"|1\r\n+a\r\n:1\r\n" + whole] * 20))) == 20


def test_what_programs_of_redis_py_read_has_no_bound() -> None:
    parser = HiredisParser(65536)
    assert list(replies(parser, b"*1\r\n$9999999\r\n", b"x" * 9999)) == []
