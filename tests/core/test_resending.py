"""Sending once more: what counts as an attempt, and where to."""

from __future__ import annotations

import pytest

from multiplexer.core.commands.command_table import COMMANDS
from multiplexer.core.connection_counters import ConnectionCounters
from multiplexer.core.message import QUEUED, WRITTEN
from multiplexer.core.resending import _STAND_IN, Resend, commands_of, words_of
from multiplexer.core.wire.resp import LARGE, pack

from .engine import Remembering, RememberingUnit


@pytest.mark.parametrize(("counts", "attempts"), [(True, 3), (False, 2)])
def test_only_what_was_refused_counts_as_an_attempt(counts: bool, attempts: int) -> None:
    message, counters = Remembering("GET", "k"), ConnectionCounters("interactive")
    message.phase, message.attempts = WRITTEN, 2
    Resend(0.0, counts=counts).prepare(message, counters)
    assert (message.phase, message.attempts) == (QUEUED, attempts)
    assert counters.retried == 1


def test_a_message_is_read_as_the_commands_it_holds() -> None:
    one = Remembering("GET", "k")
    assert commands_of(one.command, one.payload) == [(COMMANDS["GET"], [b"GET", b"k"])]
    unit = RememberingUnit(("SET", "k", "v"), ("GET", "k"))
    assert commands_of(unit.command, unit.payload) == [
        (COMMANDS["SET"], [b"SET", b"k", b"v"]),
        (COMMANDS["GET"], [b"GET", b"k"]),
    ]


def test_the_entry_of_a_single_command_is_the_messages_own() -> None:
    """Words that say another name than the table's, as where a command is renamed, are no reason to look it up."""
    renamed = Remembering("RENAMED", "k")
    assert commands_of(COMMANDS["GET"], renamed.payload) == [(COMMANDS["GET"], [b"RENAMED", b"k"])]


SMALL, ONE, OTHER = b"x" * (LARGE - 1), b"1" * LARGE, b"2" * LARGE


@pytest.mark.parametrize(
    "words",
    [
        (b"SET", b"k", ONE),
        (b"SET", ONE, b""),
        (b"MSET", b"a", ONE, b"b", SMALL, b"c", OTHER, b"d", b""),
        (b"MSET", b"a", ONE, b"b", ONE),
    ],
)
def test_large_values_are_read_back_without_being_copied(words: tuple[bytes, ...]) -> None:
    [found] = words_of(pack(words))
    assert tuple(found) == words
    assert all(one is other for one, other in zip(found, words, strict=True) if len(other) >= LARGE)


def test_commands_around_large_values() -> None:
    parts = [pack((b"SET", b"a", b"1")), *pack((b"SET", b"b", ONE)), pack((b"GET", b"a")), *pack((b"SET", b"c", OTHER))]
    assert words_of(tuple(parts)) == [[b"SET", b"a", b"1"], [b"SET", b"b", ONE], [b"GET", b"a"], [b"SET", b"c", OTHER]]


@pytest.mark.parametrize(
    "words",
    [
        (b"MSET", b"a", ONE, b"b", _STAND_IN),  # the very text that stands for a large value
        (b"MSET", _STAND_IN, ONE, b"b", OTHER),
    ],
)
def test_what_stands_for_a_large_value_may_be_one(words: tuple[bytes, ...]) -> None:
    assert words_of(pack(words)) == [list(words)]


def test_what_only_looks_like_the_beginning_of_a_large_value() -> None:
    second = pack((b"SET", b"b", SMALL))
    assert isinstance(second, tuple | bytes)
    whole = b"".join(second) if isinstance(second, tuple) else second
    header = b"$%d\r\n" % len(whole)
    first = b"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$%d\r\nx%b" % (len(header) - 1, header)  # its value ends so
    assert words_of((first, whole)) == [[b"SET", b"a", b"x" + header[:-2]], [b"SET", b"b", SMALL]]
