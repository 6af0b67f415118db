"""The codecs by themselves: what they make of values, and what they refuse."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pytest
import zstandard
from pydantic_core import PydanticSerializationError

from multiplexer import codecs
from multiplexer.codecs import (
    BytesCodec,
    Codec,
    JsonCodec,
    MsgspecCodec,
    PydanticCodec,
    TextCodec,
    UnsafePickleCodec,
    ZstdCodec,
)
from multiplexer.errors import ConfigurationError


@dataclass
class Address:
    street: str
    number: int | None = None


@dataclass(slots=True)
class User:
    name: str
    height: float
    home: Address
    tags: list[str] = field(default_factory=list)
    friends: list[User] = field(default_factory=list)
    kind: Literal["admin", "guest"] = "guest"
    seen: tuple[int, ...] = ()
    computed: int = field(init=False, default=7)


class Options(TypedDict):
    first: int
    second: NotRequired[tuple[int, str]]


USER = User("Ä", 1.5, Address("x", None), ["t"], [User("b", 2.0, Address("y", 2))], "admin", (1, 2))


@pytest.mark.parametrize(
    ("codec", "value"),
    [
        (JsonCodec(User), USER),
        (JsonCodec(list[User]), [USER]),
        (JsonCodec(dict[str, Address | None]), {"a": Address("x"), "b": None}),
        (JsonCodec(Options), {"first": 1}),
        (JsonCodec(Options), {"first": 1, "second": (2, "x")}),
        (JsonCodec(tuple[int, str]), (1, "x")),
        (JsonCodec(dict), {"a": [1, None]}),
        (JsonCodec(list), [1, "x"]),
        (JsonCodec(bool), True),
        (JsonCodec(float), 1.0),
        (JsonCodec(), "text"),
        (PydanticCodec(User), USER),
        (MsgspecCodec(User), USER),
        (UnsafePickleCodec(), USER),
        (UnsafePickleCodec(2), USER),
    ],
)
def test_round_trips(codec: Codec[Any], value: Any) -> None:
    data = codec.encode(value)
    assert isinstance(data, bytes)
    found = codec.decode(data)
    assert found == value
    assert type(found) is type(value)


def test_json_is_compact_and_utf_8() -> None:
    assert JsonCodec().encode({"ä": [1, Address("x")]}) == '{"ä":[1,{"street":"x","number":null}]}'.encode()


def test_json_passes_over_what_it_does_not_know_and_fills_in_defaults() -> None:
    assert JsonCodec(Address).decode(b'{"street": "x", "new": 1}') == Address("x")
    assert JsonCodec(Options).decode(b'{"first": 1, "new": 1}') == {"first": 1}
    assert JsonCodec(float).decode(b"1") == 1.0
    assert JsonCodec(Annotated[int, "positive"]).decode(b"1") == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "data", "why"),
    [
        (Address, b"{}", "Address.street is missing"),
        (Address, b"[]", "expected Address, got list"),
        (Address, b'{"street": 5}', "Address.street: expected str, got int"),
        (Address, b'{"street": "x", "number": "y"}', "Address.number: expected one of several types, got str"),
        (Options, b'{"second": [1, "x"]}', "Options.first is missing"),
        (Options, b'{"first": 1, "second": [1]}', "Options.second: expected 2 elements, got 1"),
        (list[int], b"[true]", "expected int, got bool"),
        (int, b"1.0", "expected int, got float"),
        (Literal["a", "b"], b'"c"', "none of the values that may be"),
        (Literal[1], b"true", "none of the values that may be"),
        (Literal["a"], b"[]", "none of the values that may be"),
        (None, b"0", "expected None, got int"),
        (dict[str, int], b'{"a": null}', "expected int, got NoneType"),
    ],
)
def test_json_of_another_type(wanted: Any, data: bytes, why: str) -> None:
    with pytest.raises(TypeError) as raised:
        JsonCodec(wanted).decode(data)
    assert str(raised.value) == why


@pytest.mark.parametrize("data", [b"", b"{", b"NaN", b"[Infinity]", b'"\xff"', b"1 2"])
def test_what_is_no_json(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        JsonCodec().decode(data)


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        (User, Address("x")),
        (User, {"name": "x"}),
        (Address, Address(5)),  # type: ignore[arg-type]
        (list[int], [1, "x"]),
        (tuple[int, str], (1,)),
        (tuple[int, str], [1, "x"]),
        (dict[str, int], {1: 1}),
        (Options, {"second": (1, "x")}),
        (int, True),
        (int | str, 1.5),
        (Any, {1, 2}),
        (Any, Address),
        (Any, float("nan")),
        (Any, "\ud800"),
    ],
)
def test_json_refuses_what_it_could_not_read_again(wanted: Any, value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        JsonCodec(wanted).encode(value)


@pytest.mark.parametrize(
    ("wanted", "named"),
    [(set[int], r"set\[int\]"), (bytes, "bytes"), (dict[int, str], "dict"), (list[complex], "complex")],
)
def test_json_refuses_types(wanted: Any, named: str) -> None:
    with pytest.raises(ConfigurationError, match=f"JsonCodec: {named}"):
        JsonCodec(wanted)


def test_text_and_bytes_refuse_each_other() -> None:
    nothing: Any = 5
    with pytest.raises(TypeError, match="expected str, got int"):
        TextCodec().encode(nothing)
    with pytest.raises(TypeError, match="expected bytes, got int"):
        BytesCodec().encode(nothing)
    with pytest.raises(UnicodeDecodeError):
        TextCodec().decode(b"\xff")


def test_pydantic_refuses_other_types() -> None:
    wrong: Any = Address("x")
    with pytest.raises(PydanticSerializationError):
        PydanticCodec(User).encode(wrong)
    with pytest.raises(ValueError, match="street"):
        PydanticCodec(Address).decode(b"{}")


def test_arguments_are_checked() -> None:
    anything: Any = None
    for make, named in (
        (lambda: MsgspecCodec(int, format=anything), "format"),
        (lambda: UnsafePickleCodec(99), "protocol"),
        (lambda: UnsafePickleCodec(True), "protocol"),
        (lambda: ZstdCodec(anything), "inner"),
        (lambda: ZstdCodec(TextCodec(), level=23), "level"),
        (lambda: ZstdCodec(TextCodec(), level=anything), "level"),
        (lambda: ZstdCodec(TextCodec(), min_size=-1), "min_size"),
        (lambda: ZstdCodec(TextCodec(), max_size=0), "max_size"),
    ):
        with pytest.raises(ConfigurationError, match=named):
            make()


# -- compression -------------------------------------------------------------------------------------------


def test_what_grows_stays_as_it_is() -> None:
    codec = ZstdCodec(BytesCodec())
    assert codec.encode(b"short") == b"short"
    noise = bytes(range(256))
    assert codec.encode(noise) == noise
    assert len(codec.encode(b"x" * 1000)) < 100
    assert codec.decode(b"x" * 1000) == b"x" * 1000  # written before it was compressed


@pytest.mark.parametrize("rest", [b"", b"short", b"x" * 1000])
def test_what_looks_compressed_is_compressed(rest: bytes) -> None:
    codec = ZstdCodec(BytesCodec())
    value = b"\x28\xb5\x2f\xfd" + rest
    assert codec.encode(value) != value
    assert codec.decode(codec.encode(value)) == value


def _stream(size: int) -> bytes:
    """Return what somebody compressed without saying how large it is."""
    compressor = zstandard.ZstdCompressor().compressobj()
    return compressor.compress(bytes(size)) + compressor.flush()


def test_a_bomb_is_refused_before_any_room_is_made_for_it() -> None:
    codec = ZstdCodec(BytesCodec(), max_size=1000)
    assert codec.decode(_stream(1000)) == codec.decode(zstandard.compress(bytes(1000))) == bytes(1000)
    with pytest.raises(ValueError, match="more bytes than max_size"):
        codec.decode(zstandard.compress(bytes(1001)))
    with pytest.raises(ValueError, match="more bytes than max_size"):
        codec.decode(_stream(10_000_000))
    claim = bytearray(zstandard.compress(bytes(2**20)))
    claim[5:9] = b"\xff\xff\xff\xff"  # the size in the header: gigabytes
    with pytest.raises(ValueError, match="more bytes than max_size"):
        ZstdCodec(BytesCodec()).decode(bytes(claim))


@pytest.mark.parametrize("whole", [zstandard.compress(b"x" * 1000), _stream(1000)])
def test_what_is_damaged(whole: bytes) -> None:
    codec = ZstdCodec(BytesCodec())
    for data in (whole[:-3], whole[:6], whole[:4]):
        with pytest.raises(ValueError, match="damaged"):
            codec.decode(data)


def test_what_is_damaged_at_its_end() -> None:
    with pytest.raises(ValueError, match="damaged"):
        ZstdCodec(BytesCodec()).decode(zstandard.compress(b"x" * 1000) + b"more")


def test_many_threads_compress_at_the_same_time() -> None:
    codec = ZstdCodec(TextCodec())
    texts = [str(number) * 2000 for number in range(8)]
    wrong: list[str] = []

    def work(text: str) -> None:
        for _ in range(200):
            if codec.decode(codec.encode(text)) != text:
                wrong.append(text)

    threads = [threading.Thread(target=work, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# -- imports -----------------------------------------------------------------------------------------------


def test_nothing_is_imported_before_it_is_used() -> None:
    program = """
import sys
import multiplexer, multiplexer.asyncio
assert not [name for name in sys.modules if name.startswith(("multiplexer.codecs", "multiplexer.core.coding.rules"))]
from multiplexer.codecs import JsonCodec, Codec
JsonCodec(int)
heavy = ("pydantic", "msgspec", "zstandard", "pickle", "multiplexer.codecs.zstd")
assert not [name for name in heavy if name in sys.modules], "imported"
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_every_name_is_there() -> None:
    assert all(hasattr(codecs, name) for name in codecs.__all__)
    assert set(codecs.__all__) <= set(dir(codecs))
