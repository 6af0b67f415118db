"""Which slot a key belongs to, and where a command with several keys goes."""

from __future__ import annotations

import crcmod.predefined
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from multiplexer.core.commands.command_table import find_command
from multiplexer.core.commands.hash_slots import NO_SLOT, slot_of, slot_of_command
from multiplexer.errors import ClusterCrossSlotError

_oracle = crcmod.predefined.mkPredefinedCrcFun("xmodem")


def _slot_by_the_book(key: bytes) -> int:
    """The cluster specification's own words: what stands between the first { and the first } after it."""
    _, brace, rest = key.partition(b"{")
    tag, closing, _after = rest.partition(b"}")
    return int(_oracle(tag if brace and closing and tag else key)) % 16384


@given(st.binary(max_size=60))
@example(b"123456789")
@example(b"{user1000}.following")
@example(b"foo{}{bar}")
@example(b"foo{{bar}}zap")
@example(b"foo{bar}{zap}")
@example(b"}{")
@example(b"a{b")
def test_a_slot_is_what_an_independent_checksum_says(key: bytes) -> None:
    assert slot_of(key) == _slot_by_the_book(key)


@given(st.lists(st.sampled_from([b"{", b"}", b"a", b"b"])))
def test_hash_tags_in_every_combination(parts: list[bytes]) -> None:
    key = b"".join(parts)
    assert slot_of(key) == _slot_by_the_book(key)


def test_known_slots() -> None:
    assert slot_of(b"123456789") == 0x31C3
    assert slot_of(b"foo") == 12182
    assert slot_of(b"foo{hash_tag}") == slot_of(b"bar{hash_tag}") == 2515


@pytest.mark.parametrize(
    ("words", "slot"),
    [
        (("PING",), NO_SLOT),
        (("DBSIZE",), NO_SLOT),
        (("GET", "foo"), 12182),
        (("GET", bytearray(b"foo")), 12182),
        (("GET", memoryview(b"foo")), 12182),
        (("GET", 12), slot_of(b"12")),
        (("MGET", "{a}1", "{a}2"), slot_of(b"a")),
        (("MSET", "{a}1", "x", "{a}2", "y"), slot_of(b"a")),
        (("EVAL", "return 1", 0), NO_SLOT),
        (("EVAL", "return 1", "1", "foo", "not-a-key"), 12182),
        (("XREAD", "COUNT", 2, "STREAMS", "{a}1", "{a}2", "0", "0"), slot_of(b"a")),
        (("SPUBLISH", "foo", "message"), 12182),
        (("PUBLISH", "foo", "message"), NO_SLOT),
        (("GET",), NO_SLOT),
    ],
)
def test_the_slot_of_a_command(words: tuple[object, ...], slot: int) -> None:
    assert slot_of_command(find_command(words), words) == slot  # type: ignore[arg-type]


def test_a_prefix_counts_as_part_of_every_key_and_shard_channel() -> None:
    words = ("MGET", "a", "b")
    assert slot_of_command(find_command(words), words, b"{t}:") == slot_of(b"t")
    assert slot_of_command(find_command(("GET", "a")), ("GET", "a"), b"p:") == slot_of(b"p:a")
    channel = ("SPUBLISH", "foo", "message")
    assert slot_of_command(find_command(channel), channel, b"{foo}:") == 12182


def test_keys_in_several_slots_are_refused_by_name() -> None:
    words = ("MGET", "{a}1", "foo")
    with pytest.raises(ClusterCrossSlotError, match=r"MGET was not sent.*'\{a\}1' in 15495, 'foo' in 12182") as caught:
        slot_of_command(find_command(words), words)
    assert caught.value.command == "MGET"
    assert not caught.value.was_sent
