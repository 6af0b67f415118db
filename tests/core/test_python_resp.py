"""RESP in Python alone gives what hiredis gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import hiredis
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from multiplexer.core.wire import python_resp
from multiplexer.core.wire.resp import NO_REPLY, PushNotification, reader_named
from multiplexer.errors import ConfigurationError


class Refused(Exception):
    """What either parser is told to raise."""


class Failure(Exception):
    """What either parser is told to make of an error reply."""


def outcome(parser: Callable[..., Any], pieces: Iterable[bytes]) -> str:
    """Return every reply, with its class, and what ended it."""
    reader = parser(protocolError=Refused, replyError=Failure, notEnoughData=NO_REPLY)
    replies: list[Any] = []
    try:
        for piece in pieces:
            reader.feed(b"x" + piece + b"y", 1, len(piece))
            while (reply := reader.gets()) is not NO_REPLY:
                replies.append((reply.__class__, reply))
    except (Refused, TypeError) as error:
        replies.append(error.__class__)
    return repr(replies)


def in_pieces(wire: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({0, len(wire), *(cut % (len(wire) + 1) for cut in cuts)})
    return [wire[begin:end] for begin, end in pairwise(edges)]


def assert_same(wire: bytes, cuts: list[int]) -> None:
    pieces = in_pieces(wire, cuts)
    whole = outcome(python_resp.Reader, [wire])
    assert whole == outcome(hiredis.Reader, [wire])
    # How far a reply had come when it was refused does not depend on the cuts, so neither does the outcome.
    assert outcome(python_resp.Reader, pieces) == whole
    assert outcome(hiredis.Reader, pieces) == whole


elements = st.sampled_from(
    [
        *(b"+OK\r\n", b"+\r\n", b"-ERR no\r\n", b":1\r\n", b":-1\r\n", b"$3\r\nabc\r\n", b"$0\r\n\r\n", b"$-1\r\n"),
        *(
            b"*-1\r\n",
            b"*0\r\n",
            b"*1\r\n",
            b"*2\r\n",
            b"%0\r\n",
            b"%1\r\n",
            b"%2\r\n",
            b"~1\r\n",
            b"~2\r\n",
            b"%-1\r\n",
        ),
        *(b">0\r\n", b">1\r\n", b">2\r\n", b">-1\r\n", b"=7\r\ntxt:abc\r\n", b"=3\r\nabc\r\n", b"=-1\r\n", b"_\r\n"),
        *(
            b"#t\r\n",
            b"#F\r\n",
            b",1.5\r\n",
            b",-inf\r\n",
            b",nan\r\n",
            b"(123\r\n",
            b"(-9\r\n",
            b"|1\r\n",
            b"+\xff\r\n",
        ),
        *(
            b"+\xff\r\n",
            b"\r",
            b"\n",
            b"\r\n",
            b"-",
            b"$",
            b":",
            b",",
            b"*",
            b"%",
            b"?",
            b"0",
            b"12",
            b".",
            b"e",
            b"inf",
            b"\x00",
        ),
    ]
)
cuts = st.lists(st.integers(0, 200), max_size=8)


@settings(max_examples=1500)
@given(st.lists(elements, max_size=14).map(b"".join), cuts)
@example(b"%1\r\n*0\r\n:1\r\n", [])  # a key that cannot be one
@example(b"%2\r\n:1\r\n>1\r\n:2\r\n:1\r\n#t\r\n", [])  # True is 1
@example(b"$1\r\naXX|1\r\n:1\r\n:2\r\n", [])  # what ends a value is not looked at
def test_every_stream_is_the_same_in_any_pieces(wire: bytes, cuts: list[int]) -> None:
    if re.search(rb"\d{5}", wire):  # hiredis allocates as many elements as are announced
        return
    assert_same(wire, cuts)


@settings(max_examples=1500)
@given(st.sampled_from([b":", b",", b"(", b"$", b"#"]), st.text("0123456789.eE+-infa_ x\t", max_size=8))
@example(b",", "1e-400")
@example(b",", "5e-324")
@example(b",", "2e-324")
@example(b",", "0e-999")
@example(b",", "1.7976931348623159e308")
@example(b",", "0" * 325)
@example(b",", "0" * 326)
@example(b",", "-0.0")
@example(b",", "-NaN")
@example(b":", "9223372036854775807")
@example(b":", "9223372036854775808")
@example(b":", "-9223372036854775808")
@example(b":", "-9223372036854775809")
@example(b":", "9" * 5000)
@example(b":", "-0")
@example(b"(", "9" * 5000)
@example(b"(", "--1")
@example(b"$", "9223372036854775807")
@example(b"$", "9223372036854775808")
@example(b"*", "4294967296")
@example(b"*", "-2")
def test_every_number_is_the_same(kind: bytes, text: str) -> None:
    wire = kind + text.encode() + b"\r\n"
    assert outcome(python_resp.Reader, [wire]) == outcome(hiredis.Reader, [wire])


@settings(max_examples=300)
@given(st.floats(allow_nan=False), st.integers(-(2**63), 2**63 - 1), st.binary(max_size=20))
def test_every_value_comes_back(number: float, integer: int, value: bytes) -> None:
    wire = b",%b\r\n:%d\r\n$%d\r\n%b\r\n" % (repr(number).encode(), integer, len(value), value)
    assert_same(wire, [len(value), 1])
    assert repr([(float, number), (int, integer), (bytes, value)]) == outcome(python_resp.Reader, [wire])


@settings(max_examples=100)
@given(st.binary(max_size=30), cuts)
def test_any_bytes_at_all(wire: bytes, cuts: list[int]) -> None:
    if not re.search(rb"[!]|\d{5}", wire):
        assert_same(wire, cuts)


def test_deep_nesting() -> None:
    assert_same(b"*1\r\n" * 200 + b":1\r\n", [3, 77])


def test_large_values_and_many_replies_in_pieces() -> None:
    value = bytes(range(256)) * 2000
    wire = (b"$%d\r\n%b\r\n" % (len(value), value) + b"*3\r\n:1\r\n:2\r\n+x\r\n" * 3000) * 3
    for size in (1000, 4099, 65536):
        pieces = [wire[at : at + size] for at in range(0, len(wire), size)]
        assert outcome(python_resp.Reader, pieces) == outcome(hiredis.Reader, [wire])


def test_blob_errors_which_hiredis_refuses() -> None:
    wire = b"*2\r\n!9\r\nERR a\r\nbc\r\n:1\r\n!-1\r\n"
    expected = repr([(list, [Failure("ERR a\r\nbc"), 1]), (type(None), None)])
    for size in range(1, len(wire) + 1):
        pieces = [wire[at : at + size] for at in range(0, len(wire), size)]
        assert outcome(python_resp.Reader, pieces) == expected


def test_pushes_are_of_the_same_class() -> None:
    assert python_resp.PushNotification is PushNotification is hiredis.PushNotification


def test_after_a_refusal_nothing_is_read_any_more() -> None:
    reader = python_resp.Reader(protocolError=Refused, replyError=Failure)
    reader.feed(b"+OK\r\nbad\r\n+OK\r\n")
    assert reader.gets() == b"OK"
    for _ in range(2):
        with pytest.raises(Refused):
            reader.gets()
        reader.feed(b"+more\r\n")


def test_consumed_bytes_are_not_kept() -> None:
    reader = python_resp.Reader(protocolError=Refused, replyError=Failure, notEnoughData=NO_REPLY)
    for _ in range(200):
        reader.feed(b"$1000\r\n" + bytes(1000) + b"\r\n:1\r")  # never empty in between
        while reader.gets() is not NO_REPLY:
            pass
        assert reader.len() == 3
        assert reader.has_data()
        reader.feed(b"\n")
        assert len(reader._buffer) < 200_000
    reader.gets()
    assert not reader.has_data()


words = st.one_of(
    st.binary(max_size=40),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.integers(),
    st.floats(allow_nan=True),
)


@given(st.lists(words, max_size=8).map(tuple))
def test_packs_what_hiredis_packs(words: tuple[Any, ...]) -> None:
    assert python_resp.pack_command(words) == hiredis.pack_command(words)


@pytest.mark.parametrize("word", [None, True, ["a"], {"a": 1}, bytearray(b"a"), object()])
def test_refuses_what_hiredis_refuses(word: Any) -> None:
    for pack in (hiredis.pack_command, python_resp.pack_command):
        with pytest.raises(TypeError):
            pack(("SET", word))
    with pytest.raises(UnicodeEncodeError):
        python_resp.pack_command(("SET", "\ud800"))


def test_parsers_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reader_named("auto") is reader_named("hiredis") is hiredis.Reader
    assert reader_named("python") is python_resp.Reader
    monkeypatch.setattr("multiplexer.core.wire.resp.hiredis", None)
    with pytest.raises(ConfigurationError, match="parser: hiredis"):
        reader_named("hiredis")


@pytest.mark.parametrize("kind", [b"*1\r\n", b"~1\r\n", b">1\r\n", b"%1\r\n:1\r\n"])
@pytest.mark.parametrize("end", [b"", b":1\r\n", b"*", b"*0\r\n", b"*1\r\n:1\r\n"])
def test_replies_may_be_nested_as_deeply(kind: bytes, end: bytes) -> None:
    def kinds(parser: Callable[..., Any], wire: bytes) -> object:
        reader = parser(protocolError=Refused, replyError=Failure, notEnoughData=NO_REPLY)
        reader.feed(wire, 0, len(wire))
        try:
            return type(reader.gets())
        except (Refused, TypeError) as error:
            return type(error)

    for depth in (1023, 1024, 1025):
        wire = kind * depth + end
        assert kinds(python_resp.Reader, wire) is kinds(hiredis.Reader, wire), depth
