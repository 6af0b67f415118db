"""RESP on the wire: what is packed, and what is made of any bytes that arrive."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import hiredis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multiplexer.core.wire import python_resp
from multiplexer.core.wire.resp import LARGE, NO_REPLY, PushNotification, RespReader, decode, is_large, pack
from multiplexer.errors import DataError, ProtocolError, ResponseError, WrongTypeError

# -- packing ---------------------------------------------------------------------------------------------------

supported = st.one_of(
    st.binary(max_size=40),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.integers(-(2**63), 2**64),
    st.floats(allow_nan=True),
)


@given(st.lists(supported, min_size=1, max_size=8))
def test_packs_what_hiredis_packs(words: list[Any]) -> None:
    # hiredis takes no integers beyond 64 bits and writes them all the same as str().
    assert pack(words) == hiredis.pack_command(tuple(words))


@given(
    st.lists(
        st.one_of(supported, st.sampled_from([LARGE - 1, LARGE, LARGE + 1, 3 * LARGE]).map(lambda size: b"x" * size)),
        min_size=1,
        max_size=6,
    )
)
def test_large_words_travel_as_they_are(words: list[Any]) -> None:
    packed = pack(words)
    large = [word for word in words if isinstance(word, bytes) and len(word) >= LARGE]
    assert is_large(words) is bool(large)
    if not large:
        assert isinstance(packed, bytes)
        return
    assert isinstance(packed, tuple)
    assert b"".join(packed) == hiredis.pack_command(tuple(words))
    positions = iter(packed)
    for word in large:  # the very objects, uncopied and in order
        assert any(part is word for part in positions)


def test_a_large_text_is_encoded_once_and_sent_as_a_part() -> None:
    text = "é" * LARGE
    packed = pack(("SET", "key", text))
    assert isinstance(packed, tuple)
    assert packed[1] == text.encode()
    assert b"".join(packed) == hiredis.pack_command(("SET", "key", text))


@pytest.mark.parametrize("make", [bytearray, memoryview])
def test_a_buffer_is_copied_because_its_owner_may_change_it(make: type) -> None:
    owned = bytearray(b"before")
    packed = pack(("SET", "key", make(owned)))
    owned[:] = b"after!"
    assert packed == hiredis.pack_command(("SET", "key", b"before"))


def test_takes_numbers_of_any_size_and_subclasses() -> None:
    class Words(str):
        __slots__ = ()

    class Number(int):
        pass

    assert pack(("SET", Words("key"), 2**100)) == hiredis.pack_command(("SET", "key", str(2**100)))
    assert pack(("SET", "key", Number(7))) == hiredis.pack_command(("SET", "key", 7))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("SET", "key", None), "SET: argument 2 is of type NoneType"),
        (("SET", "key", True), "SET: argument 2 is a bool"),
        (("SET", "key", ["a"]), "SET: argument 2 is of type list"),
        (("SET", "key", {"a": 1}), "SET: argument 2 is of type dict"),
        (("SET", object(), "value"), "SET: argument 1 is of type object"),
        (("SET", "key", "\ud800"), "SET: argument 2 is not valid text"),
        ((b"SET", None), "SET: argument 1 is of type NoneType"),
    ],
)
def test_what_cannot_be_sent_is_named_with_its_place(words: tuple[Any, ...], message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        pack(words)
    assert caught.value.command == "SET"
    assert caught.value.was_sent is False


# -- decoding --------------------------------------------------------------------------------------------------


def test_decode_goes_through_everything() -> None:
    reply = [b"a", 1, None, 1.5, True, [b"b", [b"c"]], {b"k": b"v", 1: [b"x"]}]
    assert decode(reply) == ["a", 1, None, 1.5, True, ["b", ["c"]], {"k": "v", 1: ["x"]}]
    with pytest.raises(UnicodeDecodeError):
        decode([b"\xff"])


def test_decode_leaves_errors_alone() -> None:
    error = ResponseError("ERR no")
    assert decode([error]) == [error]


# -- reading ---------------------------------------------------------------------------------------------------


def read(pieces: Iterable[bytes]) -> list[Any]:
    """Read replies as a connection does, from bytes that arrive in these pieces; with either parser the same."""
    pieces = list(pieces)
    outcomes = [_read(RespReader(parser), pieces) for parser in (hiredis.Reader, python_resp.Reader)]
    assert repr(outcomes[0]) == repr(outcomes[1])
    replies, error = outcomes[0]
    if error is not None:
        raise error
    return replies


def _read(reader: RespReader, pieces: list[bytes]) -> tuple[list[Any], Refusal | None]:
    replies: list[Any] = []
    try:
        _read_into(replies, reader, pieces)
    except ProtocolError:
        return replies, Refusal()
    return replies, None


class Refusal(ProtocolError):
    """Stands for a refusal in whatever words."""


def _read_into(replies: list[Any], reader: RespReader, pieces: list[bytes]) -> None:

    def take() -> None:
        while (reply := reader.gets()) is not NO_REPLY:
            replies.append(reply)

    for data in pieces:
        if reader.may_hold_attributes(data, len(data)):
            for piece in reader.without_attributes(data, len(data)):
                reader.feed(piece, 0, len(piece))
                take()
        else:
            reader.feed(data, 0, len(data))
            take()
        reader.line_ended = data.endswith(b"\n")


def bulk(value: bytes) -> bytes:
    return b"$%d\r\n%s\r\n" % (len(value), value)


#: Values that look like what separates values.
tricky = st.lists(
    st.sampled_from([b"|", b"\n", b"\r\n", b"\n|", b"\r\n|1\r\n", b"$", b"*", b"+x\r\n", b"a", b"%2\r\n"]), max_size=6
).map(b"".join)

scalars = st.one_of(
    tricky.map(lambda value: (bulk(value), value)),
    st.integers(-(2**63), 2**63 - 1).map(lambda number: (b":%d\r\n" % number, number)),
    st.sampled_from(
        [
            (b"+OK\r\n", b"OK"),
            (b"+a|b\r\n", b"a|b"),
            (b"+|1\r\n", b"|1"),
            (b"$-1\r\n", None),
            (b"_\r\n", None),
            (b"#t\r\n", True),
            (b"#f\r\n", False),
            (b",1.5\r\n", 1.5),
            (b"*0\r\n", []),
            (b"=7\r\ntxt:|x\n\r\n", b"|x\n"),
        ]
    ),
)


def aggregate(children: Any) -> Any:
    arrays = st.lists(children, max_size=3).map(
        lambda items: (b"*%d\r\n" % len(items) + b"".join(wire for wire, _ in items), [value for _, value in items])
    )
    maps = st.lists(children, max_size=2).map(
        lambda items: (
            b"%%%d\r\n" % len(items) + b"".join(b":%d\r\n" % n + wire for n, (wire, _) in enumerate(items)),
            {n: value for n, (_, value) in enumerate(items)},
        )
    )
    return arrays | maps


replies = st.recursive(scalars, aggregate, max_leaves=6)


def with_attribute(pair: tuple[tuple[bytes, Any], tuple[bytes, Any] | None]) -> tuple[bytes, Any]:
    (wire, value), attribute = pair
    return (wire if attribute is None else b"|1\r\n" + bulk(b"about") + attribute[0] + wire), value


#: Replies, some with an attribute before them, whose value may be nested.
annotated = st.tuples(replies, st.none() | replies).map(with_attribute)


@given(st.lists(annotated, min_size=1, max_size=4), st.data())
def test_replies_cut_anywhere_are_the_same_and_attributes_vanish(items: list[Any], data: st.DataObject) -> None:
    wire = b"".join(wire for wire, _ in items)
    expected = [value for _, value in items]
    assert read([wire]) == expected
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=6)))
    edges = [0, *cuts, len(wire)]
    assert read(wire[a:b] for a, b in pairwise(edges) if b > a) == expected


@pytest.mark.parametrize(
    "wire",
    [
        b"|1\r\n+ttl\r\n:3600\r\n$5\r\nhello\r\n",
        b"|1\r\n+popularity\r\n%2\r\n$1\r\na\r\n,0.19\r\n$1\r\nb\r\n,0.01\r\n*2\r\n:1\r\n:2\r\n",
        b"*3\r\n:1\r\n|1\r\n+ttl\r\n:3600\r\n:2\r\n:3\r\n",  # in the middle of an array
        b"|1\r\n+a\r\n|1\r\n+inner\r\n:1\r\n:2\r\n+OK\r\n",  # an attribute of an attribute's value
        b"|0\r\n+OK\r\n",
        b"+|1 is a status\r\n-|2 is an error\r\n+$3\r\n|1\r\n+a\r\n:1\r\n:5\r\n",
        b"+OK\r\n|1\r\n+a\r\n*2\r\n$-1\r\n$3\r\n|x|\r\n+OK\r\n",
        b"$8\r\n\n|1\r\n+a\r\r\n",
        b"$20\r\n\r\n|1\r\n+key\r\n+value\r\n\r\n",
        bulk(b"x" * (LARGE + 5) + b"\n|1\r\n+a\r\n:1\r\n") + b"|1\r\n+a\r\n:1\r\n:5\r\n",
    ],
)
def test_cut_at_every_position(wire: bytes) -> None:
    whole = repr(read([wire]))
    assert whole != "[]"
    step = max(len(wire) // 300, 1)
    for cut in range(1, len(wire), step):
        assert repr(read([wire[:cut], wire[cut:]])) == whole, cut
    if len(wire) < 200:
        assert repr(read(wire[at : at + 1] for at in range(len(wire)))) == whole


def test_large_values_are_not_searched_for_attributes() -> None:
    """A value that arrives in many reads and holds what looks like attributes is left alone."""
    value = b"\r\n|1\r\n+a\r\n:1\r\n" * 40_000
    wire = bulk(value) + b":7\r\n"
    for size in (1000, LARGE, LARGE + 1, 65536):
        pieces = [wire[at : at + size] for at in range(0, len(wire), size)]
        assert read(pieces) == [value, 7]


@pytest.mark.parametrize(
    "wire",
    [b"hello\r\n", b"|x\r\n", b"|-5\r\n", b"|1\r\n%?\r\n", b"$abc\r\n", b"|1_0\r\n+a\r\n", b"*2\r\n?\r\n", b"|\r\n"],
)
def test_what_is_not_resp_is_an_error(wire: bytes) -> None:
    with pytest.raises(ProtocolError):
        read([wire])


def test_errors_are_of_the_class_of_their_code() -> None:
    first, second = read([b"-WRONGTYPE Operation\r\n-ERR text\r\n"])
    assert type(first) is WrongTypeError
    assert str(first) == "WRONGTYPE Operation"
    assert type(second) is ResponseError
    (nested,) = read([b"*2\r\n:1\r\n-ERR inner\r\n"])
    assert nested[0] == 1
    assert str(nested[1]) == "ERR inner"


def test_pushes_can_be_told_from_replies() -> None:
    push, reply = read([b">2\r\n+message\r\n+x\r\n*2\r\n+message\r\n+x\r\n"])
    assert type(push) is PushNotification
    assert type(reply) is list


@pytest.mark.parametrize("parser", [hiredis.Reader, python_resp.Reader])
def test_knows_how_much_of_an_unfinished_reply_is_there(parser: Callable[..., Any]) -> None:
    reader = RespReader(parser)
    assert reader.unfinished_bytes() == 0
    reader.feed(b"$100\r\nabc", 0, 9)
    assert reader.gets() is NO_REPLY
    assert reader.unfinished_bytes() == 9
    assert list(RespReader(parser).without_attributes(b"|1\r\n+a", 6)) == []


def test_nothing_is_kept_of_an_attribute_that_does_not_end() -> None:
    """Nor is what has come gone through again with each read."""
    reader = RespReader()
    begin = b"|4294967295\r\n+about\r\n"
    _read_into([], reader, [begin])
    chunk = b"$1024\r\n" + b"x" * 1024 + b"\r\n" + b"|1\r\n+a\r\n"  # an attribute of an attribute's value
    tracemalloc.start()
    try:
        for _ in range(64):
            _read_into([], reader, [chunk * 64])
        assert tracemalloc.get_traced_memory()[1] < 4 * len(chunk * 64)
    finally:
        tracemalloc.stop()
    assert reader.unfinished_bytes() == len(begin) + 64 * 64 * len(chunk)


def test_an_attribute_of_one_endless_line_is_an_error() -> None:
    with pytest.raises(ProtocolError, match="endless line"):
        _read_into([], RespReader(), [b"|1\r\n+", *[b"x" * 1000] * 100])
